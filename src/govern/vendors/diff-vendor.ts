import { cellOf, type Cell } from './compare-vendors.ts';
import { questions } from './question.ts';
import type { VendorFile } from './vendor-file.ts';

/** What became of one question between two dates. */
export interface AnswerChange {
  question: string;
  ask: string;
  /** `answer`: somebody answered anew; `grade`: only what stands behind it changed (a probe, a review, time). */
  kind: 'answer' | 'grade';
  before: Cell;
  after: Cell;
}

/** Questions whose answer or grade changed between two times, in the order of the questions. */
export function diffVendor(file: VendorFile, fromMs: number, toMs: number): AnswerChange[] {
  return questions.flatMap((question): AnswerChange[] => {
    const before = cellOf(question, file, fromMs);
    const after = cellOf(question, file, toMs);
    const isAnswer = said(before) !== said(after);
    if (!isAnswer && before.grade === after.grade && before.reason === after.reason) return [];
    const kind = isAnswer ? 'answer' : 'grade';
    return [{ question: question.id, ask: question.ask, kind, before, after }];
  });
}

/** What was said, whenever and by whom. */
const said = ({ answer }: Cell): string =>
  answer === null ? '' : JSON.stringify([answer.value, answer.text, answer.document]);

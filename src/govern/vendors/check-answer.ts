import { fail, ok, type Result } from '../../records/errors.ts';
import { findQuestion } from './question.ts';
import type { AnswerInput } from './vendor-records.ts';

/** What a schema cannot say: the question exists, the value is of its kind, and something is said at all. */
export function checkAnswer(answer: AnswerInput): Result<AnswerInput> {
  const question = findQuestion(answer.question);
  const { value } = answer;
  if (question === null) {
    return refuse('question', `"${answer.question.slice(0, 60)}" is not a question`);
  }
  const { kind } = question.answer;
  if (value !== null) {
    const isRight =
      kind === 'number'
        ? typeof value === 'number'
        : kind === 'yes-no' && typeof value === 'string';
    if (!isRight) return refuse('value', `${question.id} takes ${TAKES[kind]}`);
  }
  if (value === null && answer.text.trim() === '' && answer.document === null) {
    return refuse('text', `${question.id} is empty: give a value, words or a document`);
  }
  const { document } = answer;
  if (document !== null && document.link === null && document.sha256 === null) {
    return refuse('link', `${question.id}: the document has neither a link nor an uploaded file`);
  }
  if (document?.validUntil != null && document.validUntil < document.date) {
    return refuse('validUntil', `${question.id}: the document ends before its date`);
  }
  return ok(answer);
}

const TAKES = { text: 'words, no value', number: 'a number', 'yes-no': 'yes or no' } as const;

const refuse = (field: string, message: string): Result<never> =>
  fail('TR_VENDOR_INVALID', message, { field });

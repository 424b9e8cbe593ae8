import { readValue } from '../../govern/vendors/answers-csv.ts';
import { checkAnswer } from '../../govern/vendors/check-answer.ts';
import { questions, type Question } from '../../govern/vendors/question.ts';
import { answerInput, type AnswerInput } from '../../govern/vendors/vendor-records.ts';
import { fail, type Result } from '../../records/errors.ts';

/** Fields of one question on the page, as text. */
export const fillInFields = ['value', 'text', 'title', 'link', 'sha256', 'date', 'until'] as const;
export type FillInField = (typeof fillInFields)[number];
export type Said = Readonly<Record<FillInField, string>>;

export const fieldName = (question: string, field: FillInField): string => `${question}/${field}`;

/** What came through the page: answers that are right, and for the others what was typed with what is wrong. */
export interface FillIn {
  answers: AnswerInput[];
  problems: Map<string, string>;
  said: Map<string, Said>;
}

/** Reads the posted fields. Questions left blank are left out; unknown fields are ignored. */
export function readFillIn(form: URLSearchParams): FillIn {
  const read: FillIn = { answers: [], problems: new Map(), said: new Map() };
  for (const question of questions) {
    const said = saidOf(form, question.id);
    if (Object.values(said).every((text) => text === '')) continue;
    read.said.set(question.id, said);
    const answer = answerOf(question, said);
    if (answer.ok) read.answers.push(answer.value);
    else read.problems.set(question.id, answer.error.message);
  }
  return read;
}

function saidOf(form: URLSearchParams, question: string): Said {
  const of = (field: FillInField): string => (form.get(fieldName(question, field)) ?? '').trim();
  return {
    value: of('value'),
    // Forms send line breaks as CR LF (WHATWG HTML, 4.10.21.6).
    text: of('text').replaceAll('\r\n', '\n'),
    title: of('title'),
    link: of('link'),
    sha256: of('sha256'),
    date: of('date'),
    until: of('until'),
  };
}

export function answerOf(question: Question, said: Said): Result<AnswerInput> {
  const value = readValue(question, said.value);
  if (!value.ok) return value;
  const { title, link, sha256, date, until } = said;
  const hasDocument = [title, link, sha256, date, until].some((text) => text !== '');
  const parsed = answerInput.safeParse({
    question: question.id,
    value: value.value,
    text: said.text,
    document: hasDocument
      ? {
          title,
          link: link === '' ? null : link,
          sha256: sha256 === '' ? null : sha256,
          date,
          validUntil: until === '' ? null : until,
        }
      : null,
  });
  if (parsed.success) return checkAnswer(parsed.data);
  const issue = parsed.error.issues[0];
  const field = String(issue?.path.at(-1) ?? 'answer');
  return fail('TR_VENDOR_INVALID', `${LABELS[field] ?? field}: ${issue?.message ?? 'not valid'}`, {
    field,
  });
}

const LABELS: Readonly<Record<string, string>> = {
  title: 'title of the document',
  link: 'link to the document',
  date: 'date of the document',
  validUntil: 'end of the document',
  text: 'answer',
};

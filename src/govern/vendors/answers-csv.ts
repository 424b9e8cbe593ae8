import { parse, CsvError } from 'csv-parse/sync';
import { nearest } from '../../config/nearest.ts';
import { fail, ok, type Result } from '../../records/errors.ts';
import { csvText, unguardCell } from './csv-text.ts';
import { findQuestion, questions, type Question } from './question.ts';
import { answerInput, type Answer, type AnswerInput } from './vendor-records.ts';
import { checkAnswer } from './check-answer.ts';

/** Columns that are read; the rest explain the row to whoever fills it in. */
const READ = [
  'question',
  'value',
  'answer',
  'document_title',
  'document_link',
  'document_sha256',
  'document_date',
  'document_valid_until',
] as const;
const EXPLAIN = ['layer', 'topic', 'ask', 'why', 'good_answer', 'kind', 'unit'] as const;
const COLUMNS: readonly string[] = [...READ, ...EXPLAIN];

/** Largest file that is read. */
export const CSV_LIMITS = { bytes: 2_097_152, rows: 1_000 } as const;

/**
 * The questionnaire as CSV, one row a question, with the answers so far (the last of each question).
 * `audience` says whose wording is asked. `importAnswers` reads it back to the same answers.
 */
export function exportAnswers(answers: readonly Answer[], audience: 'vendor' | 'team'): string {
  const last = new Map(answers.map((one) => [one.question, one]));
  return csvText([
    COLUMNS,
    ...questions.map((question) => rowOf(question, last.get(question.id) ?? null, audience)),
  ]);
}

function rowOf(question: Question, answer: Answer | null, audience: 'vendor' | 'team'): string[] {
  const { layer, topic, ask, askTeam, why, good, answer: form } = question;
  const document = answer?.document ?? null;
  return [
    question.id,
    answer?.value == null ? '' : String(answer.value),
    answer?.text ?? '',
    document?.title ?? '',
    document?.link ?? '',
    document?.sha256 ?? '',
    document?.date ?? '',
    document?.validUntil ?? '',
    layer,
    topic,
    audience === 'team' ? askTeam : ask,
    why,
    good,
    form.kind,
    form.unit ?? '',
  ];
}

/**
 * Reads a filled-in questionnaire. Rows without value, answer and document are questions left open and are
 * skipped. TR_VENDOR_INVALID names line and column of the first problem; then nothing is taken.
 */
export function importAnswers(text: string): Result<AnswerInput[]> {
  if (Buffer.byteLength(text) > CSV_LIMITS.bytes) {
    return refuse(`is larger than ${CSV_LIMITS.bytes} bytes`, null, null);
  }
  const records = parseRows(text);
  if (!records.ok) return records;
  const answers: AnswerInput[] = [];
  const seen = new Map<string, number>();
  for (const { line, cells } of records.value) {
    const read = readRow(cells, line);
    if (!read.ok) return read;
    if (read.value === null) continue;
    const before = seen.get(read.value.question);
    if (before !== undefined) {
      return refuse(`${read.value.question} stands in line ${before} already`, line, 'question');
    }
    seen.set(read.value.question, line);
    answers.push(read.value);
  }
  return ok(answers);
}

interface Row {
  line: number;
  cells: Readonly<Record<string, string>>;
}

function parseRows(text: string): Result<Row[]> {
  let table: Array<{ record: string[]; info: { lines: number } }>;
  try {
    table = parse(text, {
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      to: CSV_LIMITS.rows + 2,
    }) as unknown as typeof table;
  } catch (cause) {
    const line = cause instanceof CsvError ? Number(cause['lines'] ?? 0) : null;
    return refuse(cause instanceof Error ? cause.message : String(cause), line, null);
  }
  const [head, ...body] = table;
  if (head === undefined) return refuse('is empty: export a questionnaire first', null, null);
  const names = head.record.map((name) => name.trim().toLowerCase());
  const problem = headProblem(names);
  if (problem !== null) return refuse(problem, 1, null);
  if (body.length > CSV_LIMITS.rows) {
    return refuse(`has more than ${CSV_LIMITS.rows} rows`, null, null);
  }
  const rows: Row[] = [];
  for (const { record, info } of body) {
    if (record.length !== names.length) {
      const what = `has ${record.length} cells where the header has ${names.length}`;
      return refuse(`${what}: is a comma or a quote missing?`, info.lines, null);
    }
    const cells = Object.fromEntries(names.map((name, i) => [name, unguardCell(record[i] ?? '')]));
    rows.push({ line: info.lines, cells });
  }
  return ok(rows);
}

function headProblem(names: readonly string[]): string | null {
  for (const [i, name] of names.entries()) {
    if (names.indexOf(name) !== i) return `names the column "${cut(name)}" twice`;
    if (COLUMNS.includes(name)) continue;
    const meant = nearest(name, COLUMNS);
    const hint = meant === null ? `it has ${READ.join(', ')}` : `did you mean ${meant}?`;
    return `the column "${cut(name)}" is not known (${hint})`;
  }
  const missing = ['question'].find((name) => !names.includes(name));
  if (missing !== undefined) return `the column "${missing}" is missing`;
  return names.includes('value') || names.includes('answer')
    ? null
    : 'the columns "value" and "answer" are both missing: nothing could be read';
}

/** Null for a question that was left open. */
function readRow(cells: Row['cells'], line: number): Result<AnswerInput | null> {
  const cell = (name: (typeof READ)[number]): string => (cells[name] ?? '').trim();
  const id = cell('question');
  const question = findQuestion(id);
  if (question === null) {
    const meant = nearest(
      id,
      questions.map((one) => one.id),
    );
    const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
    return refuse(`"${cut(id)}" is not a question${hint}`, line, 'question');
  }
  const text = cells['answer'] ?? '';
  const hasDocument = READ.some((name) => name.startsWith('document_') && cell(name) !== '');
  if (cell('value') === '' && text.trim() === '' && !hasDocument) return ok(null);
  const value = readValue(question, cell('value'));
  if (!value.ok) return refuse(value.error.message, line, 'value');
  const parsed = answerInput.safeParse({
    question: id,
    value: value.value,
    text,
    document: hasDocument ? documentOf(cell) : null,
  });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return refuse(issue?.message ?? 'is not valid', line, columnOf(issue?.path ?? []));
  }
  const checked = checkAnswer(parsed.data);
  return checked.ok ? checked : refuse(checked.error.message, line, checked.error.field);
}

const documentOf = (cell: (name: (typeof READ)[number]) => string) => ({
  title: cell('document_title'),
  link: cell('document_link') === '' ? null : cell('document_link'),
  sha256: cell('document_sha256') === '' ? null : cell('document_sha256'),
  date: cell('document_date'),
  validUntil: cell('document_valid_until') === '' ? null : cell('document_valid_until'),
});

/** The text of a value cell in the form of its question; null when it is empty. */
export function readValue(question: Question, text: string): Result<AnswerInput['value']> {
  if (text === '') return ok(null);
  const { kind } = question.answer;
  if (kind === 'text') {
    return fail('TR_VENDOR_INVALID', `${question.id} takes words: leave value empty`);
  }
  if (kind === 'yes-no') {
    const said = text.toLowerCase();
    if (said === 'yes' || said === 'no') return ok(said);
    return fail('TR_VENDOR_INVALID', `${question.id} takes yes or no, not "${cut(text)}"`);
  }
  if (/^-?\d{1,22}(\.\d{1,25})?(e[+-]?\d{1,3})?$/i.test(text) && Number.isFinite(Number(text))) {
    return ok(Number(text));
  }
  const unit = question.answer.unit ?? 'a number';
  return fail('TR_VENDOR_INVALID', `${question.id} takes a number (${unit}), not "${cut(text)}"`);
}

const COLUMN_OF: Readonly<Record<string, string>> = {
  title: 'document_title',
  link: 'document_link',
  sha256: 'document_sha256',
  date: 'document_date',
  validUntil: 'document_valid_until',
  text: 'answer',
};

function columnOf(path: readonly PropertyKey[]): string | null {
  const last = String(path.at(-1) ?? '');
  return COLUMN_OF[last] ?? (last === '' ? null : last);
}

const cut = (text: string): string => text.slice(0, 60);

function refuse(message: string, line: number | null, column: string | null): Result<never> {
  const place = line === null ? '' : `line ${line}`;
  const at = [place, column].filter((part) => part !== '' && part !== null).join(', ');
  const text = at === '' ? `the file ${message}` : `${at}: ${message}`;
  return fail('TR_VENDOR_INVALID', text, column === null ? {} : { field: column });
}

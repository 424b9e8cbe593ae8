import type { Comparison } from './compare-vendors.ts';
import { csvText } from './csv-text.ts';

/** A comparison for a spreadsheet: one row a question, and for each vendor grade, value, answer and note. */
export function comparisonCsv({ vendors, rows }: Comparison): string {
  const head = vendors.flatMap(({ id }) => [
    `${id} grade`,
    `${id} value`,
    `${id} answer`,
    `${id} note`,
  ]);
  return csvText([
    ['question', 'layer', 'topic', 'condition', 'weight', 'ask', ...head],
    ...rows.map((row) => [
      row.question,
      row.layer,
      row.topic,
      row.condition,
      String(row.weight),
      row.ask,
      ...row.cells.flatMap(({ grade, answer, note }) => [
        String(grade),
        answer?.value == null ? '' : String(answer.value),
        answer?.text ?? '',
        note,
      ]),
    ]),
  ]);
}

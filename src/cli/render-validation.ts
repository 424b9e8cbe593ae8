import type { Validation } from '../plan/validate/validate.ts';
import type { ValidationRow } from '../plan/validate/validation-row.ts';
import { createPaint, type Paint } from './answer-paint.ts';

/** The rows of `plan validate` as a table, then what was left out and the verdict; pure. */
export function renderValidation({ rows, notes, pass }: Validation, colour: boolean): string {
  const paint = createPaint(colour);
  const cells = rows.map((row) => [
    row.set,
    row.run,
    row.metric,
    row.stat,
    figure(row.measured),
    figure(row.predicted),
    `${row.errorPct.toFixed(2)} %`,
    row.limitPct === null ? '-' : `${row.limitPct.toFixed(1)} %`,
    verdict(row),
  ]);
  const table = [HEADER, ...cells];
  const widths = HEADER.map((_, i) => Math.max(...table.map((line) => line[i]?.length ?? 0)));
  const lines = table.map((line, at) => {
    const text = line.map((cell, i) =>
      i < 4 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0),
    );
    return painted(paint, text.join('  ').trimEnd(), rows[at - 1]);
  });
  const failed = rows.filter((row) => !row.pass).length;
  const bounded = rows.filter((row) => row.limitPct !== null).length;
  const summary = pass
    ? paint.good(`pass: ${bounded} bounds kept, ${rows.length} figures`)
    : paint.bad(`fail: ${failed} of ${bounded} bounds missed, ${rows.length} figures`);
  return [...lines, '', ...notes, summary, ''].join('\n');
}

const HEADER = ['set', 'run', 'metric', 'stat', 'measured', 'predicted', 'error', 'limit', ''];

const figure = (value: number | null): string =>
  value === null ? '-' : value.toPrecision(value >= 1000 ? 6 : 4);

const verdict = ({ pass, limitPct }: ValidationRow): string =>
  pass ? (limitPct === null ? 'shown' : 'ok') : 'FAIL';

const painted = (paint: Paint, text: string, row: ValidationRow | undefined): string =>
  row === undefined ? paint.bold(text) : row.pass ? text : paint.bad(text);

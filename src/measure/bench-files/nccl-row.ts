import { benchError } from './bench-error.ts';

/** One of the two measurements of a row. Times are microseconds, bandwidths GB/s (1e9 bytes). */
export interface NcclCell {
  timeUs: number;
  algGbPerS: number;
  busGbPerS: number;
  /** Half of the last printed digit of the bus bandwidth: how far it may be from the real one. */
  busRoundingGbPerS: number;
  /** Wrong elements; null where the test did not check (N/A). */
  wrong: number | null;
}

export interface NcclRow {
  line: number;
  sizeBytes: number;
  count: number;
  type: string;
  redop: string | null;
  root: number | null;
  outOfPlace: NcclCell | null;
  inPlace: NcclCell | null;
}

export const cellsOf = (row: NcclRow): NcclCell[] =>
  [row.outOfPlace, row.inPlace].filter((cell) => cell !== null);

/** A row's own figures: the mean of its cells, as the average of the log weighs them. */
export const rowBusGbPerS = (row: NcclRow): number =>
  meanOf(cellsOf(row).map((cell) => cell.busGbPerS));
export const rowTimeUs = (row: NcclRow): number => meanOf(cellsOf(row).map((cell) => cell.timeUs));

const meanOf = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);

/** Names of the columns, in order, as the header line prints them. */
export type Columns = readonly string[];

const BODY = ['time', 'algbw', 'busbw', '#wrong'];
const LEAD = ['size', 'count', 'type', 'redop', 'root'];

/** The header line of the table (without `#`); null when the comment is another line. */
export function columnsOf(comment: string): Columns | null {
  const names = comment.trim().split(/\s+/);
  return names[0] === 'size' && names.includes('busbw') ? names : null;
}

/** Columns of a log whose header was cut off, by the number of fields. */
export function rowColumns(fields: readonly string[]): Columns | null {
  const body = (lead: readonly string[], twice: boolean): Columns => [
    ...lead,
    ...BODY,
    ...(twice ? BODY : []),
  ];
  const byCount: Readonly<Record<number, Columns>> = {
    13: body(LEAD, true),
    12: body(LEAD.slice(0, 4), true),
    11: body(LEAD.slice(0, 3), true),
    9: body(LEAD, false),
    8: body(LEAD.slice(0, 4), false),
  };
  return byCount[fields.length] ?? null;
}

export interface Place {
  file: string;
  line: number;
}

/** Reads the fields of one row by its columns. Throws TR_BENCH_INVALID naming line and column. */
export function parseRow(
  fields: readonly string[],
  columns: Columns | null,
  place: Place,
): NcclRow {
  if (columns === null) {
    throw rowError(place, 'row', `${fields.length} fields fit no form of nccl-tests`);
  }
  const named = [...columns];
  // A time stamp is two fields under one name, and only at the end.
  const extra = fields.length - named.length;
  const [first, second] = cellStarts(named);
  const bodyLength = first === undefined || second === undefined ? 0 : second - first;
  const oneBody = extra < 0 && (extra === -bodyLength || extra === 1 - bodyLength);
  if (first === undefined || extra > 1 || (extra < 0 && !oneBody)) {
    throw rowError(place, 'row', `${fields.length} fields under ${named.length} columns`);
  }
  const lead = (name: string): string | null => {
    const at = named.indexOf(name);
    return at === -1 ? null : (fields[at] ?? null);
  };
  const sizeBytes = number(lead('size'), 'size', place);
  const count = number(lead('count'), 'count', place);
  const root = lead('root');
  const cell = (start: number | undefined): NcclCell | null =>
    start === undefined || start + 2 >= fields.length ? null : readCell(fields, start, place);
  // In-place only: the program leaves the first body blank, so that its fields stand first.
  const only = oneBody ? cell(first) : null;
  return {
    line: place.line,
    sizeBytes,
    count,
    type: lead('type') ?? 'unknown',
    redop: lead('redop'),
    root: root === null ? null : number(root, 'root', place),
    outOfPlace: oneBody ? null : cell(first),
    inPlace: oneBody ? only : cell(second),
  };
}

const cellStarts = (names: Columns): number[] =>
  names.flatMap((name, at) => (name === 'time' || name === 'cputime' ? [at] : []));

function readCell(fields: readonly string[], start: number, place: Place): NcclCell {
  const bus = fields[start + 2] ?? '';
  const wrong = fields[start + 3];
  return {
    timeUs: number(fields[start] ?? null, 'time', place),
    algGbPerS: number(fields[start + 1] ?? null, 'algbw', place),
    busGbPerS: number(bus, 'busbw', place),
    busRoundingGbPerS: roundingOf(bus),
    wrong: wrong === undefined || wrong === 'N/A' ? null : number(wrong, '#wrong', place),
  };
}

/** `0.27` is within 0.005 of what was measured, `412` within 0.5, `1.2e+03` within 50. */
function roundingOf(text: string): number {
  const match = /^\d+(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(text);
  const digits = match?.[1]?.length ?? 0;
  return 0.5 * 10 ** (Number(match?.[2] ?? 0) - digits);
}

const NUMBER = /^-?\d{1,18}(?:\.\d{1,12})?(?:e[+-]?\d{1,3})?$/;

function number(text: string | null, column: string, place: Place): number {
  if (text !== null && NUMBER.test(text)) {
    const value = Number(text);
    if (column === 'root' || value >= 0) return value;
  }
  throw rowError(place, column, `"${(text ?? '').slice(0, 30)}" is not a number of that column`);
}

function rowError(place: Place, column: string, problem: string) {
  const fix = 'check that the row was not cut or mixed with another line';
  return benchError(place.file, `line ${place.line}: ${column}`, problem, fix);
}

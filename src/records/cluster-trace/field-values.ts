import { shown, traceError } from '../traces/trace-row.ts';
import type { CsvRow } from './csv-rows.ts';

/** Largest count, milli-count or MiB that is believed: a petabyte of memory in MiB. */
const MAX_COUNT = 1_073_741_824;

/** Longest time that is believed: 100 years of seconds beyond the epoch range of traces. */
const MAX_SECONDS = 1e11;

/** A whole number from 0; `fallback` when the column is missing or empty, else refused. */
export function countField(row: CsvRow, column: string, fallback?: number): number {
  const text = row.text(column);
  if (text === null && fallback !== undefined) return fallback;
  if (text === null || !/^\d{1,10}(\.0+)?$/.test(text) || Number(text) > MAX_COUNT) {
    const problem = text === null ? 'is missing' : `${shown(text)} is not a whole number from 0`;
    throw traceError(row.line, column, problem, 'write a count such as 8000');
  }
  return Number(text);
}

/** Seconds, decimals allowed; null when the column is missing or empty. */
export function secondsField(row: CsvRow, column: string): number | null {
  const text = row.text(column);
  if (text === null) return null;
  const seconds = /^\d{1,12}(\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN;
  if (!(seconds <= MAX_SECONDS)) {
    throw traceError(
      row.line,
      column,
      `${shown(text)} is not seconds`,
      'write seconds such as 3600',
    );
  }
  return seconds;
}

/** A name that must be there. */
export function nameField(row: CsvRow, column: string): string {
  const text = row.text(column);
  if (text === null) throw traceError(row.line, column, 'is missing', 'give every row a name');
  return text;
}

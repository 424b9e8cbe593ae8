import { TailraceError } from '../errors.ts';

/** One request of a trace. */
export interface TraceRow {
  /** Milliseconds after the first row of the trace. */
  atMs: number;
  inputTokens: number;
  outputTokens: number;
  /** Ids of the prompt's 512-token blocks (equal ids mean equal text), or null where not recorded. */
  blockIds: readonly number[] | null;
}

/** A row as a format reads it: its time is still on the trace's own clock, milliseconds. */
export interface TimedRow extends TraceRow {
  line: number;
}

/** Tokens of one prompt block of a Mooncake trace. */
export const BLOCK_TOKENS = 512;

/** Largest prompt or reply that is believed: twice the longest context window on offer today. */
export const MAX_TRACE_TOKENS = 2_000_000;

/** Latest time that is believed: the year 2286, where epoch seconds get an eleventh digit. */
export const MAX_TRACE_TIME_MS = 1e13;

/** TR_TRACE_INVALID that names the place, the field and the fix. `line` counts from 1. */
export function traceError(
  line: number,
  field: string,
  problem: string,
  fix: string,
): TailraceError {
  return new TailraceError('TR_TRACE_INVALID', `line ${line}: ${field}: ${problem}; ${fix}`, {
    field,
  });
}

/** The value as it may be shown in a message: quoted, short, without control characters. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  const flat = text.replace(/[^\x20-\x7e]/g, '?');
  return `"${flat.length > 40 ? `${flat.slice(0, 40)}...` : flat}"`;
}

/** A token count: a whole number from 1 to `MAX_TRACE_TOKENS`. */
export function checkTokens(line: number, field: string, value: number, raw: unknown): number {
  if (!Number.isInteger(value)) {
    throw traceError(line, field, `${shown(raw)} is not a whole number`, 'write a count of tokens');
  }
  if (value < 1 || value > MAX_TRACE_TOKENS) {
    const fix = `give a count from 1 to ${MAX_TRACE_TOKENS}`;
    throw traceError(line, field, `${shown(raw)} is out of range`, fix);
  }
  return value;
}

/** A token count in a CSV field: digits only, so that "1e3", "0x10", "+5" and "" are refused. */
export function parseTokens(line: number, field: string, text: string): number {
  if (!/^-?\d{1,15}$/.test(text)) return checkTokens(line, field, Number.NaN, text);
  return checkTokens(line, field, Number(text), text);
}

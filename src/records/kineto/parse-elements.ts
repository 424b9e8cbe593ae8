import { isAscii } from 'node:buffer';

/** Text of bytes; ASCII, nearly all of a trace, takes the fast road. */
export const textOf = (bytes: Buffer): string => bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');

/**
 * Call stacks, which nothing here reads and which can be most of a trace. A quote inside a JSON
 * string is escaped, so this text is a key and its value wherever it stands.
 */
const CALL_STACK = /,\s*"Call stack":\s*"[^"\\]*"/g;

/** Drops call stacks from the text of events: parsing them costs more than finding them. */
export const withoutCallStacks = (text: string): string =>
  text.includes('"Call stack"') ? text.replaceAll(CALL_STACK, '') : text;

/** Parses the text of a JSON array; null when it is none. */
export function parseArray(text: string): unknown[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/**
 * Parses what profilers wrote that is almost JSON: raw control characters inside strings, and the
 * bare words NaN, Infinity and N/A (torch_tb_profiler works around the same two). Null when that
 * does not help.
 */
export function parseLenient(text: string): unknown[] | null {
  const cleaned = text
    .replaceAll(/\p{Cc}/gu, ' ')
    .replaceAll(/(?<=[:,[]\s*)(?:-?Infinity|NaN|N\/A)(?=\s*[,}\]])/g, 'null');
  return parseArray(cleaned);
}

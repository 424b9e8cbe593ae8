import { isAscii } from 'node:buffer';

/** Text of bytes; ASCII, nearly all of a trace, takes the fast road. */
export const textOf = (bytes: Buffer): string => bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');

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

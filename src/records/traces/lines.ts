import { TailraceError } from '../errors.ts';
import { traceError } from './trace-row.ts';

export interface Line {
  /** Counts from 1, empty lines included. */
  number: number;
  text: string;
}

/** Longest line that is read: a Mooncake row of a 2,000,000-token prompt is under 50 kB. */
export const MAX_LINE_BYTES = 262_144;

const NEWLINE = 0x0a;

/**
 * Splits bytes into lines ended by LF or CRLF. Memory stays under one line plus one chunk.
 * A byte-order mark is skipped; bytes that are not UTF-8 and longer lines are refused
 * (TR_TRACE_INVALID).
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxLineBytes: number = MAX_LINE_BYTES,
): AsyncGenerator<Line, void, undefined> {
  let parts: Uint8Array[] = [];
  let heldBytes = 0;
  let number = 1;
  for await (const chunk of chunks) {
    let start = 0;
    while (start < chunk.length) {
      const newline = chunk.indexOf(NEWLINE, start);
      const end = newline === -1 ? chunk.length : newline;
      heldBytes += end - start;
      if (heldBytes > maxLineBytes) throw tooLong(number, maxLineBytes);
      // Copied, because a stream may reuse the memory of a chunk.
      if (newline === -1) parts.push(new Uint8Array(chunk.subarray(start)));
      else {
        parts.push(chunk.subarray(start, end));
        yield { number, text: decode(parts, number) };
        parts = [];
        heldBytes = 0;
        number += 1;
      }
      start = end + 1;
    }
  }
  if (heldBytes > 0) yield { number, text: decode(parts, number) };
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(parts: readonly Uint8Array[], number: number): string {
  let text: string;
  try {
    text = decoder.decode(parts.length === 1 ? parts[0] : Buffer.concat(parts));
  } catch {
    throw traceError(number, 'text', 'not valid UTF-8', 'save the file as UTF-8');
  }
  if (number === 1 && text.startsWith('\uFEFF')) text = text.slice(1);
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

function tooLong(number: number, maxLineBytes: number): TailraceError {
  const problem = `longer than ${maxLineBytes} bytes`;
  return traceError(number, 'text', problem, 'check that this is a trace with one request a line');
}

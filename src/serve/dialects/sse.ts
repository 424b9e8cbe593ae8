import { TailraceError } from '../../records/errors.ts';
import type { SseEvent } from './dialect.ts';

/**
 * Server-sent events, read and written as the WHATWG HTML standard says (section 9.2.6,
 * "Interpreting an event stream"): lines end with LF, CR or CRLF; a byte-order mark at the very
 * start is dropped; lines that start with a colon are comments; several data lines of an event are
 * joined by LF; an event without a data line is not one; what follows the last blank line is not an
 * event either. Bytes that are not UTF-8 become U+FFFD. `id` and `retry` mean nothing on these
 * wires and are passed over.
 *
 * One difference: `event` is '' where the standard would say "message", so that a reader can tell.
 */
export interface SseParser {
  /**
   * Events that `chunk` completes. Throws TailraceError TR_UPSTREAM_TOO_LARGE when an event has
   * more than `maxFrameBytes` before its blank line, and again on every push after that.
   */
  push(chunk: Uint8Array): SseEvent[];
}

const LF = 0x0a;
const CR = 0x0d;

/** `maxFrameBytes` bounds one event and so the parser's memory; line ends count as one byte. */
export function createSseParser(maxFrameBytes: number): SseParser {
  return new Parser(maxFrameBytes);
}

class Parser implements SseParser {
  readonly #maxFrameBytes: number;
  /** Pieces of a line whose end has not come yet. */
  #pieces: Buffer[] = [];
  #piecesBytes = 0;
  /** Bytes of the current event's finished lines. */
  #frameBytes = 0;
  #atStart = true;
  /** The last byte was CR: an LF that comes next belongs to it. */
  #skipLf = false;
  #failed = false;
  #event = '';
  #data: string | null = null;

  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  push(chunk: Uint8Array): SseEvent[] {
    if (this.#failed) throw this.#tooLarge();
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const events: SseEvent[] = [];
    let from = this.#skipLf && bytes[0] === LF ? 1 : 0;
    if (bytes.length > 0) this.#skipLf = false;
    let lf = -2; // Not looked for yet; -1 for none.
    while (from < bytes.length) {
      // Looked for anew only when passed, so that a chunk full of CRs costs one scan, not one per
      // line.
      if (lf !== -1 && lf < from) lf = bytes.indexOf(LF, from);
      const before = lf === -1 ? bytes.length : lf;
      const cr = bytes.subarray(from, before).indexOf(CR);
      const end = cr === -1 ? before : from + cr;
      if (end === bytes.length) {
        this.#hold(bytes.subarray(from));
        break;
      }
      this.#line(this.#text(bytes, from, end), events);
      from = end + 1;
      if (bytes[end] !== CR) continue;
      if (from === bytes.length) this.#skipLf = true;
      else if (bytes[from] === LF) from += 1;
    }
    return events;
  }

  #hold(piece: Buffer): void {
    // Copied: the caller may use its chunk again.
    this.#pieces.push(Buffer.from(piece));
    this.#piecesBytes += piece.length;
    this.#checkSize(this.#frameBytes + this.#piecesBytes);
  }

  #text(bytes: Buffer, from: number, end: number): string {
    const lineBytes = this.#piecesBytes + end - from;
    if (lineBytes === 0) {
      this.#atStart = false;
      return '';
    }
    this.#frameBytes += lineBytes;
    this.#checkSize(this.#frameBytes);
    this.#frameBytes += 1;
    let text: string;
    if (this.#piecesBytes === 0) text = bytes.toString('utf8', from, end);
    else {
      this.#pieces.push(bytes.subarray(from, end));
      text = Buffer.concat(this.#pieces).toString('utf8');
      this.#pieces = [];
      this.#piecesBytes = 0;
    }
    if (!this.#atStart) return text;
    this.#atStart = false;
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  }

  #line(line: string, events: SseEvent[]): void {
    if (line === '') {
      if (this.#data !== null) events.push({ event: this.#event, data: this.#data });
      this.#data = null;
      this.#event = '';
      this.#frameBytes = 0;
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const name = colon === -1 ? line : line.slice(0, colon);
    if (name !== 'data' && name !== 'event') return;
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (name === 'event') this.#event = value;
    else this.#data = this.#data === null ? value : `${this.#data}\n${value}`;
  }

  #checkSize(bytes: number): void {
    if (bytes <= this.#maxFrameBytes) return;
    this.#failed = true;
    this.#pieces = [];
    throw this.#tooLarge();
  }

  #tooLarge(): TailraceError {
    return new TailraceError(
      'TR_UPSTREAM_TOO_LARGE',
      `an event of the engine's stream has more than ${this.#maxFrameBytes} bytes`,
    );
  }
}

/** An event as wire text. Line ends inside `data` become LF: the format has no way to keep CR. */
export function sseFrame(event: string, data: string): string {
  const head = event === '' ? '' : `event: ${event}\n`;
  if (!data.includes('\n') && !data.includes('\r')) return `${head}data: ${data}\n\n`;
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `${head}${lines.join('')}\n`;
}

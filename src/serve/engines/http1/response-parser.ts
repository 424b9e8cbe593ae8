/**
 * Reads HTTP/1.1 responses of one connection, one after another. At least as strict as llhttp (Node's own parser):
 * whatever passes here means the same there, shown by response-parser.fuzz.test.ts. What llhttp takes and this
 * refuses (line folding, bare LF, transfer codings other than `chunked`) no inference server sends.
 * Cost: about a microsecond for a head of eight fields. Body bytes are handed on as views of what was pushed: whoever
 * keeps them beyond the call copies them, unless the pushed memory is not used again.
 */
export interface ResponseEvents {
  onHead(head: ResponseHead): void;
  onBody(bytes: Buffer): void;
  /** The response is complete; what follows belongs to the next one. */
  onComplete(): void;
}

export interface ResponseHead {
  status: number;
  /** Names in lower case; a field sent more than once is a list. */
  headers: Record<string, string | string[]>;
  /** The connection may carry another request after this response. */
  keepAlive: boolean;
}

export interface ResponseParser {
  /** Throws HttpSyntaxError; the connection is of no use after that. */
  push(chunk: Buffer): void;
  /** The other side has closed. True when that was a regular end of a body. */
  end(): boolean;
  /** A response has begun and is not complete. */
  readonly inside: boolean;
}

/** The bytes are not an HTTP/1.1 response. */
export class HttpSyntaxError extends Error {}

const headBytesMax = 16_384;
const sizeLineBytesMax = 1_024;
const CR = 0x0d;
const LF = 0x0a;

/** RFC 9112 section 4. A reason phrase may be absent, with or without the space before it. */
const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?\r\n/;
/** RFC 9110 section 5: a token, a colon without space before it, visible characters, blanks and tabs. */
const fieldLine = /([!#$%&'*+\-.^_`|~\w]+):[\t ]*([\t\x20-\x7e\x80-\xff]*)\r\n/y;
/** RFC 9112 section 7.1.1; extensions are passed over. */
const sizeLine = /^([\da-fA-F]{1,12})(?:;[!#$%&'*+\-.^_`|~\w]+(?:=[!#$%&'*+\-.^_`|~\w]+)?)*$/;
const startOfHead = 'HTTP/1.';

type State = 'head' | 'fixed' | 'chunk-size' | 'chunk-data' | 'chunk-end' | 'trailer' | 'to-close';

export function createResponseParser(events: ResponseEvents): ResponseParser {
  return new Parser(events);
}

class Parser implements ResponseParser {
  readonly #events: ResponseEvents;
  #state: State = 'head';
  /** Start of a line or head whose end has not come. */
  #held: Buffer | null = null;
  /** Bytes that are left of the body or of the chunk. */
  #left = 0;

  constructor(events: ResponseEvents) {
    this.#events = events;
  }

  get inside(): boolean {
    return this.#state !== 'head' || this.#held !== null;
  }

  push(chunk: Buffer): void {
    let bytes = chunk;
    if (this.#held !== null) {
      bytes = Buffer.concat([this.#held, chunk]);
      this.#held = null;
    }
    let at = 0;
    while (at < bytes.length) {
      const next = this.#step(bytes, at);
      if (next === -1) {
        // A copy: the caller may read into the same memory again.
        this.#held = Buffer.from(bytes.subarray(at));
        return;
      }
      at = next;
    }
  }

  end(): boolean {
    if (this.#state !== 'to-close') return !this.inside;
    this.#complete();
    return true;
  }

  /** Index after what was read; -1 when a line or head is not whole yet. */
  #step(bytes: Buffer, at: number): number {
    switch (this.#state) {
      case 'head':
        return this.#head(bytes, at);
      case 'fixed':
        return this.#fixed(bytes, at);
      case 'chunk-size':
        return this.#chunkSize(bytes, at);
      case 'chunk-data':
        return this.#chunks(bytes, at);
      case 'chunk-end':
        return this.#chunkEnd(bytes, at);
      case 'trailer':
        return this.#trailer(bytes, at);
      case 'to-close':
        this.#events.onBody(at === 0 ? bytes : bytes.subarray(at));
        return bytes.length;
    }
  }

  #head(bytes: Buffer, at: number): number {
    const end = bytes.indexOf('\r\n\r\n', at, 'latin1');
    if (end === -1) {
      checkPartialHead(bytes, at);
      return -1;
    }
    if (end - at > headBytesMax) throw new HttpSyntaxError('the response head is too long');
    const text = bytes.toString('latin1', at, end + 2);
    const status = statusLine.exec(text);
    if (status === null) throw new HttpSyntaxError('no HTTP/1.1 status line');
    const headers = readFields(text, status[0].length);
    const code = Number(status[2]);
    if (code === 101) throw new HttpSyntaxError('the engine switched protocols unasked');
    // Interim responses (RFC 9110 section 15.2) say nothing that matters here, unless that no other follows.
    if (code < 200) {
      if (mayKeepAlive(status[1] === '1', headers)) return end + 4;
      throw new HttpSyntaxError('an interim response as the last one');
    }
    this.#frame(code, status[1] === '1', headers);
    return end + 4;
  }

  /** How the body ends: RFC 9112 section 6.3, for responses to requests other than HEAD and CONNECT. */
  #frame(status: number, isHttp11: boolean, headers: ResponseHead['headers']): void {
    const coding = headers['transfer-encoding'];
    const length = headers['content-length'];
    if (coding !== undefined && length !== undefined) {
      throw new HttpSyntaxError('both content-length and transfer-encoding');
    }
    if (coding !== undefined && (typeof coding !== 'string' || !/^chunked$/i.test(coding))) {
      throw new HttpSyntaxError('a transfer-encoding other than chunked');
    }
    const empty = status === 204 || status === 304;
    if (coding !== undefined) this.#state = 'chunk-size';
    else if (length !== undefined) {
      this.#left = contentLength(length);
      this.#state = 'fixed';
    } else this.#state = 'to-close';
    const bounded = empty || this.#state !== 'to-close';
    this.#events.onHead({ status, headers, keepAlive: bounded && mayKeepAlive(isHttp11, headers) });
    if (empty || (this.#state === 'fixed' && this.#left === 0)) this.#complete();
  }

  #fixed(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#left);
    this.#left -= end - at;
    this.#events.onBody(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end));
    if (this.#left === 0) this.#complete();
    return end;
  }

  #chunkSize(bytes: Buffer, at: number): number {
    let size = 0;
    let i = at;
    for (let digit = hexDigit(bytes[i]); digit !== -1 && i - at < 12; digit = hexDigit(bytes[i])) {
      size = size * 16 + digit;
      i += 1;
    }
    if (i === at || bytes[i] !== CR || bytes[i + 1] !== LF) return this.#rareChunkSize(bytes, at);
    this.#beginChunk(size);
    return i + 2;
  }

  #beginChunk(size: number): void {
    this.#left = size;
    this.#state = size === 0 ? 'trailer' : 'chunk-data';
  }

  /** A size line that is not whole yet, has extensions, or is wrong. */
  #rareChunkSize(bytes: Buffer, at: number): number {
    const end = bytes.indexOf(CR, at);
    if (end === -1 || end + 1 === bytes.length) {
      if (bytes.length - at > sizeLineBytesMax) throw new HttpSyntaxError('a chunk without a size');
      return -1;
    }
    const size = sizeLine.exec(
      bytes.toString('latin1', at, Math.min(end, at + sizeLineBytesMax + 1)),
    );
    if (size === null || bytes[end + 1] !== LF) {
      throw new HttpSyntaxError('a chunk size that is not hexadecimal');
    }
    this.#beginChunk(Number.parseInt(size[1] ?? '', 16));
    return end + 2;
  }

  /**
   * Data of this chunk and of the whole chunks behind it that came in the same read, as one piece: a
   * stream that has fallen behind costs one write to its client, not one per token.
   */
  #chunks(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#left);
    this.#left -= end - at;
    let data = bytes.subarray(at, end);
    let next = end;
    if (this.#left === 0) {
      this.#state = 'chunk-end';
      const more: Buffer[] = [];
      while (next < bytes.length) {
        const from = this.#chunkEnd(bytes, next);
        if (from === -1) break;
        next = from;
        const size = next < bytes.length ? this.#chunkSize(bytes, next) : -1;
        if (size === -1) break;
        next = size;
        if (this.#left === 0 || bytes.length - next < this.#left) break;
        more.push(bytes.subarray(next, next + this.#left));
        next += this.#left;
        this.#left = 0;
        this.#state = 'chunk-end';
      }
      if (more.length > 0) data = Buffer.concat([data, ...more]);
    }
    this.#events.onBody(data);
    return next;
  }

  #chunkEnd(bytes: Buffer, at: number): number {
    if (bytes.length - at < 2) {
      if (bytes[at] !== CR) throw new HttpSyntaxError('a chunk longer than its size');
      return -1;
    }
    if (bytes[at] !== CR || bytes[at + 1] !== LF) {
      throw new HttpSyntaxError('a chunk longer than its size');
    }
    this.#state = 'chunk-size';
    return at + 2;
  }

  #trailer(bytes: Buffer, at: number): number {
    if (bytes[at] === CR && bytes[at + 1] === LF) {
      this.#complete();
      return at + 2;
    }
    const end = bytes.indexOf('\r\n\r\n', at, 'latin1');
    if (end === -1) {
      const couldBegin = bytes.length - at === 1 || bytes[at] !== CR;
      if (!couldBegin || bytes.length - at > headBytesMax) {
        throw new HttpSyntaxError('trailers without an end');
      }
      return -1;
    }
    readFields(bytes.toString('latin1', at, end + 2), 0);
    this.#complete();
    return end + 4;
  }

  #complete(): void {
    this.#state = 'head';
    this.#left = 0;
    this.#events.onComplete();
  }
}

/** Value of an ASCII hexadecimal digit; -1 for anything else. */
function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** Garbage is told from a slow head at its first bytes, not when a deadline passes. */
function checkPartialHead(bytes: Buffer, at: number): void {
  const begun = bytes.toString('latin1', at, at + startOfHead.length);
  if (!startOfHead.startsWith(begun)) throw new HttpSyntaxError('no HTTP/1.1 status line');
  if (bytes.length - at > headBytesMax) throw new HttpSyntaxError('the response head is too long');
}

function readFields(text: string, from: number): Record<string, string | string[]> {
  // Without a prototype: a field may be named `constructor`.
  const headers = Object.create(null) as Record<string, string | string[]>;
  fieldLine.lastIndex = from;
  while (fieldLine.lastIndex < text.length) {
    const field = fieldLine.exec(text);
    if (field === null) throw new HttpSyntaxError('a header field that is not one');
    const name = (field[1] ?? '').toLowerCase();
    // Not trimEnd, which would take a no-break space (0xa0) of the value too.
    const value = (field[2] ?? '').replace(/[\t ]+$/, '');
    const before = headers[name];
    if (before === undefined) headers[name] = value;
    else if (typeof before === 'string') headers[name] = [before, value];
    else before.push(value);
  }
  return headers;
}

function contentLength(value: string | string[]): number {
  if (typeof value !== 'string' || !/^\d{1,15}$/.test(value)) {
    throw new HttpSyntaxError('a content-length that is not one number');
  }
  return Number(value);
}

function mayKeepAlive(isHttp11: boolean, headers: ResponseHead['headers']): boolean {
  const value = headers['connection'];
  if (value === undefined) return isHttp11;
  const options = String(value)
    .toLowerCase()
    .split(/[\t ]*,[\t ]*/);
  return isHttp11 ? !options.includes('close') : options.includes('keep-alive');
}

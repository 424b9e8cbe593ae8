/** What the reader of one connection reports, in order; `onEnd` once per reply. */
export interface ReplyEvents {
  onHead(status: number): void;
  /** Decoded body bytes; valid only during the call. */
  onBody(bytes: Buffer): void;
  onEnd(): void;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const LINE_END = Buffer.from('\r\n');

type State = 'head' | 'length' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailer';

/**
 * Reads HTTP/1.1 replies off one kept-alive connection: content-length or chunked bodies. It is
 * the bench's own, because the client must cost less than what it measures. Throws on anything else.
 */
export function replyReader(events: ReplyEvents): { push(chunk: Buffer): void } {
  let held: Buffer = Buffer.alloc(0);
  let state: State = 'head';
  let left = 0;

  /** Takes what it can of the held bytes; false when it needs more. */
  const step = (): boolean => {
    switch (state) {
      case 'head':
        return readHead();
      case 'length':
      case 'chunk':
        return readBody();
      case 'chunk-size': {
        const line = takeLine();
        if (line === null) return false;
        left = Number.parseInt(line, 16);
        if (!(left >= 0)) throw new Error(`bad chunk size ${JSON.stringify(line)}`);
        state = left === 0 ? 'trailer' : 'chunk';
        return true;
      }
      case 'chunk-end':
        if (takeLine() === null) return false;
        state = 'chunk-size';
        return true;
      case 'trailer': {
        const line = takeLine();
        if (line === null) return false;
        if (line === '') finish();
        return true;
      }
    }
  };

  const finish = (): void => {
    state = 'head';
    events.onEnd();
  };

  const takeLine = (): string | null => {
    const end = held.indexOf(LINE_END);
    if (end === -1) return null;
    const line = held.toString('latin1', 0, end);
    held = held.subarray(end + 2);
    return line;
  };

  const readHead = (): boolean => {
    const end = held.indexOf(HEAD_END);
    if (end === -1) return false;
    const head = held.toString('latin1', 0, end);
    held = held.subarray(end + 4);
    const status = /^HTTP\/1\.1 (\d{3})/.exec(head)?.[1];
    if (status === undefined) throw new Error(`not an HTTP/1.1 reply: ${head.slice(0, 60)}`);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    const isChunked = /\r\ntransfer-encoding: *chunked/i.test(head);
    if (length === undefined && !isChunked) throw new Error('a reply without a length');
    events.onHead(Number(status));
    left = Number(length ?? 0);
    state = isChunked ? 'chunk-size' : 'length';
    if (!isChunked && left === 0) finish();
    return true;
  };

  const readBody = (): boolean => {
    if (held.length === 0) return false;
    const bytes = held.subarray(0, left);
    held = held.subarray(bytes.length);
    left -= bytes.length;
    events.onBody(bytes);
    if (left === 0) {
      if (state === 'length') finish();
      else state = 'chunk-end';
    }
    return true;
  };

  return {
    push(chunk) {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      while (held.length > 0 && step());
    },
  };
}

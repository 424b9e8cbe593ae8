import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Writes a streamed body chunk by chunk with one buffer and one system call each. `ServerResponse.write` makes four
 * writes of a chunk, corks them and uncorks in a later tick, which costs about as much as the rest of
 * the gateway's work for a token (bench/RESULTS.md). Only the framing is done here; head and end stay with node:http.
 */
export interface BodyWriter {
  /** False when the client's socket is full; `onDrain` then tells when to go on. */
  write(bytes: Buffer | string): boolean;
  onDrain(listener: () => void): void;
}

/** Call after the head has been written. */
export function createBodyWriter(res: ServerResponse): BodyWriter {
  res.flushHeaders();
  const { socket } = res;
  // No socket: this response waits behind another one of its connection. No chunked coding: HTTP/1.0.
  return socket === null || !res.chunkedEncoding
    ? new ResponseWriter(res)
    : new SocketWriter(res, socket);
}

class ResponseWriter implements BodyWriter {
  readonly #res: ServerResponse;

  constructor(res: ServerResponse) {
    this.#res = res;
  }

  write(bytes: Buffer | string): boolean {
    return this.#res.write(bytes);
  }

  onDrain(listener: () => void): void {
    this.#res.on('drain', listener);
  }
}

class SocketWriter implements BodyWriter {
  readonly #res: ServerResponse;
  readonly #socket: Socket;

  constructor(res: ServerResponse, socket: Socket) {
    this.#res = res;
    this.#socket = socket;
  }

  write(bytes: Buffer | string): boolean {
    return !this.#socket.writable || this.#socket.write(frame(bytes));
  }

  onDrain(listener: () => void): void {
    this.#socket.on('drain', listener);
    this.#res.on('close', () => this.#socket.off('drain', listener));
  }
}

/** RFC 9112 section 7.1: size in hex, CRLF, data, CRLF. An empty chunk would end the body and is not written. */
function frame(bytes: Buffer | string): Buffer {
  const length = typeof bytes === 'string' ? Buffer.byteLength(bytes) : bytes.length;
  if (length === 0) return Buffer.alloc(0);
  const size = length.toString(16);
  const at = size.length + 2;
  const framed = Buffer.allocUnsafe(at + length + 2);
  framed.write(`${size}\r\n`, 0, 'latin1');
  if (typeof bytes === 'string') framed.write(bytes, at, 'utf8');
  else framed.set(bytes, at);
  framed[at + length] = 0x0d;
  framed[at + length + 1] = 0x0a;
  return framed;
}

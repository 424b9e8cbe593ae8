import type { Socket } from 'node:net';
import type { TransportFailure, UpstreamEvents } from '../transport.ts';
import {
  createResponseParser,
  HttpSyntaxError,
  type ResponseHead,
  type ResponseParser,
} from './response-parser.ts';

/** What a connection tells the pool that owns it. */
export interface ConnectionOwner {
  /** It has carried a response to its end and may carry another. */
  onIdle(connection: Connection): void;
  /** It is gone, idle or not; told once. */
  onGone(connection: Connection): void;
}

/**
 * One kept-alive connection that carries one exchange at a time. An exchange ends in exactly one of
 * onEnd / onError of its events, unless it was aborted.
 */
export class Connection {
  /** Monotonic ms since which it is idle; set by the pool. */
  idleSinceMs = 0;
  readonly #socket: Socket;
  readonly #owner: ConnectionOwner;
  readonly #parser: ResponseParser;
  /** Memory that is read into belongs to the caller of `receive`, and is used again. */
  #borrowed = false;
  #events: UpstreamEvents | null = null;
  #keepAlive = true;
  #gone = false;
  /** Set with the end of a response whose bytes may not all have been looked at. */
  #completed: UpstreamEvents | null = null;

  /** Takes over a connected socket. */
  constructor(socket: Socket, owner: ConnectionOwner) {
    this.#socket = socket;
    this.#owner = owner;
    this.#parser = createResponseParser(this);
    socket.on('data', (chunk: Buffer) => this.receive(chunk, false));
    socket.on('end', () => this.#onEnd());
    socket.on('error', (error) => this.#close('cut', error));
    socket.on('close', () => this.#close('cut', new Error('the connection was closed')));
  }

  /** `head` is the request line with its fields and the blank line; ASCII. */
  send(head: string, body: string, events: UpstreamEvents): void {
    this.#events = events;
    this.#socket.write(head + body, 'utf8');
  }

  /** Ends the exchange of `events` without a word to it, if it is still the one carried: its place in the stream is lost. */
  abort(events: UpstreamEvents): void {
    if (this.#events === events) this.destroy();
  }

  resume(events: UpstreamEvents): void {
    if (this.#events === events) this.#socket.resume();
  }

  destroy(): void {
    this.#events = null;
    this.#completed = null;
    this.#close('cut', null);
  }

  onHead(head: ResponseHead): void {
    if (this.#events === null) throw new HttpSyntaxError('a response that nobody asked for');
    this.#keepAlive = head.keepAlive;
    this.#events.onHead(head.status, head.headers);
  }

  onBody(bytes: Buffer): void {
    const kept = this.#borrowed ? copyOf(bytes) : bytes;
    if (this.#events?.onData(kept) === false) this.#socket.pause();
  }

  onComplete(): void {
    this.#completed = this.#events;
    this.#events = null;
  }

  /** Bytes from the socket. `borrowed`: they are overwritten once this returns. */
  receive(chunk: Buffer, borrowed: boolean): void {
    // Bytes that nobody asked for: the next response could not be told from them.
    if (this.#events === null) return this.#close('cut', null);
    this.#borrowed = borrowed;
    try {
      this.#parser.push(chunk);
    } catch (error) {
      if (this.#completed === null) return this.#close('protocol', asError(error));
      this.#keepAlive = false;
    }
    if (this.#completed !== null) this.#finish(this.#completed);
  }

  #finish(events: UpstreamEvents): void {
    this.#completed = null;
    // An answer that came before its whole question was sent leaves the rest in the way.
    const clean = !this.#parser.inside && this.#socket.writableLength === 0;
    if (this.#keepAlive && clean && !this.#gone) {
      if (this.#socket.isPaused()) this.#socket.resume();
      this.#owner.onIdle(this);
    } else this.#close('cut', null);
    events.onEnd();
  }

  #onEnd(): void {
    const regular = this.#parser.end();
    const completed = this.#completed;
    if (regular && completed !== null) {
      this.#keepAlive = false;
      this.#finish(completed);
    } else this.#close('cut', new Error('the engine closed the connection'));
  }

  #close(failure: TransportFailure, cause: Error | null): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#socket.destroy();
    const events = this.#events;
    this.#events = null;
    this.#owner.onGone(this);
    if (events !== null) {
      events.onError(failure, cause ?? new Error('the connection was closed'));
    }
  }
}

/** `Buffer.from(buffer)` takes a longer way. */
function copyOf(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafe(bytes.length);
  copy.set(bytes);
  return copy;
}

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new Error(String(error));

import { isUtf8 } from 'node:buffer';
import { fail, ok, type Result, type TailraceError } from '../../records/errors.ts';
import type { Exchange, Interruptible } from '../exchange.ts';

/** Phase 3a: the body, within limits of size and time. Interrupted by the sweep and by an abort. */
export function readBody(x: Exchange, maxBytes: number): Promise<Result<string>> {
  const refused = refuseHead(x, maxBytes);
  if (refused !== null) return Promise.resolve(refused);
  return new Promise((resolve) => new BodyReader(x, maxBytes, resolve).start());
}

class BodyReader implements Interruptible {
  readonly #x: Exchange;
  readonly #maxBytes: number;
  readonly #resolve: (body: Result<string>) => void;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #ended = false;

  constructor(x: Exchange, maxBytes: number, resolve: (body: Result<string>) => void) {
    this.#x = x;
    this.#maxBytes = maxBytes;
    this.#resolve = resolve;
  }

  start(): void {
    const { req } = this.#x;
    this.#x.waitsFor = this;
    req.on('data', (chunk: Buffer) => this.#onData(chunk));
    req.on('end', () => this.#onEnd());
    // Stays on: a late socket error after this phase must not be unhandled.
    req.on('error', () => this.#end(fail('TR_CLIENT_ABORT', 'the client closed the connection')));
  }

  interrupt(error: TailraceError): void {
    this.#end({ ok: false, error });
  }

  #onData(chunk: Buffer): void {
    if (this.#ended) return;
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) this.#end(tooLarge(this.#maxBytes));
    else this.#chunks.push(chunk);
  }

  #onEnd(): void {
    const only = this.#chunks[0];
    const whole =
      this.#chunks.length === 1 && only !== undefined
        ? only
        : Buffer.concat(this.#chunks, this.#bytes);
    this.#end(isUtf8(whole) ? ok(whole.toString('utf8')) : notUtf8());
  }

  #end(body: Result<string>): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#x.waitsFor = null;
    this.#resolve(body);
  }
}

function refuseHead(x: Exchange, maxBytes: number): Result<string> | null {
  const encoding = x.req.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    return fail('TR_ENCODING_UNSUPPORTED', 'send the body without content-encoding', {
      field: 'content-encoding',
    });
  }
  return Number(x.req.headers['content-length'] ?? 0) > maxBytes ? tooLarge(maxBytes) : null;
}

/** Read all the same, the bytes at fault would reach the engine as other ones. */
const notUtf8 = (): Result<string> =>
  fail('TR_BODY_INVALID', 'the body is not UTF-8', { field: 'body' });

const tooLarge = (maxBytes: number): Result<string> =>
  fail('TR_BODY_TOO_LARGE', `the body exceeds server.maxBodyBytes (${maxBytes} bytes)`, {
    field: 'body',
  });

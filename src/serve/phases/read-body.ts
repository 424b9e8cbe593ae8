import { fail, ok, type Result, type TailraceError } from '../../records/errors.ts';
import type { Exchange } from '../exchange.ts';

/** Phase 3a: the body, within limits of size and time. Interrupted by the sweep and by an abort. */
export function readBody(x: Exchange, maxBytes: number): Promise<Result<string>> {
  const refused = refuseHead(x, maxBytes);
  if (refused !== null) return Promise.resolve(refused);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const end = (result: Result<string>): void => {
      x.req.removeAllListeners('data').removeAllListeners('end').removeAllListeners('error');
      // A late socket error after this phase must not be unhandled.
      x.req.on('error', () => {});
      x.interrupt = null;
      resolve(result);
    };
    x.interrupt = (error: TailraceError) => end({ ok: false, error });
    x.req.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) return end(tooLarge(maxBytes));
      chunks.push(chunk);
    });
    x.req.on('end', () => {
      const only = chunks[0];
      const whole = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, bytes);
      end(ok(whole.toString('utf8')));
    });
    x.req.on('error', () => end(fail('TR_CLIENT_ABORT', 'the client closed the connection')));
  });
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

const tooLarge = (maxBytes: number): Result<string> =>
  fail('TR_BODY_TOO_LARGE', `the body exceeds server.maxBodyBytes (${maxBytes} bytes)`, {
    field: 'body',
  });

import type { IncomingMessage } from 'node:http';
import { reject, type Reading } from './http-error.ts';

/** Largest request body that is read, bytes. */
export const MAX_BODY_BYTES = 33_554_432;

/** Reads a JSON body. Rejects (the promise) only when the client goes away. */
export async function readJsonBody(request: IncomingMessage): Promise<Reading<unknown>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const pieces = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const chunk of pieces) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return tooLarge;
    chunks.push(chunk);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return { ok: true, value };
  } catch {
    return reject('the body is not valid JSON', null, 'invalid_json');
  }
}

const tooLarge: Reading<never> = {
  ok: false,
  error: {
    status: 413,
    message: `the body exceeds ${MAX_BODY_BYTES} bytes`,
    type: 'invalid_request_error',
    param: null,
    code: 'body_too_large',
  },
};

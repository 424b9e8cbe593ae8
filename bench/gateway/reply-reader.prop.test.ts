import fc from 'fast-check';
import { expect, it } from 'vitest';
import { replyReader } from './reply-reader.ts';
import { requestReader } from './http-request-reader.ts';

type Part = { body: string; chunks: number[] | null };

const part: fc.Arbitrary<Part> = fc.record({
  body: fc.string({ maxLength: 60, unit: fc.constantFrom('a', '\r', '\n', '0', ':', ' ') }),
  chunks: fc.option(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 })),
});

function encode({ body, chunks }: Part): string {
  if (chunks === null) return `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  let text = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
  for (let at = 0, i = 0; at < body.length; i += 1) {
    const piece = body.slice(at, at + (chunks[i % chunks.length] ?? 1));
    text += `${piece.length.toString(16)}\r\n${piece}\r\n`;
    at += piece.length;
  }
  return `${text}0\r\n\r\n`;
}

function* cut(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let at = 0, i = 0; at < bytes.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 });

it('reads the bodies of replies however they are framed and cut', () => {
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), sizes, (parts, cuts) => {
      const bodies: string[] = [];
      let body = '';
      const reader = replyReader({
        onHead: (status) => expect(status).toBe(200),
        onBody: (bytes) => (body += bytes.toString('latin1')),
        onEnd: () => {
          bodies.push(body);
          body = '';
        },
      });
      for (const chunk of cut(Buffer.from(parts.map(encode).join('')), cuts)) reader.push(chunk);
      expect(bodies).toEqual(parts.map((one) => one.body));
    }),
  );
});

it('refuses what is not an HTTP/1.1 reply with a length', () => {
  const read = (text: string) => () =>
    replyReader({ onHead: () => {}, onBody: () => {}, onEnd: () => {} }).push(Buffer.from(text));
  expect(read('SMTP ready\r\n\r\n')).toThrow('not an HTTP/1.1 reply');
  expect(read('HTTP/1.1 200 OK\r\n\r\n')).toThrow('without a length');
  expect(read('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n')).toThrow('bad chunk');
});

it('cuts requests out of a connection however they come', () => {
  const bodies = fc.array(fc.string({ maxLength: 40, unit: fc.constantFrom('a', '\r', '\n') }), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(bodies, sizes, (list, cuts) => {
      const text = list
        .map((body) => `POST / HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
        .join('');
      const seen: string[] = [];
      const reader = requestReader((_, body) => seen.push(body.toString()));
      for (const chunk of cut(Buffer.from(text), cuts)) reader.push(chunk);
      expect(seen).toEqual(list);
    }),
  );
});

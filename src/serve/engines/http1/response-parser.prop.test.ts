import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readByLlhttp, type ReadResponse } from './llhttp-oracle.ts';
import { createResponseParser, HttpSyntaxError } from './response-parser.ts';

/** What our parser makes of the bytes of one connection that then closes. */
function read(chunks: readonly Buffer[]): { ok: boolean; responses: ReadResponse[] } {
  const responses: ReadResponse[] = [];
  const parser = createResponseParser({
    onHead({ status, headers, keepAlive }) {
      const lists = Object.entries(headers).map(([name, value]) => [name, [value].flat()]);
      responses.push({
        status,
        headers: Object.assign(Object.create(null), Object.fromEntries(lists)),
        body: '',
        complete: false,
        keepAlive,
      });
    },
    onBody(bytes) {
      const last = responses.at(-1);
      if (last !== undefined) last.body += bytes.toString('latin1');
    },
    onComplete() {
      const last = responses.at(-1);
      if (last !== undefined) last.complete = true;
    },
  });
  try {
    for (const chunk of chunks) parser.push(chunk);
    return { ok: parser.end(), responses };
  } catch (error) {
    if (error instanceof HttpSyntaxError) return { ok: false, responses };
    throw error;
  }
}

/** llhttp reports interim responses; ours passes over them. */
const final = (responses: readonly ReadResponse[]): ReadResponse[] =>
  responses.filter(({ status }) => status >= 200);

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

const token = fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,12}$/);
const fieldValue = fc.stringMatching(
  /^(?:[!-~\x80-\xff](?:[\t -~\x80-\xff]{0,20}[!-~\x80-\xff])?)?$/,
);
const framing = /^(?:content-length|transfer-encoding|connection|upgrade|proxy-connection)$/i;
const fields = fc.array(
  fc.tuple(
    token.filter((name) => !framing.test(name)),
    fc.constantFrom('', ' ', '\t ', '  '),
    fieldValue,
    fc.constantFrom('', ' ', '\t'),
  ),
  { maxLength: 5 },
);
const fieldText = fields.map((all) =>
  all.map(([name, before, value, after]) => `${name}:${before}${value}${after}\r\n`).join(''),
);
const body = fc.string({ unit: 'binary-ascii', maxLength: 40 });
const chunked = fc
  .tuple(
    fc.array(fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 20 }), { maxLength: 5 }),
    fc.constantFrom('', ';a=b', ';x'),
    fc.constantFrom('', 'x-trailer: 1\r\n', 'a: b\r\nc:d\r\n'),
  )
  .map(([parts, extension, trailers]) => {
    const all = parts.map((part) => `${part.length.toString(16)}${extension}\r\n${part}\r\n`);
    return `transfer-encoding: chunked\r\n\r\n${all.join('')}0\r\n${trailers}\r\n`;
  });
const statusLine = fc
  .tuple(
    fc.constantFrom(200, 201, 204, 304, 400, 404, 429, 500, 503, 599),
    fc.constantFrom(' OK', ' ', '', ' Not Found\t!'),
  )
  .map(([status, reason]) => ({ status, text: `HTTP/1.1 ${status}${reason}\r\n` }));
const response = fc
  .tuple(
    statusLine,
    fieldText,
    fc.oneof(
      body.map((text) => `content-length: ${text.length}\r\n\r\n${text}`),
      chunked,
    ),
    fc.constantFrom('', 'connection: keep-alive\r\n', 'Connection: close\r\n'),
    fc.constantFrom(
      '',
      'HTTP/1.1 100 Continue\r\n\r\n',
      'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n',
    ),
  )
  .map(([{ status, text }, head, rest, connection, interim]) => {
    const empty = status === 204 || status === 304;
    return `${interim}${text}${head}${connection}${empty ? '\r\n' : rest}`;
  });

/** The text in pieces, as a network may deliver it. */
const pieces = (text: fc.Arbitrary<string>): fc.Arbitrary<Buffer[]> =>
  fc.tuple(text, fc.array(fc.nat(), { maxLength: 6 })).map(([whole, cuts]) => {
    const all = bytes(whole);
    const at = [0, ...cuts.map((cut) => cut % (all.length + 1)).toSorted((a, b) => a - b)];
    return at
      .map((from, i) => all.subarray(from, at[i + 1] ?? all.length))
      .filter((one) => one.length > 0);
  });

const mutation = fc.record({
  at: fc.nat(),
  remove: fc.nat({ max: 3 }),
  insert: fc.constantFrom(
    '',
    '\r',
    '\n',
    '\r\n',
    ' ',
    '\t',
    ':',
    '0',
    'f',
    ';',
    ',',
    '\0',
    '\x7f',
    'chunked',
    ' x',
    'Content-Length: 1\r\n',
    'Transfer-Encoding: chunked\r\n',
    'HTTP/1.1 ',
  ),
});
const damaged = fc
  .tuple(response, fc.array(mutation, { minLength: 1, maxLength: 3 }))
  .map(([text, changes]) =>
    changes.reduce((kept, { at, remove, insert }) => {
      const from = at % (kept.length + 1);
      return kept.slice(0, from) + insert + kept.slice(from + remove);
    }, text),
  );

describe('response parser', () => {
  test('reads what is valid as llhttp does, however it is cut', () => {
    const several = fc.array(response, { minLength: 1, maxLength: 3 }).map((all) => all.join(''));
    fc.assert(
      fc.property(pieces(several), (chunks) => {
        const ours = read(chunks);
        const theirs = readByLlhttp(chunks);
        // llhttp refuses what follows a `connection: close`; the connection layer closes there.
        const closes = theirs.responses.findIndex(({ keepAlive }) => !keepAlive);
        const upTo =
          closes === -1 ? undefined : final(theirs.responses.slice(0, closes + 1)).length;
        if (closes === -1) expect(theirs.ok).toBe(true);
        expect(ours.ok).toBe(true);
        expect(ours.responses.slice(0, upTo)).toEqual(final(theirs.responses).slice(0, upTo));
      }),
      { numRuns: 500 },
    );
  });

  test('takes nothing that llhttp refuses, and understands it the same way', () => {
    fc.assert(
      fc.property(pieces(damaged), (chunks) => {
        const ours = read(chunks);
        const [first] = ours.responses;
        // What counts is what the gateway would deliver: the first response, if it is complete.
        if (first?.complete !== true) return;
        const [judged] = final(readByLlhttp(chunks).responses);
        expect(judged).toEqual(first);
      }),
      { numRuns: 4_000 },
    );
  });

  test('never hangs on or crashes over arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 5 }), (chunks) => {
        const { responses } = read(chunks.map((chunk) => Buffer.from(chunk)));
        expect(responses).toEqual([]);
      }),
    );
  });
});

describe('framing', () => {
  const one = (text: string) => read([bytes(text)]);
  const first = (text: string) => one(text).responses[0];

  test('reads a body to the close where nothing bounds it', () => {
    expect(first('HTTP/1.0 200 OK\r\na: b\r\n\r\nrest of it')).toMatchObject({
      body: 'rest of it',
      complete: true,
      keepAlive: false,
    });
  });

  test.each([
    ['a length and a coding', 'content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n'],
    ['two lengths', 'content-length: 1\r\ncontent-length: 1\r\n\r\nx'],
    ['a length that is no number', 'content-length: 1a\r\n\r\nx'],
    ['a signed length', 'content-length: +1\r\n\r\nx'],
    ['a coding that is not understood', 'transfer-encoding: gzip, chunked\r\n\r\n'],
    ['a folded field', 'a: b\r\n c\r\ncontent-length: 0\r\n\r\n'],
    ['a blank before the colon', 'a : b\r\ncontent-length: 0\r\n\r\n'],
    ['a bare line feed', 'a: b\ncontent-length: 0\r\n\r\n'],
    ['a control character', 'a: b\x01\r\ncontent-length: 0\r\n\r\n'],
    ['a chunk size that is none', 'transfer-encoding: chunked\r\n\r\nxyz\r\n'],
    ['a chunk longer than its size', 'transfer-encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n'],
  ])('refuses %s', (_, rest) => {
    const { ok, responses } = one(`HTTP/1.1 200 OK\r\n${rest}`);
    expect(ok).toBe(false);
    expect(responses.some(({ complete }) => complete)).toBe(false);
  });

  test('tells garbage at its first bytes', () => {
    expect(() => createResponseParser(silent).push(bytes('SSH-2.0-x\r\n'))).toThrow(
      HttpSyntaxError,
    );
    expect(() => createResponseParser(silent).push(bytes('HTTP/2 200\r\n'))).toThrow(
      HttpSyntaxError,
    );
  });

  test('bounds heads, size lines and trailers', () => {
    const long = 'x'.repeat(20_000);
    for (const text of [
      `HTTP/1.1 200 OK\r\na: ${long}`,
      `HTTP/1.1 200 OK\r\na: ${long}\r\n\r\n`,
      `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;${long}`,
      `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\na: ${long}`,
    ]) {
      expect(() => createResponseParser(silent).push(bytes(text))).toThrow(HttpSyntaxError);
    }
  });

  const silent = { onHead() {}, onBody() {}, onComplete() {} };
});

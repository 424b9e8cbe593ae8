import { describe, expect, it } from 'vitest';
import { createSseParser, sseFrame } from './sse.ts';

const parse = (text: string) => createSseParser(1024).push(Buffer.from(text));

describe('SSE parser', () => {
  it.each([
    ['LF', 'data: a\n\n'],
    ['CRLF', 'data: a\r\n\r\n'],
    ['CR, once the next line begins', 'data: a\r\r'],
    ['mixed line ends', 'data: a\r\n\n'],
    ['no space after the colon', 'data:a\n\n'],
    ['a byte-order mark at the start', '\uFEFFdata: a\n\n'],
    ['a comment before', ': keep-alive\n\ndata: a\n\n'],
    ['unknown fields', 'id: 7\nretry: 10\nfoo\nbar: x\ndata: a\n\n'],
  ])('reads one event: %s', (_, text) => {
    expect(parse(text)).toEqual([{ event: '', data: 'a' }]);
  });

  it('keeps all but one space after the colon', () => {
    expect(parse('data:  a \n\n')).toEqual([{ event: '', data: ' a ' }]);
  });

  it('joins data lines and keeps the event name', () => {
    expect(parse('event: x\ndata: a\ndata\ndata: b\n\n')).toEqual([{ event: 'x', data: 'a\n\nb' }]);
  });

  it('keeps a colon in the value and a byte-order mark that is not at the start', () => {
    expect(parse('data: a:b\n\ndata: \uFEFFc\n\n')).toEqual([
      { event: '', data: 'a:b' },
      { event: '', data: '\uFEFFc' },
    ]);
  });

  it('drops a byte-order mark only at the very start', () => {
    expect(parse('\n\uFEFFdata: a\n\n')).toEqual([]);
  });

  it('gives nothing for an event without data, and forgets its name', () => {
    expect(parse('event: x\n\ndata: a\n\n')).toEqual([{ event: '', data: 'a' }]);
  });

  it('gives an event whose data is empty', () => {
    expect(parse('data\n\n')).toEqual([{ event: '', data: '' }]);
  });

  it('gives nothing for what has no blank line after it', () => {
    expect(parse('data: a\n')).toEqual([]);
  });

  it('decodes a character that two chunks share', () => {
    const bytes = Buffer.from('data: é€😀\n\n');
    const parser = createSseParser(64);
    const events = [...bytes].flatMap((byte) => parser.push(Uint8Array.of(byte)));
    expect(events).toEqual([{ event: '', data: 'é€😀' }]);
  });

  it('replaces bytes that are not UTF-8', () => {
    const bytes = Buffer.concat([
      Buffer.from('data: a'),
      Buffer.from([0xff, 0xe2, 0x82]),
      Buffer.from('\n\n'),
    ]);
    expect(createSseParser(64).push(bytes)).toEqual([{ event: '', data: 'a\uFFFD\uFFFD' }]);
  });

  it('does not depend on the chunk after push returns', () => {
    const parser = createSseParser(64);
    const chunk = Buffer.from('data: ab');
    parser.push(chunk);
    chunk.fill(0x78);
    expect(parser.push(Buffer.from('c\n\n'))).toEqual([{ event: '', data: 'abc' }]);
  });

  it('refuses an event that is too large, and stays refused', () => {
    const parser = createSseParser(10);
    expect(parser.push(Buffer.from('data: 1234\n\n'))).toHaveLength(1);
    expect(() => parser.push(Buffer.from('data: 12345'))).toThrow(/more than 10 bytes/);
    expect(() => parser.push(Buffer.from('\n\n'))).toThrow(/more than 10 bytes/);
  });

  it('counts all lines of an event, comments too', () => {
    const lines = ': 1234\n'.repeat(3);
    expect(() => createSseParser(16).push(Buffer.from(lines))).toThrow(/more than 16 bytes/);
  });
});

describe('SSE writer', () => {
  it('writes frames as the wire has them', () => {
    expect(sseFrame('', '{}')).toBe('data: {}\n\n');
    expect(sseFrame('ping', '{}')).toBe('event: ping\ndata: {}\n\n');
    expect(sseFrame('', 'a\r\nb\rc\nd')).toBe('data: a\ndata: b\ndata: c\ndata: d\n\n');
  });
});

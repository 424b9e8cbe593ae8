import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_PENDING_CHARS, createEventParser, type ServerEvent } from './event-parser.ts';

const parse = (pieces: readonly string[]): ServerEvent[] => {
  const parser = createEventParser();
  return pieces.flatMap((piece) => parser.push(piece));
};

/** Cuts `text` at the given positions. */
const cut = (text: string, at: readonly number[]): string[] => {
  const points = [...new Set(at.map((point) => point % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...points].map((from, index) => text.slice(from, points[index] ?? text.length));
};

const line = fc.string({ maxLength: 20 }).map((text) => text.replaceAll(/[\r\n]/g, ''));
const event = fc.record({
  name: line.filter((name) => name !== '' && !name.startsWith(' ')),
  data: fc.array(line, { minLength: 1, maxLength: 3 }),
});

describe('event parser', () => {
  test('gives back what was written, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 6 }),
        fc.constantFrom('\n', '\r\n'),
        fc.array(fc.nat(), { maxLength: 12 }),
        (events, end, points) => {
          const text = events
            .map(({ name, data }) => {
              const lines = data.map((one) => `data: ${one}`);
              return [': comment', `event: ${name}`, ...lines, '', ''].join(end);
            })
            .join('');
          const expected = events.map(({ name, data }) => ({ name, data: data.join('\n') }));
          expect(parse(cut(text, points))).toEqual(expected);
        },
      ),
    );
  });

  test('any text parses the same whole or in pieces', () => {
    const noise = fc.array(fc.constantFrom('data', 'event', ':', ' ', '\n', '\r', 'x'), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(noise, fc.array(fc.nat(), { maxLength: 8 }), (parts, points) => {
        const text = `${parts.join('')}\n\n`;
        expect(parse(cut(text, points))).toEqual(parse([text]));
      }),
    );
  });

  test('an endless event is refused', () => {
    const parser = createEventParser();
    expect(() => parser.push('x'.repeat(MAX_PENDING_CHARS + 1))).toThrow(RangeError);
    const lines = createEventParser();
    expect(() => lines.push('data: aaaaaaaa\n'.repeat(MAX_PENDING_CHARS / 8))).toThrow(RangeError);
  });
});

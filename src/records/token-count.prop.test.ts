import fc from 'fast-check';
import { encode } from 'gpt-tokenizer/encoding/cl100k_base';
import { expect, it } from 'vitest';
import { countTokens, splitTokens } from './token-count.ts';

it('equals the encoding for any text without long runs', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
      expect(countTokens(text)).toBe(encode(text, { disallowedSpecial: new Set() }).length);
    }),
  );
});

it('equals the encoding for any repeated word', () => {
  const word = fc.stringMatching(/^[a-z]{1,12}$/);
  fc.assert(
    fc.property(word, word, fc.integer({ min: 1, max: 50 }), (first, unit, times) => {
      const text = first + ` ${unit}`.repeat(times);
      expect(countTokens(text)).toBe(encode(text).length);
    }),
  );
});

it('answers long unbroken runs with a count that is close and finite', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('a', '日', ' ', '!', 'xyz'),
      fc.integer({ min: 2000, max: 4000 }),
      (unit, times) => {
        const text = unit.repeat(times);
        const tokens = countTokens(text);
        const exact = encode(text).length;
        expect(tokens).toBeGreaterThanOrEqual(exact * 0.9);
        expect(tokens).toBeLessThanOrEqual(exact + Math.ceil(text.length / 128) * 3);
      },
    ),
    { numRuns: 15 },
  );
});

it('splits ASCII into its tokens: they join to the text, and any first part counts its own number', () => {
  const word = fc.stringMatching(/^ ?[a-z]{1,9}$/);
  const text = fc.oneof(
    fc.string({ unit: 'binary-ascii', maxLength: 200 }),
    fc.jsonValue().map((value) => JSON.stringify(value).replace(/[^\x20-\x7e]/g, '?')),
    fc.array(word, { maxLength: 60 }).map((words) => words.join('')),
    fc.tuple(word, fc.integer({ min: 1, max: 200 })).map(([unit, times]) => unit.repeat(times)),
  );
  fc.assert(
    fc.property(text, fc.nat(), (whole, at) => {
      const tokens = splitTokens(whole);
      expect(tokens.join('')).toBe(whole);
      expect(tokens).toHaveLength(countTokens(whole));
      const part = tokens.slice(0, tokens.length === 0 ? 0 : at % tokens.length);
      if (/[a-z]{128}/.test(whole)) return;
      expect(countTokens(part.join(''))).toBe(part.length);
      for (const token of part) expect(countTokens(token)).toBe(1);
    }),
  );
});

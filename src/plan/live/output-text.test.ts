import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countTokens } from '../../records/token-count.ts';
import { drawOutputLength, OUTPUT_WORDS, outputText, outputToken } from './output-text.ts';

describe('output text', () => {
  it('uses words that are one token wherever they stand', () => {
    for (const word of OUTPUT_WORDS) {
      const capital = word.charAt(0).toUpperCase() + word.slice(1);
      for (const form of [` ${word}`, ` ${capital}`, capital]) expect(countTokens(form)).toBe(1);
    }
    expect(countTokens('.')).toBe(1);
  });

  it('counts exactly as many tokens as were asked for, and needs no escape', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 32 - 1), fc.integer({ min: 0, max: 200 }), (seed, tokens) => {
        const text = outputText(seed, tokens);
        expect(countTokens(text)).toBe(tokens);
        expect(JSON.stringify(text)).toBe(`"${text}"`);
        expect(outputText(seed, tokens + 1)).toBe(text + outputToken(seed, tokens));
      }),
    );
  });
});

describe('output length', () => {
  it('has the stated mean, stays within the limit, and says why it ended', () => {
    let sum = 0;
    for (let seed = 0; seed < 20_000; seed += 1) sum += drawOutputLength(seed, 100_000).tokens;
    expect(sum / 20_000 / 200).toBeCloseTo(1, 1);
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 400 }), (seed, limit) => {
        const { tokens, finishReason } = drawOutputLength(seed, limit);
        expect(tokens).toBeGreaterThanOrEqual(1);
        expect(tokens).toBeLessThanOrEqual(limit);
        if (finishReason === 'length') expect(tokens).toBe(limit);
        else expect(drawOutputLength(seed, limit + 1).tokens).toBe(tokens);
      }),
    );
  });
});

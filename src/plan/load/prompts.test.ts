import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countTokens } from '../../records/token-count.ts';
import { promptText, WORDS } from './prompts.ts';

const row = (inputTokens: number, blockIds: number[] | null = null) => ({
  atMs: 0,
  inputTokens,
  outputTokens: 1,
  blockIds,
});

it('has 64 different words of one token each', () => {
  expect(new Set(WORDS).size).toBe(64);
  for (const word of WORDS) expect([word, countTokens(word)]).toEqual([word, 1]);
});

it('counts exactly the tokens of the row', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3000 }), fc.nat(1e9), (tokens, index) => {
      expect(countTokens(promptText(row(tokens), index))).toBe(tokens);
    }),
    { numRuns: 60 },
  );
});

it('counts exactly with blocks, the last one partly filled', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1e6), { minLength: 1, maxLength: 6 }), fc.nat(511), (ids, cut) => {
      const tokens = ids.length * 512 - cut;
      expect(countTokens(promptText(row(tokens, ids), 7))).toBe(tokens);
    }),
    { numRuns: 40 },
  );
});

it('shares the text of shared blocks and nothing else', () => {
  const a = promptText(row(1536, [1, 2, 3]), 0);
  const b = promptText(row(1536, [1, 2, 4]), 1);
  const blockChars = promptText(row(1024, [1, 2]), 2).length;
  expect(a.slice(0, blockChars)).toBe(b.slice(0, blockChars));
  expect(a.slice(blockChars)).not.toBe(b.slice(blockChars));
  expect(promptText(row(512, [8]), 0)).not.toBe(promptText(row(512, [9]), 0));
});

it('begins differently for each request where the trace records no sharing', () => {
  const texts = Array.from({ length: 500 }, (_, index) => promptText(row(16), index));
  expect(new Set(texts.map((text) => text.split(' ').slice(0, 3).join(' '))).size).toBe(500);
});

it('counts exactly at lengths where other texts are only estimated', () => {
  expect(countTokens(promptText(row(1_500_000), 3))).toBe(1_500_000);
});

import { calcPrice, findProvider } from '@pydantic/genai-prices';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findApiPrices } from '../../catalog/prices.ts';
import { apiCost } from './api-cost.ts';

const providers = [
  'anthropic',
  'aws',
  'azure',
  'cohere',
  'deepseek',
  'fireworks',
  'google',
  'groq',
  'minimax',
  'mistral',
  'moonshotai',
  'openai',
  'perplexity',
  'together',
  'x-ai',
  'zai',
];

/** Every text model of the catalog that both sides can be asked for, by its own id. */
const models = providers.flatMap((providerId) =>
  (findProvider({ providerId })?.models ?? []).map((model) => ({ providerId, id: model.id })),
);

const usage = fc
  .record({ plain: fc.nat(400_000), cached: fc.nat(300_000), written: fc.nat(50_000) })
  .chain((input) =>
    fc.record({
      input: fc.constant(input),
      out: fc.nat(100_000),
      reasoningShare: fc.double({ min: 0, max: 1, noNaN: true }),
      atMs: fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2027, 0, 1) }),
    }),
  );

it('agrees with the price catalog on any model, usage and time of day', () => {
  expect(models.length).toBeGreaterThan(300);
  fc.assert(
    fc.property(fc.constantFrom(...models), usage, ({ providerId, id }, ask) => {
      const inputTotal = ask.input.plain + ask.input.cached + ask.input.written;
      const reasoning = Math.floor(ask.out * ask.reasoningShare);
      const theirs = calcPrice(
        {
          input_tokens: inputTotal,
          cache_read_tokens: ask.input.cached,
          cache_write_tokens: ask.input.written,
          output_tokens: ask.out,
          output_reasoning_tokens: reasoning,
        },
        id,
        { providerId, timestamp: new Date(ask.atMs) },
      );
      const prices = findApiPrices({ provider: providerId, model: id });
      expect(prices === null).toBe(theirs === null);
      if (prices === null || theirs === null) return;
      const ours = apiCost(prices.at(ask.atMs), {
        in: inputTotal,
        cachedIn: ask.input.cached,
        cacheWrite: ask.input.written,
        out: ask.out,
        reasoning,
      });
      const expected = theirs.total_price;
      expect(Math.abs((ours.usageUsd ?? Number.NaN) - expected)).toBeLessThanOrEqual(
        1e-12 * Math.max(expected, 1e-12),
      );
    }),
    { numRuns: 5000 },
  );
});

import { describe, expect, it } from 'vitest';
import { findApiPrices } from '../../catalog/prices.ts';
import type { TokenCounts } from '../../records/request-record.ts';
import { acceleratorHourUsd, capitalRecoveryFactor } from './accelerator-hour.ts';
import { apiCost } from './api-cost.ts';
import { rooflineShare } from './roofline-share.ts';

const NOW = Date.UTC(2026, 8, 1);

const tokens = (some: Partial<TokenCounts>): TokenCounts => ({
  in: 0,
  cachedIn: 0,
  cacheWrite: 0,
  out: 0,
  reasoning: 0,
  ...some,
});

function bill(provider: string, model: string, counts: TokenCounts) {
  const prices = findApiPrices({ provider, model });
  if (prices === null) throw new Error(`no price for ${model}`);
  return apiCost(prices.at(NOW), counts);
}

describe('api cost', () => {
  it('chooses the long-context tier by the whole prompt and applies it to all tokens', () => {
    const gemini = (input: number, out: number): number | null =>
      bill('google', 'gemini-2.5-pro', tokens({ in: input, out })).usageUsd;
    expect(gemini(200_000, 1000)).toBeCloseTo(0.26, 12);
    expect(gemini(200_001, 1000)).toBeCloseTo(0.5150025, 12);
    expect(2 * (gemini(150_000, 0) ?? 0)).toBeLessThan(gemini(300_000, 0) ?? 0);
  });

  it('prices cached tokens apart and counts them into the tier', () => {
    const counts = tokens({ in: 278_476, cachedIn: 7936, out: 630 });
    expect(bill('openai', 'gpt-5.4', counts)).toEqual({
      usageUsd: expect.closeTo(1.370843, 9),
      basis: 'measured',
    });
  });

  it('finds the provider by the engine URL', () => {
    const prices = findApiPrices({ url: 'https://api.openai.com/v1', model: 'gpt-5.4-2026-03-05' });
    expect(prices?.at(NOW).provider).toBe('openai');
    expect(findApiPrices({ url: 'http://127.0.0.1:8000/v1', model: 'gpt-5.4' })).toBeNull();
    expect(findApiPrices({ provider: 'openai', model: 'no-such-model' })).toBeNull();
    expect(findApiPrices({ provider: 'no-such-provider', model: 'gpt-5.4' })).toBeNull();
    expect(findApiPrices({ model: 'gpt-5.4' })).toBeNull();
  });

  it('leaves unknown what cannot be known', () => {
    const unknown = { usageUsd: null, basis: 'unknown' };
    expect(bill('openai', 'gpt-5.4', tokens({ in: null, out: 5 }))).toEqual(unknown);
    expect(bill('openai', 'gpt-5.4', tokens({ in: 5, out: null }))).toEqual(unknown);
    expect(bill('openai', 'gpt-5.4', tokens({ in: 5, cachedIn: 6, out: 1 }))).toEqual(unknown);
  });

  it('says estimated when a class with its own price was not reported', () => {
    const counts = tokens({ in: 1000, cachedIn: null, out: 0 });
    expect(bill('openai', 'gpt-5.4', counts)).toEqual({ usageUsd: 0.0025, basis: 'estimated' });
  });

  it('bills embeddings, which have no output', () => {
    const counts = tokens({ in: 1000, out: null });
    const cost = bill('openai', 'text-embedding-3-small', counts);
    expect(cost).toEqual({ usageUsd: expect.closeTo(0.00002, 12), basis: 'measured' });
  });
});

describe('accelerator hour', () => {
  const owned = {
    basis: 'owned' as const,
    capexUsdPerAccelerator: 30_000,
    lifeYears: 3,
    ratePercent: 0,
    powerKwPerAccelerator: 1,
    pue: 1.2,
    tariffUsdPerKwh: 0,
    hostingUsdPerAcceleratorHour: 0,
  };

  it('agrees with the published owned-hour figures at 70 % use (check A)', () => {
    expect((acceleratorHourUsd(owned) ?? 0) / 0.7).toBeCloseTo(1.63, 2);
    expect((acceleratorHourUsd({ ...owned, lifeYears: 5 }) ?? 0) / 0.7).toBeCloseTo(0.98, 2);
  });

  it('agrees with the gigawatt site of Epoch AI, billions a year (check B)', () => {
    const site = (itYears: number): number =>
      25.5 * capitalRecoveryFactor(0.07, itYears) + 12.5 * capitalRecoveryFactor(0.07, 14) + 0.9;
    expect(site(3)).toBeCloseTo(12.05, 2);
    expect(site(5)).toBeCloseTo(8.55, 2);
    expect(site(7)).toBeCloseTo(7.06, 2);
  });

  it('adds power at the meter and hosting', () => {
    const full = { ...owned, tariffUsdPerKwh: 0.1, hostingUsdPerAcceleratorHour: 0.25 };
    expect(acceleratorHourUsd(full)).toBeCloseTo(30_000 / 3 / 8760 + 0.12 + 0.25, 12);
    expect(acceleratorHourUsd({ basis: 'rented', usdPerAcceleratorHour: 2.95 })).toBe(2.95);
    expect(acceleratorHourUsd({ basis: 'api' })).toBeNull();
  });

  it('pays back exactly: the yearly payments discounted are the price', () => {
    for (const rate of [1e-9, 0.03, 0.07, 0.3]) {
      let present = 0;
      for (let year = 1; year <= 6; year++) {
        present += capitalRecoveryFactor(rate, 6) / (1 + rate) ** year;
      }
      expect(present).toBeCloseTo(1, 9);
    }
  });
});

describe('roofline share', () => {
  const h100 = { accelerator: 'h100-sxm', count: 1, tensorParallel: 1, model: 'llama-3.1-8b' };
  const share = rooflineShare({ ...h100, quantization: 'bf16' });

  const embedding = 128_256 * 4096;

  it('is the weights but the embedding over the bandwidth for one token alone', () => {
    const seconds = share?.(tokens({ in: 0, out: 1 }), 1) ?? 0;
    expect(seconds).toBeCloseTo((2 * (8.03e9 - embedding)) / (0.8 * 3.35e12), 5);
  });

  it('is FLOPs over peak for a prompt, and falls with cached tokens', () => {
    const cold = share?.(tokens({ in: 1000 }), 1) ?? 0;
    const attention = 4 * 32 * 32 * 128 * 1000 * 500;
    const layers = 8.03e9 - 2 * embedding;
    expect(cold).toBeCloseTo((2 * layers * 1000 + attention) / (0.5 * 989e12), 5);
    expect(share?.(tokens({ in: 1000, cachedIn: 900 }), 1)).toBeLessThan(cold / 5);
  });

  it('shares the weights among the requests in flight', () => {
    const alone = share?.(tokens({ in: 100, out: 100 }), 1) ?? 0;
    const crowded = share?.(tokens({ in: 100, out: 100 }), 64) ?? 0;
    expect(crowded).toBeLessThan(alone / 20);
  });

  it('reads more experts the larger the batch, but never more than all', () => {
    const mixture = rooflineShare({ ...h100, model: 'mixtral-8x7b', quantization: 'bf16' });
    const step = (batch: number): number => batch * (mixture?.(tokens({ out: 1 }), batch) ?? 0);
    const all = (2 * 46.7e9) / (0.8 * 3.35e12);
    expect(step(1)).toBeLessThan(all * 0.35);
    expect(step(64)).toBeGreaterThan(all * 0.99);
    expect(step(64)).toBeLessThan(all * 1.01);
  });

  it('is null for unknown hardware, models or counts', () => {
    expect(rooflineShare({ ...h100, accelerator: 'abacus', quantization: 'bf16' })).toBeNull();
    expect(rooflineShare({ ...h100, model: 'nobody-1b', quantization: 'bf16' })).toBeNull();
    expect(share?.(tokens({ in: null }), 1)).toBeNull();
  });
});

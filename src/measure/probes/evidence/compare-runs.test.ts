import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRuns } from './compare-runs.ts';
import { mannWhitney } from './mann-whitney.ts';
import { thin, MAX_SAMPLES, type ProbeResult } from './probe-result.ts';
import { quantile } from './quantile.ts';

const result = (values: number[], better: 'higher' | 'lower' = 'lower'): ProbeResult => ({
  version: 1,
  kind: 'memory',
  atMs: 0,
  machine: { hostname: 'a', platform: 'p', kernel: 'k', cpu: 'c', cores: 1, memoryBytes: 1 },
  settings: {},
  metrics: { readMs: { unit: 'ms', better, values } },
  report: {},
});

/** Values that look drawn, without a generator: a walk over the unit interval by the golden ratio. */
const spread = (count: number, start: number): number[] =>
  Array.from({ length: count }, (_, i) => ((start + i) * 0.6180339887) % 1);

describe('Mann-Whitney', () => {
  it('gives the figures of scipy', () => {
    // scipy 1.17.1: mannwhitneyu(b, a, alternative="greater", method="asymptotic").
    const a = [1.1, 2.2, 3.3, 4.4, 5.5, 6.6, 7.7, 8.8];
    const b = [3.0, 4.4, 5.0, 6.6, 9.1, 10.2, 11.3, 12.4];
    const test = mannWhitney(a, b);
    expect(test?.superiority).toBeCloseTo(0.734375, 12);
    expect(test?.pLarger).toBeCloseTo(0.06362344, 6);
  });

  it('has no direction without a difference', () => {
    expect(mannWhitney([1, 1, 1], [1, 1])).toEqual({ pLarger: 1, superiority: 0.5 });
    expect(mannWhitney([], [1])).toBeNull();
  });

  it('turns around with its sides', () => {
    const side = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(side, side, (a, b) => {
        const there = mannWhitney(a, b)?.superiority ?? 0;
        const back = mannWhitney(b, a)?.superiority ?? 0;
        expect(there + back).toBeCloseTo(1, 9);
      }),
    );
  });
});

describe('comparison of runs', () => {
  const before = spread(200, 0).map((one) => 10 + one);

  it('flags a slower run, with its confidence', () => {
    const now = spread(200, 777).map((one) => 12 + one);
    expect(compareRuns(result(before), result(now))).toEqual([
      expect.objectContaining({ metric: 'readMs', verdict: 'regression' }),
    ]);
    expect(compareRuns(result(now), result(before))[0]).toMatchObject({ verdict: 'improvement' });
    expect(compareRuns(result(before, 'higher'), result(now, 'higher'))[0]?.verdict).toBe(
      'improvement',
    );
  });

  it('does not flag the same again, nor what is sure but small', () => {
    const again = spread(200, 555).map((one) => 10 + one);
    expect(compareRuns(result(before), result(again))[0]?.verdict).toBe('same');
    const small = spread(200, 555).map((one) => 10.3 + one);
    const [one] = compareRuns(result(before), result(small));
    expect(one?.verdict).toBe('same');
    expect(one?.confidence).toBeGreaterThan(0.99);
  });

  it('says so when values are too few', () => {
    expect(compareRuns(result([1, 1, 1]), result([9, 9, 9]))[0]).toMatchObject({
      confidence: null,
      verdict: 'unknown',
    });
  });

  it('does not take a drifting run for many measurements', () => {
    // Two slow waves of the same height, out of phase: 2,000 values, hardly two independent ones.
    const wave = (phase: number): number[] =>
      Array.from({ length: 2000 }, (_, i) => 10 + 2 * Math.sin(i / 600 + phase));
    expect(compareRuns(result(wave(0)), result(wave(1)))[0]?.verdict).not.toBe('regression');
  });

  it('rarely flags two runs of one distribution', () => {
    const side = fc.array(fc.double({ min: 1, max: 2, noNaN: true }), {
      minLength: 30,
      maxLength: 60,
    });
    let flagged = 0;
    fc.assert(
      fc.property(side, side, (a, b) => {
        if (compareRuns(result(a), result(b))[0]?.verdict === 'regression') flagged += 1;
      }),
    );
    // One in a hundred is expected of 99 % confidence; fast-check's values are not even.
    expect(flagged).toBeLessThanOrEqual(5);
  });
});

describe('samples', () => {
  it('are thinned evenly with first and last kept', () => {
    const many = Array.from({ length: 12_345 }, (_, i) => i);
    const kept = thin(many);
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([MAX_SAMPLES, 0, 12_344]);
    expect(quantile(kept, 0.5)).toBeCloseTo(6172, -1);
  });

  it('have quantiles of type 7', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3, 4, 5], 0.25)).toBe(2);
    expect(quantile([], 0.5)).toBeNull();
  });
});

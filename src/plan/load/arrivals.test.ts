import { describe, expect, it } from 'vitest';
import type { TraceRow } from '../../records/traces/trace-row.ts';
import { createRandom } from '../core/random.ts';
import { syntheticArrivals, type Shape } from './arrivals.ts';

const rowsOf = (shape: Shape, seed = 1): TraceRow[] => [
  ...syntheticArrivals({
    ratePerS: 50,
    durationMs: 400_000,
    shape,
    inputTokens: { min: 10, max: 20 },
    outputTokens: { min: 5, max: 5 },
    random: createRandom(seed),
  }),
];

/** Coefficient of variation of the gaps between arrivals. */
function variationOf(rows: readonly TraceRow[]): number {
  const gaps = rows.slice(1).map((row, i) => row.atMs - (rows[i]?.atMs ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
  return Math.sqrt(variance) / mean;
}

const shapes: Array<[string, Shape, number]> = [
  ['poisson', { kind: 'poisson' }, 1],
  ['gamma, smooth', { kind: 'gamma', variation: 0.3 }, 0.3],
  ['gamma, clumped', { kind: 'gamma', variation: 2.5 }, 2.5],
  // Of n arrivals in a group n - 1 gaps are zero: second moment 2 n mean^2, so CV^2 = 2 n - 1.
  ['burst', { kind: 'burst', size: 5 }, 3],
];

describe.each(shapes)('%s', (_, shape, variation) => {
  const rows = rowsOf(shape);

  it('keeps the asked rate and spread', () => {
    // 20,000 expected; the standard error of the rate is variation / sqrt(n), here within 1.8 %.
    expect(Math.abs(rows.length / 20_000 - 1)).toBeLessThan(0.08);
    expect(Math.abs(variationOf(rows) / variation - 1)).toBeLessThan(0.1);
  });

  it('is in order, within the duration and the token ranges', () => {
    let lastMs = 0;
    for (const row of rows) {
      expect(row.atMs).toBeGreaterThanOrEqual(lastMs);
      lastMs = row.atMs;
      expect(row.outputTokens).toBe(5);
    }
    expect(lastMs).toBeLessThan(400_000);
    expect(new Set(rows.map((row) => row.inputTokens)).size).toBe(11);
  });

  it('repeats by seed', () => {
    expect(rowsOf(shape)).toEqual(rows);
    expect(rowsOf(shape, 2)).not.toEqual(rows);
  });
});

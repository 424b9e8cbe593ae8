import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SeriesStep } from '../api/types.ts';
import { heatGrid, heightOf, roundDurations } from './heat-grid.ts';

const UPPERS = [2, 4, 8, 16, 32, 64, 128];
const STEP_MS = 60_000;
const empty = { count: 0, p50Ms: null, p95Ms: null, p99Ms: null };

const makeStep = (slot: number, counts: readonly number[]): SeriesStep => ({
  fromMs: slot * STEP_MS,
  toMs: (slot + 1) * STEP_MS,
  requests: counts.reduce((sum, count) => sum + count, 0),
  failed: 0,
  ttft: empty,
  tpot: empty,
  e2e: empty,
  heat: UPPERS.map((upper, row) => [upper, counts[row] ?? 0]),
  usageUsd: null,
  usageUnknownRequests: 0,
});

const someSteps = fc
  .uniqueArray(fc.nat({ max: 40 }), { minLength: 1, maxLength: 12 })
  .chain((slots) =>
    fc.tuple(
      ...slots
        .toSorted((a, b) => a - b)
        .map((slot) =>
          fc
            .array(fc.nat({ max: 9 }), { minLength: 7, maxLength: 7 })
            .map((counts) => makeStep(slot, counts)),
        ),
    ),
  );

describe('heat grid', () => {
  test('keeps every count, and its columns are even in time', () => {
    fc.assert(
      fc.property(someSteps, (steps) => {
        const total = steps.reduce((sum, step) => sum + step.requests, 0);
        const grid = heatGrid(steps, STEP_MS);
        if (grid === null) {
          expect(total).toBe(0);
          return;
        }
        const counts = grid.columns.flatMap((column) => column.counts);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(total);
        expect(Math.max(1, ...counts)).toBe(grid.max);
        grid.columns.forEach((column, index) => {
          expect(column.fromMs).toBe((grid.columns[0]?.fromMs ?? 0) + index * STEP_MS);
        });
      }),
    );
  });

  test('leaves out rows that nothing reached, but one on either side', () => {
    const grid = heatGrid([makeStep(0, [0, 0, 0, 5, 0, 0, 0])], STEP_MS);
    expect(grid?.rows).toEqual([
      { lowerMs: 4, upperMs: 8 },
      { lowerMs: 8, upperMs: 16 },
      { lowerMs: 16, upperMs: 32 },
    ]);
  });

  test('heights rise with the duration and are null outside', () => {
    const grid = heatGrid([makeStep(0, [0, 1, 0, 5, 0, 0, 0])], STEP_MS);
    if (grid === null) throw new Error('expected a grid');
    expect(heightOf(grid, 1000)).toBeNull();
    const heights = [3, 4, 5, 8, 10, 16, 30].map((ms) => heightOf(grid, ms) ?? Number.NaN);
    expect(heights).toEqual(heights.toSorted((a, b) => a - b));
    expect(heightOf(grid, 16)).toBeCloseTo(4 / 5, 9);
  });

  test('no request, no grid', () => {
    expect(heatGrid([], STEP_MS)).toBeNull();
    expect(heatGrid([makeStep(0, [])], STEP_MS)).toBeNull();
  });

  test('ticks are round, within the range and few', () => {
    expect(roundDurations(3, 120, 10)).toEqual([5, 10, 20, 50, 100]);
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 1e5, noNaN: true }),
        fc.integer({ min: 1, max: 8 }),
        (low, most) => {
          const ticks = roundDurations(low, low * 1000, most);
          expect(ticks.length).toBeLessThanOrEqual(most);
          expect(ticks.every((ms) => ms >= low && ms <= low * 1000)).toBe(true);
        },
      ),
    );
  });
});

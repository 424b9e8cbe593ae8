import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EmulationResult } from './emulation.ts';
import { findFed } from './feed-curve.ts';
import { lostAt, lostBeyond } from './lost-money.ts';

const at = (accelerators: number, au: number): EmulationResult => ({
  accelerators,
  au,
  wallAu: au,
  steps: 10,
  wallMs: 1000,
  samplesPerS: 1,
  mbPerS: 100,
  readMs: [],
  stepMbPerS: [],
});

describe('how many are fed', () => {
  it('is the storage over the demand, in few runs', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 64 }),
        fc.double({ min: 0.2, max: 100, noNaN: true }),
        async (maxAccelerators, capacity) => {
          let runs = 0;
          const run = (n: number): Promise<EmulationResult> => {
            runs += 1;
            return Promise.resolve(at(n, Math.min(1, capacity / n)));
          };
          const feed = await findFed(run, { auThreshold: 0.9, startAt: 1, maxAccelerators });
          const largest = Math.floor(capacity / 0.9 + 1e-12);
          expect(feed.fed).toBe(Math.min(largest, maxAccelerators));
          expect(feed.atLeast).toBe(largest >= maxAccelerators);
          expect(runs).toBeLessThanOrEqual(14);
          const counts = feed.curve.map((point) => point.accelerators);
          expect(counts).toEqual([...new Set(counts)].toSorted((a, b) => a - b));
        },
      ),
    );
  });
});

describe('money', () => {
  it('at 60 % of demand is 40 % of the spend', () => {
    expect(lostAt(at(8, 0.6), 2)).toMatchObject({
      lostShare: expect.closeTo(0.4, 9),
      usdPerHour: expect.closeTo(6.4, 9),
      usdPerDay: expect.closeTo(153.6, 9),
      basis: 'measured',
    });
    expect(lostBeyond(10, { mbPerS: 600, demandMbPerS: 100 }, 2)).toMatchObject({
      lostShare: expect.closeTo(0.4, 9),
      usdPerHour: expect.closeTo(8, 9),
      basis: 'modelled',
    });
  });

  it('of what is fed is none', () => {
    expect(lostBeyond(4, { mbPerS: 600, demandMbPerS: 100 }, 2).usdPerDay).toBe(0);
  });
});

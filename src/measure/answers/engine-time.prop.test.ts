import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchOccupancy, timeShares } from './engine-time.ts';
import { testingUse } from './testing-ledger.ts';

const share = fc.option(fc.double({ min: 0, max: 1, noNaN: true }));
const use = fc
  .record({
    sampledMs: fc.integer({ min: 0, max: 3_600_000 }),
    upMs: fc.integer({ min: 0, max: 3_600_000 }),
    busyShare: share,
    runningMean: fc.option(fc.double({ min: 0, max: 600, noNaN: true })),
    waitingMean: fc.option(fc.double({ min: 0, max: 600, noNaN: true })),
    batchLimit: fc.option(fc.integer({ min: 0, max: 512 })),
    kvUsageShare: share,
  })
  .map((some) => testingUse(some));

it('splits any use into shares of 0..1 that sum to 1', () => {
  fc.assert(
    fc.property(use, (one) => {
      const shares = Object.values(timeShares(one));
      for (const value of shares) {
        expect(value).toBeGreaterThan(0);
        expect(value).toBeLessThanOrEqual(1);
      }
      expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    }),
  );
});

describe('causes in their order', () => {
  it('says down, idle, small batches and useful work', () => {
    const shares = timeShares(testingUse({ upMs: 1_800_000, busyShare: 0.5, runningMean: 32 }));
    expect(shares).toEqual({
      'engine-down': 0.5,
      'no-demand': 0.25,
      'small-batch': expect.closeTo(0.1875, 12),
      busy: expect.closeTo(0.0625, 12),
    });
  });

  it('blames KV memory or the queue only when requests waited', () => {
    const full = { busyShare: 1, runningMean: 64, kvUsageShare: 0.95 };
    expect(timeShares(testingUse({ ...full, waitingMean: 4 }))['kv-full']).toBe(0.75);
    expect(timeShares(testingUse({ ...full, waitingMean: 0.1 }))['small-batch']).toBe(0.75);
    const roomy = { ...full, kvUsageShare: 0.5, waitingMean: 4 };
    expect(timeShares(testingUse(roomy))['queue-wait']).toBe(0.75);
  });

  it('judges waiting and KV memory by the busy time alone', () => {
    const use = { busyShare: 0.1, runningMean: 2.56, waitingMean: 0.06, kvUsageShare: 0.095 };
    expect(timeShares(testingUse(use))['kv-full']).toBeCloseTo(0.09, 12);
  });

  it('does not turn an unknown busy share into idle time', () => {
    expect(timeShares(testingUse({ busyShare: null }))).toEqual({ unknown: 1 });
    expect(timeShares(testingUse({ sampledMs: 0, upMs: 0 }))).toEqual({ unknown: 1 });
  });

  it('counts the batch while it runs, not while the engine idles', () => {
    expect(batchOccupancy(testingUse({ busyShare: 0.25, runningMean: 16 }))).toBe(0.25);
    expect(batchOccupancy(testingUse({ busyShare: 0, runningMean: 0 }))).toBeNull();
    expect(batchOccupancy(testingUse({ batchLimit: null }))).toBeNull();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emulate } from './emulate.ts';
import type { Emulation, ReadSample } from './emulation.ts';
import { virtualTiming } from './testing-virtual-timing.ts';
import { throttle } from './throttle.ts';

const SAMPLE_BYTES = 1_000_000;
const instant: ReadSample = () => Promise.resolve({ bytes: SAMPLE_BYTES, readMs: [0] });

const base: Emulation = {
  accelerators: 1,
  batchSize: 4,
  computeMs: 100,
  readThreads: 4,
  prefetchBatches: 2,
  durationMs: 20_000,
  minSteps: 2,
  sampleOf: (accelerator, n) => accelerator + n,
};

/** Bytes per second that the accelerators eat when nothing makes them wait. */
const demandOf = (one: Emulation): number =>
  (one.accelerators * one.batchSize * SAMPLE_BYTES) / (one.computeMs / 1000);

const onShare = (share: number, emulation: Emulation = base) => {
  const timing = virtualTiming();
  const read = throttle(instant, demandOf(emulation) * share, timing);
  return timing.run(emulate(emulation, read, timing));
};

describe('emulated accelerators on a reader of known rate', () => {
  it.each([0.2, 0.4, 0.6, 0.8, 0.9, 1.1, 1.2])(
    'at %f of demand: AU is the share',
    async (share) => {
      const result = await onShare(share);
      expect(Math.abs(result.au - Math.min(1, share))).toBeLessThan(0.02);
      expect(result.mbPerS * 1e6).toBeLessThanOrEqual(demandOf(base) * Math.min(1, share) * 1.001);
      expect(result.steps).toBeGreaterThan(30);
    },
  );

  it('reads 60 % at 60 % of demand', async () => {
    const { au, wallAu } = await onShare(0.6);
    expect(au).toBeCloseTo(0.6, 2);
    // The first batch is waited for in full; the bill counts that.
    expect(wallAu).toBeLessThan(au);
  });

  it('any accelerators, batches and threads meet the analytic value', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          accelerators: fc.integer({ min: 1, max: 6 }),
          batchSize: fc.integer({ min: 1, max: 8 }),
          computeMs: fc.integer({ min: 5, max: 400 }),
          readThreads: fc.integer({ min: 1, max: 8 }),
          prefetchBatches: fc.integer({ min: 2, max: 4 }),
        }),
        fc.double({ min: 0.2, max: 1.2, noNaN: true }),
        async (drawn, share) => {
          const durationMs = drawn.computeMs * 120;
          const { au, wallAu } = await onShare(share, { ...base, ...drawn, durationMs });
          expect(Math.abs(au - Math.min(1, share))).toBeLessThan(0.02);
          expect(wallAu).toBeLessThanOrEqual(au + 1e-9);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('does not read further ahead than it may', async () => {
    let begun = 0;
    const timing = virtualTiming();
    const counted: ReadSample = (sample) => {
      begun += 1;
      return instant(sample);
    };
    const result = await timing.run(emulate({ ...base, durationMs: 1000 }, counted, timing));
    expect(begun).toBeLessThanOrEqual((result.steps + base.prefetchBatches) * base.batchSize);
  });

  it('fails with the error of a read, and stops reading', async () => {
    const timing = virtualTiming();
    const failing: ReadSample = (sample) =>
      sample > 9 ? Promise.reject(new Error('disk gone')) : instant(sample);
    await expect(timing.run(emulate(base, failing, timing))).rejects.toThrow('disk gone');
  });

  it('stops when told to', async () => {
    const timing = virtualTiming();
    const controller = new AbortController();
    const read: ReadSample = async (sample) => {
      if (sample > 20) controller.abort();
      return instant(sample);
    };
    const result = await timing.run(emulate(base, read, timing, controller.signal));
    expect(result.steps).toBeLessThan(10);
  });
});

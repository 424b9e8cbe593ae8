import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rankSteps } from './rank-steps.ts';
import type { StepRecord } from './step-record.ts';

const record = (rank: number, step: number, forward: number, comm = 0, ts = step): StepRecord => ({
  ts,
  rank,
  step,
  phaseMs: { forward, comm },
});

test('a straggler stands first, by how much it delays the rest', () => {
  const records = [0, 1, 2, 3].flatMap((step) => [
    record(0, step, 100, 50),
    record(1, step, 150, 0),
    record(2, step, 100, 50),
  ]);
  const found = rankSteps(records, 3);
  expect(found.steps).toEqual([1, 2, 3]);
  expect(found.slowest[0]).toEqual({ rank: 1, excessShare: 0.5 });
  expect(found.workMs[1]).toEqual([150, 150, 150]);
  expect(found.commMs[0]).toEqual([50, 50, 50]);
  expect(found.medianWorkMs).toEqual([100, 100, 100]);
});

test('a missing rank is unknown; of a step written twice the later record counts', () => {
  const found = rankSteps([record(0, 5, 10), record(1, 6, 20), record(0, 5, 30, 0, 99)], 10);
  expect(found.workMs).toEqual([
    [30, null],
    [null, 20],
  ]);
  expect(found.medianWorkMs).toEqual([30, 20]);
});

test('every record of the last steps has its place, in any order', () => {
  const records = fc.uniqueArray(
    fc.record({
      rank: fc.integer({ min: 0, max: 6 }),
      step: fc.integer({ min: 0, max: 30 }),
      forward: fc.integer({ min: 1, max: 999 }),
    }),
    { selector: ({ rank, step }) => `${rank} ${step}`, minLength: 1, maxLength: 60 },
  );
  fc.assert(
    fc.property(records, fc.integer({ min: 1, max: 40 }), (all, most) => {
      const written = all.map((one) => record(one.rank, one.step, one.forward));
      const found = rankSteps(written, most);
      expect(found.steps.length).toBeLessThanOrEqual(most);
      expect(rankSteps(written.toReversed(), most)).toEqual(found);
      const shown = found.workMs.flat().filter((ms) => ms !== null);
      const kept = all.filter((one) => found.steps.includes(one.step));
      expect(shown.toSorted((a, b) => a - b)).toEqual(
        kept.map((one) => one.forward).toSorted((a, b) => a - b),
      );
    }),
  );
  expect(rankSteps([], 5)).toMatchObject({ ranks: [], steps: [], slowest: [] });
});

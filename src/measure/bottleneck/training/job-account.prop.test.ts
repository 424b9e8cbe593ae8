import fc from 'fast-check';
import { expect, test } from 'vitest';
import { STEP_PHASES, type StepRecord } from '../../../records/step-log/step-record.ts';
import { startMs, testingDevices, testingJob, window } from '../testing-facts.ts';
import { jobAccount } from './job-account.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });

/** Records of any order, overlap, clock and completeness, as broken sites write them. */
const record: fc.Arbitrary<StepRecord> = fc.record(
  {
    ts: fc.double({ min: startMs / 1000 - 100, max: startMs / 1000 + 4000, noNaN: true }),
    rank: fc.nat(5),
    step: fc.nat(20),
    phaseMs: fc.dictionary(
      fc.constantFrom(...STEP_PHASES),
      fc.double({ min: 0, max: 1e5, noNaN: true }),
    ),
    stepMs: fc.double({ min: 0, max: 2e5, noNaN: true }),
    tokens: fc.nat(100_000),
  },
  { requiredKeys: ['ts', 'rank', 'step', 'phaseMs'] },
);

const devices = fc
  .record({
    activeShare: share,
    smActive: share,
    tensorActive: share,
    dramActive: share,
    powerW: fc.double({ min: 0, max: 700, noNaN: true }),
    lost: share,
  })
  .map(({ lost, ...rest }) =>
    testingDevices({
      ...rest,
      throttle: {
        powerShare: lost,
        heatShare: 0,
        lostShare: lost,
        clockMhz: 1000,
        fullClockMhz: 2000,
        throttledAt: () => lost > 0.5,
      },
    }),
  );

test('any records and counters give a tree that sums to all of the time that was paid for', () => {
  fc.assert(
    fc.property(
      fc.array(record, { maxLength: 60 }),
      fc.option(devices),
      fc.constantFrom({}, { model: 'llama-3.1-8b' }, { ranks: 4, positionsPerStep: 50_000 }),
      (records, facts, change) => {
        const accounted = jobAccount({
          job: testingJob(change),
          steps: { records, notes: [] },
          window,
          nowMs: window.toMs,
          devices: facts,
        });
        if (accounted === null) return;
        const { leaves, acceleratorHours, fromMs, toMs } = accounted.account;
        expect(acceleratorHours).toBeCloseTo((2 * (toMs - fromMs)) / 3_600_000, 9);
        const sum = leaves.reduce((total, leaf) => total + leaf.share, 0);
        expect(sum).toBeCloseTo(1, 9);
        expect(Math.min(...leaves.map((leaf) => leaf.share))).toBeGreaterThanOrEqual(0);
      },
    ),
  );
});

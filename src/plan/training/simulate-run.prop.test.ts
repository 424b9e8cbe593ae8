import fc from 'fast-check';
import { describe, it } from 'vitest';
import { failureGaps } from './checkpoint-interval.ts';
import { type RunTiming, simulateRun } from './simulate-run.ts';

const timing = fc.record({
  workS: fc.integer({ min: 1, max: 200_000 }),
  intervalS: fc.option(fc.integer({ min: 100, max: 20_000 })),
  stallS: fc.integer({ min: 0, max: 300 }),
  durableDelayS: fc.integer({ min: 0, max: 600 }),
  detectS: fc.integer({ min: 0, max: 600 }),
  restartS: fc.integer({ min: 0, max: 1200 }),
});

const play = (one: Omit<RunTiming, 'gapS'>, mtbfS: number | null, seed: number) =>
  simulateRun({ ...one, gapS: mtbfS === null ? null : failureGaps(mtbfS, 1, seed) });

describe('simulateRun', () => {
  it('accounts for every second of the wall time, and repeats for a seed', () => {
    fc.assert(
      fc.property(
        timing,
        fc.integer({ min: 20_000, max: 200_000 }),
        fc.nat(),
        (one, mtbfS, seed) => {
          const run = play(one, mtbfS, seed);
          const parts =
            run.workS + run.lostWorkS + run.checkpointStallS + run.detectS + run.restartS;
          const whole = !run.complete || Math.abs(parts - run.wallS) <= 1e-9 * run.wallS;
          const again = JSON.stringify(run) === JSON.stringify(play(one, mtbfS, seed));
          return whole && again && (!run.complete || run.lostWorkS > -1e-6);
        },
      ),
    );
  });

  it('without failures takes the work and its checkpoints, nothing else', () => {
    fc.assert(
      fc.property(timing, (one) => {
        const run = play(one, null, 1);
        const between =
          one.intervalS === null ? 0 : Math.max(0, Math.ceil(one.workS / one.intervalS) - 1);
        return (
          run.complete &&
          run.checkpoints === between &&
          Math.abs(run.wallS - (one.workS + between * one.stallS)) < 1e-6
        );
      }),
    );
  });

  it('says that it does not end where nothing is ever kept', () => {
    const hopeless = { workS: 1e7, intervalS: null, stallS: 0, durableDelayS: 0 };
    const run = play({ ...hopeless, detectS: 1, restartS: 1 }, 1000, 1);
    if (run.complete) throw new Error('a run of 10,000 mean gaps without a checkpoint ended');
  });
});

import { describe, expect, it } from 'vitest';
import {
  dalyIntervalS,
  failureGaps,
  simulatedBestInterval,
} from '../../src/plan/training/checkpoint-interval.ts';

/**
 * Issue 3, acceptance 6: the simulated best interval within 5 % of Daly's for exponential failures.
 */
const CASES = [
  { stallS: 5, mtbfS: 3600 },
  { stallS: 60, mtbfS: 10_800 },
  { stallS: 300, mtbfS: 10_800 },
  { stallS: 600, mtbfS: 86_400 },
  { stallS: 1800, mtbfS: 7200 },
];

describe('best checkpoint interval', () => {
  it.each(CASES)('$stallS s every $mtbfS s', ({ stallS, mtbfS }) => {
    const timing = { stallS, mtbfS, durableDelayS: 0 };
    for (let seed = 1; seed <= 20; seed += 1) {
      const { intervalS } = simulatedBestInterval(timing, failureGaps(mtbfS, 1, seed));
      const errorPct = (intervalS / dalyIntervalS(timing) - 1) * 100;
      expect(Math.abs(errorPct), `seed ${seed}`).toBeLessThan(5);
    }
  });
});

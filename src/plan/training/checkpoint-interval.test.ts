import { describe, expect, it } from 'vitest';
import {
  dalyIntervalS,
  failureGaps,
  simulatedBestInterval,
  youngIntervalS,
} from './checkpoint-interval.ts';
import { simulateRun } from './simulate-run.ts';

describe('checkpoint intervals', () => {
  it('follow the published formulas', () => {
    const timing = { stallS: 300, durableDelayS: 0, mtbfS: 86_400 };
    expect(youngIntervalS(timing)).toBeCloseTo(Math.sqrt(2 * 300 * 86_400), 9);
    // Daly (2006) eq. 37 by hand: 7200 (1 + 0.0416667 / 3 + 0.00173611 / 9) - 300.
    expect(dalyIntervalS(timing)).toBeCloseTo(7001.3888, 3);
    expect(dalyIntervalS({ stallS: 300, durableDelayS: 0, mtbfS: 100 })).toBe(100);
  });

  it('simulated for exponential failures lie within 5 % of Daly', () => {
    const timing = { stallS: 120, durableDelayS: 0, mtbfS: 10_800 };
    const best = simulatedBestInterval(timing, failureGaps(timing.mtbfS, 1, 7));
    expect(best.intervalS / dalyIntervalS(timing)).toBeGreaterThan(0.95);
    expect(best.intervalS / dalyIntervalS(timing)).toBeLessThan(1.05);
  });

  it('are longer where failures cluster: after a short gap little is left to lose', () => {
    const timing = { stallS: 120, durableDelayS: 0, mtbfS: 10_800 };
    const clustered = simulatedBestInterval(timing, failureGaps(timing.mtbfS, 0.5, 7));
    expect(clustered.intervalS).toBeGreaterThan(dalyIntervalS(timing) * 1.1);
  });

  it('waste as much in the event core as in the search', () => {
    const timing = { stallS: 200, durableDelayS: 100, mtbfS: 7200 };
    const { intervalS, wasteShare } = simulatedBestInterval(timing, failureGaps(7200, 1, 3));
    const run = simulateRun({
      workS: 60_000_000,
      intervalS,
      stallS: timing.stallS,
      durableDelayS: timing.durableDelayS,
      detectS: 0,
      restartS: 0,
      gapS: failureGaps(7200, 1, 4),
    });
    expect(1 - run.workS / run.wallS).toBeCloseTo(wasteShare, 2);
  });
});

describe('failureGaps', () => {
  it.each([0.5, 1, 3])('keep the mean at shape %d', (shape) => {
    const gapS = failureGaps(100, shape, 11);
    let sumS = 0;
    for (let i = 0; i < 200_000; i += 1) sumS += gapS();
    expect(sumS / 200_000 / 100).toBeCloseTo(1, 1);
  });
});

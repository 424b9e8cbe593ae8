import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dataLoadingFix } from './data-loading-fix.ts';
import type { StepLanes } from './step-lanes.ts';

function step(computeUs: number, dataLoading: number, hostOperators: number): StepLanes {
  return {
    name: '1',
    startUs: 0,
    totalUs: computeUs + dataLoading + hostOperators,
    lanesUs: {
      compute: computeUs,
      communication: 0,
      copies: 0,
      dataLoading,
      runtimeCalls: 0,
      hostOperators,
      unexplained: 0,
    },
  };
}

describe('prediction of a step with a parallel loader', () => {
  test('without host time the wait simply goes', () => {
    expect(dataLoadingFix([step(100_000, 50_000, 0)])).toMatchObject({
      medianStepMs: 150,
      naiveMedianStepMs: 100,
      predictedMedianStepMs: 100,
      interval90Ms: [100, 100],
      minWorkers: 1,
    });
  });

  test('host time is slowed by half, between a twentieth and nineteen twentieths', () => {
    const fix = dataLoadingFix([step(80_000, 300_000, 20_000)]);
    expect(fix?.predictedMedianStepMs).toBeCloseTo(110, 9);
    expect(fix?.interval90Ms[0]).toBeCloseTo(101, 9);
    expect(fix?.interval90Ms[1]).toBeCloseTo(119, 9);
    expect(fix?.minWorkers).toBe(3);
  });

  test('nothing to predict without steps or without a wait', () => {
    expect(dataLoadingFix([])).toBeNull();
    expect(dataLoadingFix([step(10, 0, 5)])).toBeNull();
  });

  test('the interval holds the prediction, which is never below the time without the wait', () => {
    const us = fc.integer({ min: 1, max: 1_000_000 });
    const steps = fc.array(fc.tuple(us, us, us), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(steps, (list) => {
        const fix = dataLoadingFix(list.map(([compute, load, host]) => step(compute, load, host)));
        const [low, high] = fix?.interval90Ms ?? [Number.NaN, Number.NaN];
        expect(low).toBeLessThanOrEqual(fix?.predictedMedianStepMs ?? Number.NaN);
        expect(high).toBeGreaterThanOrEqual(fix?.predictedMedianStepMs ?? Number.NaN);
        expect(fix?.predictedMedianStepMs).toBeGreaterThanOrEqual(
          fix?.naiveMedianStepMs ?? Number.NaN,
        );
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { parseTrainingPlan } from '../../../src/plan/training/parse-training-plan.ts';
import { TRAINING_DEFAULTS, trainingPlan } from './training-plan.ts';

const parsed = (fields: Partial<typeof TRAINING_DEFAULTS>) =>
  parseTrainingPlan({
    file: 'plan',
    text: JSON.stringify(trainingPlan({ ...TRAINING_DEFAULTS, ...fields })),
    overrides: [],
  });

describe('the form of a training run', () => {
  it('writes what the planner reads', () => {
    const setup = parsed({ dataPercent: '60' });
    if (!setup.ok) throw setup.error;
    expect(setup.value.plan).toMatchObject({
      accelerators: 64,
      tokens: 1e12,
      data: { shareOfDemand: 0.6 },
      failures: { mtbfHoursPerAccelerator: 50_000 },
    });
  });

  it('leaves out what is empty, and lets the planner name what is no figure', () => {
    const setup = parsed({ dataPercent: '', mtbfHours: ' ' });
    expect(setup.ok && [setup.value.plan.data, setup.value.plan.failures]).toEqual([
      undefined,
      undefined,
    ]);
    const bad = parsed({ accelerators: 'many' });
    expect(!bad.ok && bad.error.message).toMatch(/train\.accelerators/);
  });
});

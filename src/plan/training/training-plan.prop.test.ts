import fc from 'fast-check';
import { describe, it } from 'vitest';
import { stringify } from 'yaml';
import { parseTrainingPlan } from './parse-training-plan.ts';
import { simulateTraining } from './simulate-training.ts';

const powerOfTwo = (max: number) => fc.integer({ min: 0, max }).map((n) => 2 ** n);

const plan = fc.record(
  {
    model: fc.constantFrom('llama-3.1-8b', 'llama-3.1-70b', 'qwen3-30b-a3b', 'deepseek-v3'),
    accelerator: fc.constantFrom('h100-sxm', 'b200-sxm', 'a100-sxm', 'mi300x', 'tpu-v5e', 'l40s'),
    accelerators: powerOfTwo(12),
    tokens: fc.double({ min: 1, max: 1e13, noNaN: true }),
    sequenceTokens: powerOfTwo(13),
    globalBatchSequences: powerOfTwo(13),
    recompute: fc.constantFrom('none', 'selective', 'full'),
    parallel: fc.record({
      tensor: powerOfTwo(3),
      pipeline: powerOfTwo(4),
      expert: powerOfTwo(3),
      interleave: powerOfTwo(1),
      zeroStage: fc.integer({ min: 0, max: 3 }),
    }),
    network: fc.record({
      collective: fc.constantFrom('ring', 'tree', 'hierarchical'),
      oversubscription: fc.double({ min: 1, max: 8, noNaN: true }),
    }),
    data: fc.record({
      shareOfDemand: fc.double({ min: 0.05, max: 3, noNaN: true }),
      variation: fc.constantFrom(0, 0.3),
    }),
    checkpoint: fc.record({
      mode: fc.constantFrom('sync', 'async'),
      storageGbPerS: fc.double({ min: 0.5, max: 1000, noNaN: true }),
    }),
    failures: fc.record({
      mtbfHoursPerAccelerator: fc.double({ min: 1e4, max: 1e6, noNaN: true }),
    }),
    stragglers: fc.record({ variation: fc.double({ min: 0, max: 0.2, noNaN: true }) }),
    runs: fc.constant(2),
  },
  {
    requiredKeys: [
      'model',
      'accelerator',
      'accelerators',
      'tokens',
      'globalBatchSequences',
      'runs',
    ],
  },
);

const finite = (value: unknown): boolean => {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0;
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(finite);
};

describe('training plans of any layout', () => {
  it('are refused with a code, or spend 100 % on causes that are all numbers', () => {
    let simulated = 0;
    fc.assert(
      fc.property(plan, (train) => {
        const text = stringify({ train });
        const setup = parseTrainingPlan({ file: 'p.yaml', text, overrides: [] });
        if (!setup.ok) return setup.error.code === 'TR_PLAN_INVALID';
        const run = simulateTraining(setup.value);
        if (!run.ok) return run.error.code === 'TR_PLAN_INVALID';
        simulated += 1;
        const sum = Object.values(run.value.shares).reduce((total, one) => total + one, 0);
        return Math.abs(sum - 1) < 1e-9 && finite(run.value);
      }),
    );
    if (simulated < 5) throw new Error(`only ${simulated} plans got as far as a run`);
  });
});

describe('training plan text', () => {
  it('of any kind is parsed or refused with a code and a place', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const setup = parseTrainingPlan({ file: 'p.yaml', text, overrides: [] });
        return setup.ok || setup.error.message.startsWith('p.yaml');
      }),
    );
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataStallS } from './data-loading.ts';
import { parseTrainingPlan, trainingJsonSchema } from './parse-training-plan.ts';
import { simulateTraining } from './simulate-training.ts';
import { expectedMaximum } from './straggler-wait.ts';
import { trainingReport } from './training-report.ts';
import type { TrainingSetup } from './training-setup.ts';
import { trainingStep } from './training-step.ts';

const BASE = `train:
  model: llama-3.1-8b
  accelerator: h100-sxm
  accelerators: 64
  tokens: 1e12
  globalBatchSequences: 512
  usdPerAcceleratorHour: 2.5
`;

const parse = (extra = '', base = BASE) =>
  parseTrainingPlan({ file: 'p.yaml', text: `${base}${extra}`, overrides: [] });

function setupOf(extra = '', base = BASE): TrainingSetup {
  const setup = parse(extra, base);
  if (!setup.ok) throw setup.error;
  return setup.value;
}

function runOf(extra = '', base = BASE) {
  const run = simulateTraining(setupOf(extra, base));
  if (!run.ok) throw run.error;
  return run.value;
}

const FAILING = `  checkpoint: { storageGbPerS: 2 }
  failures: { mtbfHoursPerAccelerator: 2000 }
`;

describe('training plans', () => {
  it('lose 40 % of the spend to a data pipeline at 60 % of demand, in money, with the gain of the fix', () => {
    const report = trainingReport(setupOf('  data: { shareOfDemand: 0.6 }\n'));
    if (!report.ok) throw report.error;
    const { run, fixes } = report.value;
    expect(run.shares.dataInput).toBeCloseTo(0.4, 12);
    const [best] = fixes;
    expect(best).toMatchObject({ cause: 'dataInput' });
    expect(best?.savedUsd).toBeCloseTo(0.4 * (run.costUsd?.mean ?? 0), 4);
    expect(best?.wallHours).toBeCloseTo(0.6 * run.wallHours.mean, 6);
    // The fix is worth exactly what the plan without the pipeline costs less.
    expect(runOf().costUsd?.mean).toBeCloseTo((run.costUsd?.mean ?? 0) - (best?.savedUsd ?? 0), 4);
  });

  it('spend 100 %, whatever the causes, and repeat byte for byte', () => {
    const extra = `${FAILING}  data: { shareOfDemand: 0.9, variation: 0.3 }
  stragglers: { variation: 0.02, slowestPercent: 3 }
  compute: { stepOverheadMs: 50 }
  recompute: full
`;
    const run = runOf(extra);
    const sum = Object.values(run.shares).reduce((total, one) => total + one, 0);
    expect(sum).toBeCloseTo(1, 9);
    expect(Math.min(...Object.values(run.shares))).toBeGreaterThanOrEqual(0);
    expect(JSON.stringify(runOf(extra))).toBe(JSON.stringify(run));
    expect(run.wallHours.low).toBeLessThan(run.wallHours.high);
  });

  it('take model FLOPs of 6 per parameter and token, attention apart', () => {
    const step = trainingStep(setupOf('  sequenceTokens: 128\n'));
    if (!step.ok) throw step.error;
    const tokens = 512 * 128;
    // 8.03e9 parameters, of which the embedding table takes no arithmetic.
    const params = 8_030_261_248 - 128_256 * 4096;
    expect(step.value.modelFlops / (6 * params * tokens)).toBeCloseTo(1, 1);
    expect(step.value.mfu).toBeLessThanOrEqual(0.5);
  });

  it('keep the bubble of 1F1B at (p - 1) / m of the work, and halve it by interleaving', () => {
    const stepOf = (layout: string) => {
      const step = trainingStep(setupOf(`  parallel: { ${layout} }\n`));
      if (!step.ok) throw step.error;
      return step.value;
    };
    const { bubbleS, computeS, recomputeS } = stepOf('pipeline: 4');
    expect(bubbleS / (computeS + recomputeS)).toBeCloseTo(3 / 32, 9);
    expect(stepOf('pipeline: 4, interleave: 2').bubbleS).toBeCloseTo(bubbleS / 2, 9);
  });

  it('leave cost and energy unknown where the catalog has no figure', () => {
    const run = runOf(
      '',
      BASE.replace('h100-sxm', 'tpu-v5e').replace(
        / {2}usdPer.*\n/,
        '  recompute: full\n  parallel: { pipeline: 16 }\n',
      ),
    );
    expect(run).toMatchObject({ costUsd: null, usdBasis: 'unknown', energyKwh: null });
  });

  it('prefer asynchronous checkpoints, and a shorter interval for them', () => {
    const sync = runOf(FAILING);
    const async = runOf(FAILING.replace('storageGbPerS: 2', 'storageGbPerS: 2, mode: async'));
    expect(async.wallHours.mean).toBeLessThan(sync.wallHours.mean);
    expect(async.checkpoint?.intervalS).toBeLessThan(sync.checkpoint?.intervalS ?? 0);
    expect(async.checkpoint?.intervalS).toBeGreaterThanOrEqual(async.checkpoint?.writeS ?? 0);
  });
});

describe('what a plan refuses', () => {
  const cases: Array<[string, string, string, string]> = [
    [
      'a negative rate',
      'usdPerAcceleratorHour: 2.5',
      'usdPerAcceleratorHour: -1',
      'train.usdPerAcceleratorHour: must be more than 0',
    ],
    ['NaN', 'tokens: 1e12', 'tokens: .nan', 'train.tokens: must be'],
    [
      'an unknown accelerator',
      'h100-sxm',
      'h100-sxn',
      'train.accelerator: "h100-sxn" is not an accelerator of the catalog (did you mean h100-sxm?)',
    ],
    ['an unknown model', 'llama-3.1-8b', 'llama-3.1-9b', 'did you mean llama-3.1-8b?'],
    [
      'an unknown key',
      'tokens: 1e12',
      'tokenz: 1e12',
      'train.tokenz: is not a known key (did you mean tokens?)',
    ],
    [
      'accelerators that do not divide',
      'accelerators: 64',
      'accelerators: 63\n  parallel: { tensor: 4 }',
      'use 64',
    ],
    [
      'a batch that does not divide',
      'globalBatchSequences: 512',
      'globalBatchSequences: 500',
      'use 512',
    ],
    [
      'heads that do not divide',
      'globalBatchSequences: 512',
      'globalBatchSequences: 512\n  parallel: { tensor: 64 }',
      'must divide the 32 attention heads of Llama 3.1 8B: use 32',
    ],
    ['a model that does not fit', 'llama-3.1-8b', 'llama-3.1-70b', 'does not fit'],
  ];
  it.each(cases)('%s', (_, from, to, message) => {
    const plan = parse('', BASE.replace(from, to));
    expect(plan.ok ? null : plan.error.code).toBe('TR_PLAN_INVALID');
    expect(plan.ok ? '' : plan.error.message).toContain(message);
    expect(plan.ok ? '' : plan.error.message).toMatch(/^p\.yaml:\d+:\d+: train/);
  });

  it('names a change after which the model fits', () => {
    const plan = parse('', BASE.replace('llama-3.1-8b', 'llama-3.1-70b'));
    const fix = /set (parallel\.\w+) (\d+)(?: and (parallel\.\w+) (\d+))?/.exec(
      plan.ok ? '' : plan.error.message,
    );
    const overrides = [
      [fix?.[1], fix?.[2]],
      [fix?.[3], fix?.[4]],
    ].flatMap(([path, value]) =>
      path === undefined
        ? []
        : [{ path: ['train', ...path.split('.')], value: Number(value), from: path }],
    );
    expect(overrides).not.toEqual([]);
    const fixed = parseTrainingPlan({
      file: 'p.yaml',
      text: BASE.replace('llama-3.1-8b', 'llama-3.1-70b'),
      overrides,
    });
    expect(fixed.ok ? '' : fixed.error.message).toBe('');
  });

  it('a run that never ends', () => {
    const run = simulateTraining(setupOf('  failures: { mtbfHoursPerAccelerator: 10 }\n'));
    expect(run.ok ? null : run.error).toMatchObject({
      code: 'TR_PLAN_INVALID',
      field: 'checkpoint',
    });
    expect(run.ok ? '' : run.error.message).toContain('never ends');
  });
});

describe('dataStallS', () => {
  const even = { stepS: 1, variation: 0, prefetchBatches: 2, seed: 1 };
  it('is what loading takes longer, when it is even', () => {
    expect(dataStallS({ ...even, loadS: 1 / 0.6 })).toBeCloseTo(1 / 0.6 - 1, 12);
    expect(dataStallS({ ...even, loadS: 0.5 })).toBe(0);
  });

  it('shrinks with the buffer when loading is uneven, and never falls below the even one', () => {
    const stall = (prefetchBatches: number, loadS: number) =>
      dataStallS({ ...even, loadS, variation: 0.5, prefetchBatches });
    expect(stall(1, 0.9)).toBeGreaterThan(stall(4, 0.9));
    expect(stall(4, 0.9)).toBeGreaterThan(stall(64, 0.9));
    expect(stall(64, 1.5)).toBeGreaterThan(0.48);
  });
});

describe('expectedMaximum', () => {
  it('matches the exact expected maxima of normal samples', () => {
    // Harter, "Expected values of normal order statistics", Biometrika 48 (1961).
    for (const [count, exact, error] of [
      [2, 0.56419, 0.05],
      [10, 1.53875, 0.01],
      [100, 2.50759, 0.01],
    ] as const) {
      expect(Math.abs(expectedMaximum(count) / exact - 1)).toBeLessThan(error);
    }
    expect(expectedMaximum(1)).toBe(0);
  });
});

describe('docs/planner.md', () => {
  it('shows a plan that parses', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/planner.md'), 'utf8');
    const text = /```yaml\n(train:\n[^`]+)```/.exec(page)?.[1] ?? '';
    const setup = parseTrainingPlan({ file: 'planner.md', text, overrides: [] });
    expect(setup.ok ? '' : setup.error.message).toBe('');
  });

  it('lies beside a schema that is generated', () => {
    const file = join(import.meta.dirname, '../../../docs/training-plan.schema.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(trainingJsonSchema())),
    );
  });
});

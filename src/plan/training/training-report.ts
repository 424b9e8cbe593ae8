import { ok, type Result } from '../../records/errors.ts';
import { simulateTraining, type TrainingRun } from './simulate-training.ts';
import { type TrainingFix, trainingFixes } from './training-fixes.ts';
import { trainingMemory, type TrainingMemory } from './training-memory.ts';
import type { TrainingSetup } from './training-setup.ts';

/** Everything a person sees of a training plan. */
export interface TrainingReport {
  model: string;
  accelerator: string;
  accelerators: number;
  tokens: number;
  dataParallel: number;
  microBatches: number;
  memory: TrainingMemory;
  run: TrainingRun;
  fixes: TrainingFix[];
  /** What was assumed, not modelled, or stands outside what is known. */
  notes: string[];
}

/** Simulates a plan and each change that might pay. TR_PLAN_INVALID as simulateTraining. */
export function trainingReport(setup: TrainingSetup): Result<TrainingReport> {
  const { plan, model, accelerator, dataParallel, microBatches } = setup;
  const run = simulateTraining(setup);
  if (!run.ok) return run;
  return ok({
    model: model.name,
    accelerator: accelerator.name,
    accelerators: plan.accelerators,
    tokens: plan.tokens,
    dataParallel,
    microBatches,
    memory: trainingMemory(setup),
    run: run.value,
    fixes: trainingFixes(plan, run.value),
    notes: notesOf(setup, run.value),
  });
}

function notesOf({ plan, accelerator, model }: TrainingSetup, run: TrainingRun): string[] {
  const notes: Array<string | false> = [
    run.step.provenance === 'roofline' &&
      'step time is a roofline with a typical share of peak: give compute.shareOfPeak from a measured run',
    'exchange inside a node follows measured tables, between nodes an alpha-beta model of the topology',
    'model arithmetic counts at its share of peak: what kernels leave of the peak is in it, not a cause',
    plan.data === undefined && 'data loading is not described: taken as never waiting (data)',
    plan.failures === undefined && 'failures are not described: nothing fails (failures)',
    plan.failures !== undefined &&
      plan.checkpoint === undefined &&
      'no checkpoint is described: each failure starts the run again (checkpoint)',
    plan.failures === undefined &&
      plan.checkpoint?.intervalMinutes === 'best' &&
      'without failures the best interval is never: no checkpoint is written (failures)',
    run.usdBasis === 'catalog median' &&
      `price is the catalog's median rent of ${accelerator.name}: give usdPerAcceleratorHour`,
    run.usdBasis === 'unknown' &&
      `the catalog has no price of ${accelerator.name}: cost is unknown (usdPerAcceleratorHour)`,
    run.energyKwh === null && `no TDP of ${accelerator.name} is published: energy is unknown`,
    plan.power.pue === 1 && 'energy is of the IT equipment only: give power.pue for the site',
    plan.power.hostWPerAccelerator === 0 &&
      'energy is of the accelerators only: give power.hostWPerAccelerator for their hosts',
    model.experts !== null &&
      plan.parallel.expert > 1 &&
      'experts are taken as evenly used; a skewed router makes exchange and stragglers larger',
  ];
  return notes.filter((note) => note !== false);
}

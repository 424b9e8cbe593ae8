import { simulateTraining, type TrainingRun } from './simulate-training.ts';
import { trainingMemory } from './training-memory.ts';
import type { TrainingPlan } from './training-plan.ts';
import type { SpendCause } from './training-spend.ts';
import { trainingSetup } from './training-setup.ts';

/** One change of a plan, simulated with the same failures, and what it would bring. */
export interface TrainingFix {
  cause: SpendCause;
  /** What to change, in the words of the plan. */
  change: string;
  savedHours: number;
  /** Of the cost of the run as planned; what the change itself costs is not counted. */
  savedShare: number;
  savedUsd: number | null;
  wallHours: number;
}

/** A change worth naming: below this share it is noise between runs. */
const LEAST_SHARE = 0.002;

type Change = (plan: TrainingPlan) => TrainingPlan | null;

/** Changes that are tried; each answers null where the plan leaves nothing to change. */
const CHANGES: ReadonlyArray<{ cause: SpendCause; change: string; apply: Change }> = [
  {
    cause: 'dataInput',
    change: 'load data as fast as the accelerators eat it (data.shareOfDemand 1)',
    apply: (plan) => (plan.data?.variation === 0 ? withLoaders(plan, 1) : null),
  },
  {
    cause: 'dataInput',
    change: 'load data half as fast again as the accelerators eat it (data.shareOfDemand 1.5)',
    apply: (plan) => ((plan.data?.variation ?? 0) > 0 ? withLoaders(plan, 1.5) : null),
  },
  {
    cause: 'checkpoint',
    change: 'write checkpoints asynchronously (checkpoint.mode async)',
    apply: (plan) =>
      plan.checkpoint?.mode === 'sync'
        ? { ...plan, checkpoint: { ...plan.checkpoint, mode: 'async' } }
        : null,
  },
  {
    cause: 'lostWork',
    change: 'write checkpoints at the best interval (checkpoint.intervalMinutes best)',
    apply: (plan) =>
      plan.checkpoint === undefined || plan.checkpoint.intervalMinutes === 'best'
        ? null
        : { ...plan, checkpoint: { ...plan.checkpoint, intervalMinutes: 'best' } },
  },
  {
    cause: 'restart',
    change: 'halve detection and restart (failures.detectMinutes, failures.restartMinutes)',
    apply: (plan) =>
      plan.failures === undefined
        ? null
        : {
            ...plan,
            failures: {
              ...plan.failures,
              detectMinutes: plan.failures.detectMinutes / 2,
              restartMinutes: plan.failures.restartMinutes / 2,
            },
          },
  },
  {
    cause: 'stragglers',
    change: 'find and replace the slow accelerators (stragglers.slowestPercent 0)',
    apply: (plan) =>
      plan.stragglers.slowestPercent === 0
        ? null
        : { ...plan, stragglers: { ...plan.stragglers, slowestPercent: 0 } },
  },
  {
    cause: 'communication',
    change: 'a network without oversubscription (network.oversubscription 1)',
    apply: (plan) =>
      plan.network.oversubscription === 1
        ? null
        : { ...plan, network: { ...plan.network, oversubscription: 1 } },
  },
  {
    cause: 'pipelineBubble',
    change: 'interleave two model chunks a stage (parallel.interleave doubled)',
    apply: (plan) =>
      plan.parallel.pipeline === 1
        ? null
        : {
            ...plan,
            parallel: { ...plan.parallel, interleave: plan.parallel.interleave * 2 },
          },
  },
  {
    cause: 'recompute',
    change: 'keep activations (recompute none, or selective instead of full)',
    apply: (plan) =>
      plan.recompute === 'none'
        ? null
        : { ...plan, recompute: plan.recompute === 'full' ? 'selective' : 'none' },
  },
];

function withLoaders(plan: TrainingPlan, shareOfDemand: number): TrainingPlan {
  const { prefetchBatches = 2, variation = 0 } = plan.data ?? {};
  return { ...plan, data: { shareOfDemand, prefetchBatches, variation } };
}

/**
 * The changes that save something, the largest saving first. Layouts that do not divide or fit are
 * left out.
 */
export function trainingFixes(plan: TrainingPlan, asPlanned: TrainingRun): TrainingFix[] {
  return CHANGES.flatMap(({ cause, change, apply }) => {
    const changed = apply(plan);
    const checked = changed === null ? null : trainingSetup(changed);
    if (checked === null || !checked.ok || !trainingMemory(checked.setup).fits) return [];
    const run = simulateTraining(checked.setup);
    if (!run.ok) return [];
    const wallHours = run.value.wallHours.mean;
    const savedHours = asPlanned.wallHours.mean - wallHours;
    const savedShare = savedHours / asPlanned.wallHours.mean;
    const cost = asPlanned.costUsd?.mean ?? null;
    const savedUsd = cost === null ? null : cost * savedShare;
    const fix = { cause, change, savedHours, savedShare, savedUsd, wallHours };
    return savedShare < LEAST_SHARE ? [] : [fix];
  }).toSorted((a, b) => b.savedShare - a.savedShare);
}

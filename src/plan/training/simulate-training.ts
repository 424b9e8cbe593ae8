import { typicalRental } from '../../catalog/rental.ts';
import { mixSeeds } from '../core/random.ts';
import { fail, ok, type Result } from '../../records/errors.ts';
import { failureGaps } from './checkpoint-interval.ts';
import { type CheckpointPlan, checkpointPlan, systemMtbfS } from './checkpoint-plan.ts';
import { type RunTimes, simulateRun } from './simulate-run.ts';
import { meanAcceleratorW } from './training-energy.ts';
import { SPEND_CAUSES, type SpendShares, spendShares } from './training-spend.ts';
import type { TrainingSetup } from './training-setup.ts';
import { tokensPerStep, type TrainingStep, trainingStep } from './training-step.ts';

/** Mean over simulated runs, and where 90 % of the runs lie. */
export interface Spread {
  mean: number;
  low: number;
  high: number;
}

/** What one training run takes; money and energy are null where a figure for them is missing. */
export interface TrainingRun {
  step: TrainingStep;
  steps: number;
  checkpoint: CheckpointPlan | null;
  wallHours: Spread;
  failures: Spread;
  /** Wall time in which steps were made that counted. */
  effectiveTimeShare: number;
  shares: SpendShares;
  usdPerAcceleratorHour: number | null;
  usdBasis: 'plan' | 'catalog median' | 'unknown';
  costUsd: Spread | null;
  costUsdPerTrillionTokens: number | null;
  energyKwh: number | null;
  energyKwhPerTrillionTokens: number | null;
}

/**
 * Plays the run `plan.runs` times with failures of its own seeds and averages. Same plan, same
 * result. TR_PLAN_INVALID when failures come so often that the run never ends.
 */
export function simulateTraining(setup: TrainingSetup): Result<TrainingRun> {
  const { plan } = setup;
  const stepped = trainingStep(setup);
  if (!stepped.ok) return stepped;
  const step = stepped.value;
  const steps = Math.ceil(plan.tokens / tokensPerStep(setup));
  const checkpoint = checkpointPlan(setup);
  const runs = runsOf(setup, steps * step.stepS, checkpoint);
  if (runs.some((run) => !run.complete)) return neverEnds(setup);
  const wallHours = spreadOf(runs.map((run) => run.wallS / 3600));
  const shares = meanShares(
    runs.map((run) => spendShares(step, run)),
    runs,
  );
  const money = moneyOf(setup, wallHours);
  const energyKwh = energyOf(setup, shares, wallHours.mean);
  const trillions = plan.tokens / 1e12;
  return ok({
    step,
    steps,
    checkpoint,
    wallHours,
    failures: spreadOf(runs.map((run) => run.failures)),
    effectiveTimeShare: mean(runs.map((run) => run.workS)) / mean(runs.map((run) => run.wallS)),
    shares,
    ...money,
    costUsdPerTrillionTokens: money.costUsd === null ? null : money.costUsd.mean / trillions,
    energyKwh,
    energyKwhPerTrillionTokens: energyKwh === null ? null : energyKwh / trillions,
  });
}

function runsOf(
  setup: TrainingSetup,
  workS: number,
  checkpoint: CheckpointPlan | null,
): RunTimes[] {
  const { failures, accelerators, runs, seed } = setup.plan;
  const base = {
    workS,
    intervalS: checkpoint?.intervalS ?? null,
    stallS: checkpoint?.timing.stallS ?? 0,
    durableDelayS: checkpoint?.timing.durableDelayS ?? 0,
  };
  if (failures === undefined) {
    return [simulateRun({ ...base, detectS: 0, restartS: 0, gapS: null })];
  }
  const mtbfS = systemMtbfS(failures.mtbfHoursPerAccelerator, accelerators);
  const detectS = failures.detectMinutes * 60;
  const restartS = failures.restartMinutes * 60;
  const results: RunTimes[] = [];
  for (let run = 0; run < runs; run += 1) {
    const gapS = failureGaps(mtbfS, failures.shape, mixSeeds(seed, 1000 + run));
    const times = simulateRun({ ...base, detectS, restartS, gapS });
    results.push(times);
    if (!times.complete) break;
  }
  return results;
}

/** Shares of the time of all runs together, so that they still sum to 1. */
function meanShares(all: readonly SpendShares[], runs: readonly RunTimes[]): SpendShares {
  const wallS = runs.reduce((sum, run) => sum + run.wallS, 0);
  const entries = SPEND_CAUSES.map((cause) => {
    const weighted = all.reduce((sum, one, i) => sum + one[cause] * (runs[i]?.wallS ?? 0), 0);
    return [cause, weighted / wallS];
  });
  return Object.fromEntries(entries) as SpendShares;
}

function moneyOf(
  { plan, accelerator }: TrainingSetup,
  wallHours: Spread,
): Pick<TrainingRun, 'usdPerAcceleratorHour' | 'usdBasis' | 'costUsd'> {
  const given = plan.usdPerAcceleratorHour;
  const rental = given === undefined ? typicalRental(accelerator.id) : null;
  const usdPerAcceleratorHour = given ?? rental?.medianUsdPerHour ?? null;
  if (usdPerAcceleratorHour === null) {
    return { usdPerAcceleratorHour, usdBasis: 'unknown', costUsd: null };
  }
  const usd = (hours: number): number => hours * plan.accelerators * usdPerAcceleratorHour;
  return {
    usdPerAcceleratorHour,
    usdBasis: given === undefined ? 'catalog median' : 'plan',
    costUsd: { mean: usd(wallHours.mean), low: usd(wallHours.low), high: usd(wallHours.high) },
  };
}

function energyOf(setup: TrainingSetup, shares: SpendShares, wallHours: number): number | null {
  const { plan, accelerator } = setup;
  const watts = meanAcceleratorW(accelerator, shares);
  if (watts === null) return null;
  const perAcceleratorW = (watts + plan.power.hostWPerAccelerator) * plan.power.pue;
  return (perAcceleratorW * plan.accelerators * wallHours) / 1000;
}

function neverEnds({ plan }: TrainingSetup): Result<never> {
  if (plan.failures === undefined) {
    return fail(
      'TR_PLAN_INVALID',
      'more checkpoints than can be simulated: raise checkpoint.intervalMinutes',
      { field: 'checkpoint.intervalMinutes' },
    );
  }
  const hours = systemMtbfS(plan.failures.mtbfHoursPerAccelerator, plan.accelerators) / 3600;
  return fail(
    'TR_PLAN_INVALID',
    `the run never ends: ${plan.accelerators} accelerators fail every ${hours.toPrecision(3)} h, and ` +
      'too little work is kept in between: raise failures.mtbfHoursPerAccelerator or ' +
      'checkpoint.storageGbPerS, lower failures.restartMinutes, or describe a checkpoint',
    { field: plan.checkpoint === undefined ? 'checkpoint' : 'failures.mtbfHoursPerAccelerator' },
  );
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, one) => sum + one, 0) / values.length;

/** 5 % and 95 % points, by linear interpolation between runs. */
function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const low = sorted[Math.floor(place)] ?? 0;
    const high = sorted[Math.ceil(place)] ?? low;
    return low + (high - low) * (place - Math.floor(place));
  };
  return { mean: mean(values), low: at(0.05), high: at(0.95) };
}

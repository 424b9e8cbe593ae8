import { mixSeeds } from '../core/random.ts';
import {
  type CheckpointTiming,
  dalyIntervalS,
  failureGaps,
  simulatedBestInterval,
  youngIntervalS,
} from './checkpoint-interval.ts';
import type { TrainingSetup } from './training-setup.ts';

/** What a checkpoint of the plan weighs, costs and how often it is written. */
export interface CheckpointPlan {
  bytes: number;
  writeS: number;
  timing: Omit<CheckpointTiming, 'mtbfS'>;
  /** Seconds of work between two; null where no failures are described and no interval is given. */
  intervalS: number | null;
  /** Optima; null without failures. Young's and Daly's assume exponential ones. */
  youngS: number | null;
  dalyS: number | null;
  simulatedS: number | null;
}

/** 16-bit weights, 32-bit master copy and two moments of Adam. Gradients are not kept. */
const BYTES_PER_PARAM = 2 + 4 + 8;

/**
 * A synchronous checkpoint stops the work while it is written to storage; an asynchronous one only
 * while the state is copied to host memory, and can be restored from once it is written. The next
 * copy waits for the last write, so an interval is at least that long. Null when the plan writes
 * none.
 */
export function checkpointPlan(setup: TrainingSetup): CheckpointPlan | null {
  const { plan, model } = setup;
  const { checkpoint } = plan;
  if (checkpoint === undefined) return null;
  const bytes = model.paramsTotal * BYTES_PER_PARAM;
  const writeS = bytes / (checkpoint.storageGbPerS * 1e9);
  const timing =
    checkpoint.mode === 'sync'
      ? { stallS: writeS, durableDelayS: 0 }
      : {
          stallS: bytes / writersOf(setup) / (checkpoint.hostGbPerSPerAccelerator * 1e9),
          durableDelayS: writeS,
        };
  const atLeastS = checkpoint.mode === 'async' ? writeS : 0;
  const best = bestIntervals(setup, timing);
  const wantedS =
    checkpoint.intervalMinutes === 'best'
      ? (best?.simulatedS ?? null)
      : checkpoint.intervalMinutes * 60;
  return {
    bytes,
    writeS,
    timing,
    intervalS: wantedS === null ? null : Math.max(wantedS, atLeastS),
    youngS: best?.youngS ?? null,
    dalyS: best?.dalyS ?? null,
    simulatedS: best?.simulatedS ?? null,
  };
}

/** With ZeRO every rank holds a part of the state, else one replica's ranks hold it all. */
function writersOf({ plan }: TrainingSetup): number {
  const { zeroStage, tensor, pipeline } = plan.parallel;
  return zeroStage > 0 ? plan.accelerators : tensor * pipeline;
}

function bestIntervals(
  { plan }: TrainingSetup,
  timing: Omit<CheckpointTiming, 'mtbfS'>,
): { youngS: number; dalyS: number; simulatedS: number } | null {
  if (plan.failures === undefined) return null;
  const mtbfS = systemMtbfS(plan.failures.mtbfHoursPerAccelerator, plan.accelerators);
  const gapS = failureGaps(mtbfS, plan.failures.shape, mixSeeds(plan.seed, 3));
  const whole = { ...timing, mtbfS };
  const { intervalS } = simulatedBestInterval(whole, gapS);
  return { youngS: youngIntervalS(whole), dalyS: dalyIntervalS(whole), simulatedS: intervalS };
}

/** Independent parts in series: rates add. */
export const systemMtbfS = (hoursPerAccelerator: number, accelerators: number): number =>
  (hoursPerAccelerator * 3600) / accelerators;

import type { AccountDetail } from '../account-detail.ts';
import type { DeviceFacts } from '../device-facts.ts';
import type { JobWork } from './job-account.ts';
import type { RankStep } from './rank-timeline.ts';

/** Figures of a job that the rules speak of. */
export function jobDetail(work: JobWork, devices: DeviceFacts | null): AccountDetail {
  const { job, exchange, kept } = work;
  const feed = feedOf(work);
  const checkpoint = checkpointOf(kept);
  const throttle = devices?.throttle ?? null;
  return {
    ...(feed === null ? {} : { feed }),
    ...(exchange.lastRank === null ? {} : { lastRank: exchange.lastRank }),
    ...(exchange.paceMs === null || kept.length === 0
      ? {}
      : {
          exchange: {
            bestS: exchange.paceMs / 1000,
            stepS: meanOf(kept, (s) => s.phaseMs.comm) / 1000,
          },
        }),
    ...(throttle === null || throttle.powerShare + throttle.heatShare === 0
      ? {}
      : {
          throttle: {
            clockShare:
              throttle.clockMhz === null || throttle.fullClockMhz === null
                ? null
                : throttle.clockMhz / throttle.fullClockMhz,
            powerW: devices?.powerW ?? null,
            powerLimitW: devices?.powerLimitW ?? null,
          },
        }),
    ...(job.pipeline === undefined ? {} : { pipeline: job.pipeline }),
    ...(checkpoint === null ? {} : { checkpoint }),
  };
}

const meanOf = (steps: readonly RankStep[], of: (one: RankStep) => number): number =>
  steps.reduce((sum, one) => sum + of(one), 0) / steps.length;

/**
 * What the loaders gave per second, and what the accelerators could have taken: the same work in the time without waits for
 * data. Waits of other ranks for a rank without data count as such.
 */
function feedOf({ kept, exchange }: JobWork): NonNullable<AccountDetail['feed']> | null {
  if (kept.length === 0) return null;
  const ranks = new Set(kept.map((one) => one.rank)).size;
  const stepMs = meanOf(kept, (one) => one.endMs - one.startMs);
  const stallMs = meanOf(kept, (one) => one.phaseMs.data + exchange.splitOf(one).dataMs);
  if (stallMs <= 0 || stallMs >= stepMs) return null;
  const [unit, perStep] = unitsOf(kept, ranks);
  return {
    unit,
    actualPerS: perStep / (stepMs / 1000),
    couldTakePerS: perStep / ((stepMs - stallMs) / 1000),
    stepS: (stepMs - stallMs) / 1000,
    stallS: stallMs / 1000,
    loadVariation: variationOf(kept),
  };
}

/** Coefficient of variation of the steps: of a job that its loaders pace, that of loading. */
function variationOf(kept: readonly RankStep[]): number {
  const mean = meanOf(kept, (one) => one.endMs - one.startMs);
  return Math.sqrt(meanOf(kept, (one) => (one.endMs - one.startMs - mean) ** 2)) / mean;
}

/** Of all ranks together, per step. */
function unitsOf(
  kept: readonly RankStep[],
  ranks: number,
): ['tokens' | 'samples' | 'steps', number] {
  for (const unit of ['samples', 'tokens'] as const) {
    if (kept.every((one) => one[unit] !== null)) {
      return [unit, meanOf(kept, (one) => one[unit] ?? 0) * ranks];
    }
  }
  return ['steps', 1];
}

function checkpointOf(kept: readonly RankStep[]): NonNullable<AccountDetail['checkpoint']> | null {
  const writes = kept.filter((one) => one.phaseMs.checkpoint > 0);
  if (writes.length === 0) return null;
  return {
    everySteps: kept.length / writes.length,
    eachS: meanOf(writes, (one) => one.phaseMs.checkpoint) / 1000,
  };
}

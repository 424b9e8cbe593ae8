import type { JobConfig } from '../../../config/schema.ts';
import type { DeviceFacts } from '../device-facts.ts';
import type { TimeBook } from '../time-book.ts';

/** What a job's kept forward, backward and optimizer phases came to, accelerator-seconds. */
export interface ComputeTime {
  seconds: number;
  /** FLOPs of the kept work over the peak; null without tokens, FLOPs of a token or a peak. */
  usefulSeconds: number | null;
  /** Share of it that the accelerators would not have needed at full clocks; null where not known. */
  throttledShare: number | null;
  /** Tokens over the positions that the batches had room for. */
  filledShare: number | null;
}

/** Devices whose SMs are active less than this while they compute are not full. */
const FULL_SM = 0.95;
/** DRAM cycles above this share, while tensor pipes rest, are the limit. */
const DRAM_MATTERS = 0.5;

/**
 * Splits active time of a job in the documented order: throttled, pipeline bubble, padding, useful, memory bandwidth, low
 * occupancy; what no counter explains stays. Counters are means over the whole window, so they are scaled to active time.
 */
export function splitCompute(
  book: TimeBook,
  compute: ComputeTime,
  facts: { job: JobConfig; devices: DeviceFacts | null; windowSeconds: number },
): void {
  const { job, devices } = facts;
  let left = compute.seconds;
  const take = (...ask: Parameters<TimeBook['take']>): void => {
    left -= book.take(ask[0], Math.min(ask[1], left), ask[2]);
  };
  take('throttled', compute.seconds * (compute.throttledShare ?? 0), {
    confidence: 'medium',
    evidence: throttleEvidence(devices, compute.throttledShare),
  });
  if (job.pipeline !== undefined) {
    const share = bubbleShare(job.pipeline);
    const evidence = `(p - 1) / (v m + p - 1) of ${job.pipeline.stages} stages, ${job.pipeline.microbatches} microbatches`;
    take('pipeline-bubble', left * share, { confidence: 'medium', evidence });
  }
  if (compute.filledShare !== null) {
    const evidence = `${percent(compute.filledShare)} of the positions hold tokens`;
    take('padding', left * (1 - compute.filledShare), { confidence: 'high', evidence });
  }
  const perActive = perActiveTime(compute.seconds / facts.windowSeconds);
  takeUseful(take, compute, perActive(devices?.tensorActive ?? null), job);
  const dram = perActive(devices?.dramActive ?? null);
  const tensor = perActive(devices?.tensorActive ?? null);
  if (dram !== null && tensor !== null && dram >= DRAM_MATTERS) {
    const evidence = `memory is busy ${percent(dram)} of active time, tensor pipes ${percent(tensor)} (DCGM)`;
    // Cycles of the one without the other are at least their difference.
    take('memory-bandwidth', compute.seconds * (dram - tensor), { confidence: 'medium', evidence });
  }
  const sm = perActive(devices?.smActive ?? null);
  if (sm !== null && sm < FULL_SM) {
    const evidence = `SMs are active ${percent(sm)} of active time (DCGM)`;
    take('low-occupancy', compute.seconds * (1 - sm), { confidence: 'medium', evidence });
  }
  if (left > 0) {
    const rest = `${percent(left / book.paidSeconds)} is computing that no counter says to be useful or held down`;
    book.unknown(devices === null ? `${rest}: no device counters (docs/sources.md)` : rest);
  }
}

function takeUseful(
  take: (...ask: Parameters<TimeBook['take']>) => void,
  compute: ComputeTime,
  tensorActive: number | null,
  job: JobConfig,
): void {
  if (compute.usefulSeconds !== null) {
    const evidence = `FLOPs of kept tokens over the ${job.precision} peak of ${job.hardware.accelerator}`;
    take('useful', compute.usefulSeconds, { confidence: 'high', evidence });
  } else if (tensorActive !== null) {
    const evidence = 'tensor pipes active (DCGM), a stand-in: FLOPs of the work are not known';
    take('useful', compute.seconds * tensorActive, { confidence: 'low', evidence });
  }
}

/** A share of the whole window as a share of active time. */
const perActiveTime =
  (activeShare: number) =>
  (share: number | null): number | null =>
    share === null || activeShare <= 0 ? null : Math.min(1, share / activeShare);

/** Idle share of a 1F1B schedule with v chunks a stage: Narayanan et al., arXiv 2104.04473, section 2.2. */
export const bubbleShare = (pipeline: {
  stages: number;
  microbatches: number;
  interleave: number;
}): number => {
  const { stages: p, microbatches: m, interleave: v } = pipeline;
  return (p - 1) / (v * m + p - 1);
};

function throttleEvidence(devices: DeviceFacts | null, share: number | null): string {
  const throttle = devices?.throttle ?? null;
  const clocks =
    throttle === null || throttle.clockMhz === null || throttle.fullClockMhz === null
      ? ''
      : `, clock ${throttle.clockMhz.toFixed(0)} of ${throttle.fullClockMhz.toFixed(0)} MHz`;
  const by = throttle !== null && throttle.heatShare > throttle.powerShare ? 'heat' : 'power';
  const time = Math.max(throttle?.powerShare ?? 0, throttle?.heatShare ?? 0);
  return `held down by ${by} ${percent(time)} of the time${clocks}: ${percent(share ?? 0)} of computing`;
}

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

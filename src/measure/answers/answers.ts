import { z } from 'zod';
import { basis } from '../../records/basis.ts';
import { CAUSES } from '../bottleneck/causes.ts';

const usd = z.number().nullable();
const share = z.number().nullable();

/**
 * One latency metric of one service against its target, milliseconds. p99 is null with
 * `p99TooFew` when the sample cannot carry it (fewer than 300 values; p95: 60; p50: 1).
 * `met` is null when there is no target or the sample cannot tell.
 */
export const latencyAnswer = z.object({
  metric: z.enum(['ttft', 'tpot', 'e2e']),
  count: z.int(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
  p95TooFew: z.boolean(),
  p99TooFew: z.boolean(),
  targetP95Ms: z.number().nullable(),
  targetP99Ms: z.number().nullable(),
  met: z.boolean().nullable(),
});

/** Share of the slow requests' time (those at or above p95 of e2e) by cause; shares sum to 1. */
export const tailAnswer = z.object({
  sampleCount: z.int(),
  causes: z.array(
    z.object({
      cause: z.enum([
        'queue',
        'engine-queue',
        'prefill',
        'first-token',
        'decode',
        'retries',
        'gateway',
      ]),
      share: z.number(),
      meanMs: z.number(),
    }),
  ),
});

/**
 * Money of a window, US dollars. usageUsd: what the requests' own work cost. allocatedUsd: with the
 * idle time of fixed-cost engines. idleUsd is their gap. Per-unit figures are from allocatedUsd where known,
 * else usageUsd. perMTokenUsd divides by input + output tokens.
 */
export const costAnswer = z.object({
  kind: z.enum(['api', 'rented', 'owned', 'mixed', 'unknown']),
  basis,
  usageUsd: usd,
  allocatedUsd: usd,
  idleUsd: usd,
  perRequestUsd: usd,
  per1kRequestsUsd: usd,
  perMTokenUsd: usd,
  perMInputTokenUsd: usd,
  perMOutputTokenUsd: usd,
  usagePerRequestUsd: usd,
  byFeature: z.array(
    z.object({ feature: z.string(), requests: z.int(), usageUsd: usd, allocatedUsd: usd }),
  ),
  marginal: z.object({
    perRequestUsd: usd,
    basis,
    explanation: z.string(),
    missing: z.array(z.string()),
  }),
  missing: z.array(z.string()),
});

export const energyAnswer = z.object({
  energyWh: z.number().nullable(),
  perRequestWh: z.number().nullable(),
  basis,
});

/** What the engines' own counters tell apart, where no account of accelerator time is at hand. */
export const ENGINE_TIME_CAUSES = [
  'no-demand',
  'engine-down',
  'small-batch',
  'kv-full',
  'queue-wait',
  'busy',
  'unknown',
] as const;

/** One cause of lost accelerator time: share of the time paid for, and its money over the window. */
const utilizationCause = z.object({
  cause: z.enum([...ENGINE_TIME_CAUSES, ...CAUSES]),
  share: z.number(),
  usd: usd,
});

export const utilizationAnswer = z.object({
  engines: z.array(
    z.object({
      engine: z.string(),
      simulated: z.boolean(),
      acceleratorHours: z.number().nullable(),
      busyShare: share,
      idleShare: share,
      runningMean: z.number().nullable(),
      batchOccupancy: share,
      kvUsageShare: share,
      waitingMean: z.number().nullable(),
      preemptions: z.number().nullable(),
      sampledShare: z.number(),
    }),
  ),
  busyShare: share,
  causes: z.array(utilizationCause),
  /** One sentence for a person: utilization, the largest cause, its money. */
  sentence: z.string(),
});

export const redFlag = z.object({ code: z.string(), message: z.string() });

export const serviceAnswer = z.object({
  service: z.string(),
  owner: z.string(),
  feature: z.string().nullable(),
  simulated: z.enum(['none', 'some', 'all']),
  requests: z.object({
    total: z.int(),
    succeeded: z.int(),
    failed: z.int(),
    rejected: z.int(),
    aborted: z.int(),
    retried: z.int(),
    usageEstimated: z.int(),
    tokensIn: z.number(),
    tokensOut: z.number(),
  }),
  latency: z.array(latencyAnswer),
  availability: z.object({ actual: share, target: share, met: z.boolean().nullable() }),
  tail: tailAnswer,
  cost: costAnswer,
  energy: energyAnswer,
  utilization: utilizationAnswer,
  redFlags: z.array(redFlag),
  verdict: z.enum(['within-target', 'target-missed', 'red-flag']),
});
export type ServiceAnswer = z.infer<typeof serviceAnswer>;

/** One row of `--by`: latency in milliseconds, money in US dollars, null where unknown. */
export const breakdownRow = z.object({
  service: z.string(),
  key: z.string(),
  requests: z.int(),
  ttftP95Ms: z.number().nullable(),
  e2eP50Ms: z.number().nullable(),
  e2eP95Ms: z.number().nullable(),
  e2eP99Ms: z.number().nullable(),
  tokensIn: z.number(),
  tokensOut: z.number(),
  usageUsd: usd,
});

export const answers = z.object({
  generatedAtMs: z.number(),
  fromMs: z.number(),
  toMs: z.number(),
  /** Largest relative error of any percentile here. */
  percentileErrorBound: z.number(),
  services: z.array(serviceAnswer),
  breakdown: z.array(breakdownRow).nullable(),
  breakdownBy: z.enum(['tenant', 'feature', 'model']).nullable(),
  /** 0 answered and within target, 3 a red flag, 4 a target missed (3 wins over 4). */
  exitCode: z.union([z.literal(0), z.literal(3), z.literal(4)]),
});
export type Answers = z.infer<typeof answers>;

import type { TimeProvenance } from '../time/step-time.ts';

/** A figure with the 95 % interval that its number of samples allows; null without samples. */
export interface Estimate {
  value: number | null;
  lowest: number | null;
  highest: number | null;
}

/** Distribution of one latency over the requests that have it, milliseconds. */
export interface LatencyStats {
  count: number;
  mean: Estimate;
  p50: Estimate;
  p90: Estimate;
  p95: Estimate;
  p99: Estimate;
}

/** Shares of accelerator time, 0..1; they add up to 1. */
export interface TimeShares {
  /** Kernels limited by arithmetic. */
  compute: number;
  /** Kernels limited by memory bandwidth. */
  memory: number;
  /** Exchange between accelerators. */
  network: number;
  /** Host work that nothing overlaps. */
  host: number;
  /** Paid for, but starting or down. */
  blocked: number;
  /** Nothing to do. */
  idle: number;
}

/**
 * Where the end-to-end time of a group of requests went, milliseconds per request; the parts add up
 * to the mean E2E of the group.
 */
export interface LatencyCauses {
  /** Before its first step. */
  queueMs: number;
  /** Waiting for its place again after a preemption, and computing again what was lost. */
  preemptionMs: number;
  /** Steps lengthened by prompt chunks of others, over what the same step takes without them. */
  interferenceMs: number;
  computeMs: number;
  memoryMs: number;
  networkMs: number;
  hostMs: number;
}

/** One part of the run. */
export interface SeriesPoint {
  /** From the first arrival, seconds. */
  fromS: number;
  toS: number;
  arrivals: number;
  /** Requests that got their last token. */
  finished: number;
  /** Means over the part. */
  meanRunning: number;
  meanWaiting: number;
  /** Worst of the requests that arrived in it; null without any that finished. */
  ttftMsMax: number | null;
}

/** What a simulated fleet did with a workload. Units are in the names; null is unknown. */
export interface ServingResult {
  /** False when a limit stopped the run before every request had its end. */
  complete: boolean;
  requests: { offered: number; finished: number; refused: number; unfinished: number };
  /** From the first arrival to the last token. */
  spanS: number;
  ttftMs: LatencyStats;
  /** (last - first) / (out - 1), requests of at least two output tokens. */
  tpotMs: LatencyStats;
  e2eMs: LatencyStats;
  /** From arrival to the first step. */
  queueMs: LatencyStats;
  throughput: { requestsPerS: number; inputTokensPerS: number; outputTokensPerS: number };
  /** Requests that met every bound of the SLO, of all offered; null without an SLO. */
  goodput: { share: number; requestsPerS: number } | null;
  utilization: TimeShares;
  /** Means over all finished requests, and over those at or above the 99th percentile of E2E. */
  causes: { all: LatencyCauses; tail: LatencyCauses } | null;
  batch: {
    /** Means over time. */
    meanRunning: number;
    meanWaiting: number;
    kvShareMean: number;
    kvShareMax: number;
    /** Share of time in which requests waited because no KV blocks were free for them. */
    kvFullShare: number;
  };
  /** The run in equal parts of its span. */
  series: SeriesPoint[];
  steps: number;
  /** Failures of replicas. */
  failures: number;
  preemptions: number;
  /** Prompt tokens found in the prefix cache, of all prompt tokens. */
  prefixHitShare: number;
  /** Null when no power model was given. */
  energy: { totalWh: number; idleWh: number; whPerMillionOutputTokens: number | null } | null;
  provenance: TimeProvenance[];
}

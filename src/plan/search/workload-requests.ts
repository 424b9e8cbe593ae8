import { createRandom, mixSeeds } from '../core/random.ts';
import { syntheticArrivals, type TokenRange } from '../load/arrivals.ts';
import type { WorkloadPlan } from '../plan-file/plan-schema.ts';
import type { TraceRow } from '../../records/traces/trace-row.ts';
import type { ServingRequest } from '../serving/serving-request.ts';

/** What arrives, as the search needs it: a rate, and requests of any number. */
export interface Workload {
  model: string;
  /** Mean arrivals a second. */
  ratePerS: number;
  /**
   * The first `count` requests. The same seed gives the same requests at the same quantiles of time and size
   * for every candidate and every rate (common random numbers): a shorter list is the start of a longer one.
   */
  requests(count: number): ServingRequest[];
}

const rangeOf = (tokens: WorkloadPlan['inputTokens']): TokenRange =>
  typeof tokens === 'number' ? { min: tokens, max: tokens } : tokens;

/** A synthetic workload at a rate of its own (`ratePerS`) or the plan's. */
export function syntheticWorkload(
  plan: WorkloadPlan,
  seed: number,
  ratePerS: number = plan.requestsPerS ?? 0,
): Workload {
  const { arrivals } = plan;
  const shape = arrivals.kind === 'poisson' ? { kind: arrivals.kind } : arrivals;
  return {
    model: plan.model,
    ratePerS,
    requests: (count) => {
      const rows = syntheticArrivals({
        ratePerS,
        durationMs: Number.POSITIVE_INFINITY,
        shape,
        inputTokens: rangeOf(plan.inputTokens),
        outputTokens: rangeOf(plan.outputTokens),
        random: createRandom(mixSeeds(seed, 0x504c414e)),
      });
      const requests: ServingRequest[] = [];
      for (const row of rows) {
        if (requests.length === count) break;
        requests.push({
          arrivalS: row.atMs / 1000,
          promptTokens: row.inputTokens,
          outputTokens: row.outputTokens,
        });
      }
      return requests;
    },
  };
}

/**
 * A recorded workload, sped up so that it arrives at `ratePerS` (default: as recorded). Longer lists than
 * the record start it again after its end.
 */
export function recordedWorkload(
  model: string,
  rows: readonly TraceRow[],
  ratePerS?: number,
): Workload {
  const spanS = (rows.at(-1)?.atMs ?? 0) / 1000;
  const recordedPerS = spanS > 0 ? rows.length / spanS : rows.length;
  const speed = (ratePerS ?? recordedPerS) / recordedPerS;
  const roundS = spanS + 1 / recordedPerS;
  return {
    model,
    ratePerS: recordedPerS * speed,
    requests: (count) =>
      Array.from({ length: rows.length === 0 ? 0 : count }, (_, i) => {
        const row = rows[i % rows.length];
        const startS = Math.floor(i / rows.length) * roundS;
        return {
          arrivalS: (startS + (row?.atMs ?? 0) / 1000) / speed,
          promptTokens: row?.inputTokens ?? 1,
          outputTokens: row?.outputTokens ?? 1,
        };
      }),
  };
}

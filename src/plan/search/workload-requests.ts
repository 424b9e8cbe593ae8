import { createRandom, mixSeeds } from '../core/random.ts';
import { syntheticArrivals, type TokenRange } from '../load/arrivals.ts';
import type { WorkloadPlan } from '../plan-file/plan-schema.ts';
import { BLOCK_TOKENS, type TraceRow } from '../../records/traces/trace-row.ts';
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
 * the record start it again after its end, with other texts. Prompts keep their block ids when `prefixReuse` is wanted.
 */
export function recordedWorkload(
  model: string,
  rows: readonly TraceRow[],
  ratePerS?: number,
  prefixReuse = true,
): Workload {
  const texts = prefixReuse ? denseIds(rows) : null;
  const spanS = (rows.at(-1)?.atMs ?? 0) / 1000;
  const recordedPerS = spanS > 0 ? rows.length / spanS : rows.length;
  const speed = (ratePerS ?? recordedPerS) / recordedPerS;
  const roundS = spanS + 1 / recordedPerS;
  return {
    model,
    ratePerS: recordedPerS * speed,
    requests: (count) =>
      Array.from({ length: rows.length === 0 ? 0 : count }, (_, i) => {
        const at = i % rows.length;
        const row = rows[at];
        const round = Math.floor(i / rows.length);
        const request: ServingRequest = {
          arrivalS: (round * roundS + (row?.atMs ?? 0) / 1000) / speed,
          promptTokens: row?.inputTokens ?? 1,
          outputTokens: row?.outputTokens ?? 1,
        };
        const ids = texts?.idsOf[at] ?? null;
        if (texts === null || ids === null) return request;
        const blockIds = round === 0 ? ids : ids.map((id) => id + round * texts.count);
        return { ...request, blockIds, tokensPerBlockId: BLOCK_TOKENS };
      }),
  };
}

/** Block ids as numbers from 0 on, so that further rounds of the record can have others; null where no row has ids. */
function denseIds(
  rows: readonly TraceRow[],
): { idsOf: Array<number[] | null>; count: number } | null {
  const numbers = new Map<number, number>();
  const numberOf = (id: number): number => {
    const known = numbers.get(id) ?? numbers.size;
    numbers.set(id, known);
    return known;
  };
  const idsOf = rows.map(({ blockIds }) => blockIds?.map(numberOf) ?? null);
  return numbers.size === 0 ? null : { idsOf, count: numbers.size };
}

import { CAUSES, type RequestLog } from './request-log.ts';
import type { LatencyCauses } from './serving-result.ts';

/** Where the time of all finished requests went, and of those at or above the 99th percentile of E2E. */
export function tailCauses(
  log: RequestLog,
  e2eMs: Float64Array,
): { all: LatencyCauses; tail: LatencyCauses } | null {
  const sorted = e2eMs.filter((value) => !Number.isNaN(value)).sort();
  const bound = sorted[Math.ceil(0.99 * sorted.length) - 1];
  if (bound === undefined) return null;
  return { all: meanCauses(log, e2eMs, 0), tail: meanCauses(log, e2eMs, bound) };
}

function meanCauses(log: RequestLog, e2eMs: Float64Array, boundMs: number): LatencyCauses {
  const sums = new Float64Array(CAUSES.length);
  let count = 0;
  for (let i = 0; i < log.size; i += 1) {
    const value = e2eMs[i] ?? Number.NaN;
    if (!(value >= boundMs)) continue;
    count += 1;
    for (let cause = 0; cause < CAUSES.length; cause += 1) {
      sums[cause] = (sums[cause] ?? 0) + (log.causesMs[cause]?.[i] ?? 0);
    }
  }
  const mean = (at: number): number => (sums[at] ?? 0) / Math.max(1, count);
  return {
    queueMs: mean(0),
    preemptionMs: mean(1),
    interferenceMs: mean(2),
    computeMs: mean(3),
    memoryMs: mean(4),
    networkMs: mean(5),
    hostMs: mean(6),
  };
}

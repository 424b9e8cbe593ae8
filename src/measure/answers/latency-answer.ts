import type { z } from 'zod';
import type { ServiceConfig } from '../../config/schema.ts';
import type { Sketch } from '../sketch/sketch.ts';
import type { latencyAnswer } from './answers.ts';
import type { Totals } from './totals.ts';

export type LatencyAnswer = z.infer<typeof latencyAnswer>;

/**
 * Values that a percentile needs before it is shown: with 300, three lie beyond p99 and the chance
 * that none of them belongs to the slowest 1 % is 5 % (0.99^300); 60 is the same for p95.
 */
export const ENOUGH_FOR_P95 = 60;
export const ENOUGH_FOR_P99 = 300;

/** TTFT, TPOT and E2E of the requests that got a reply, against the service's targets. */
export function latencyAnswers(served: Totals, slo: ServiceConfig['slo']): LatencyAnswer[] {
  return [
    against('ttft', served.ttft, slo.ttftMs),
    against('tpot', served.tpot, slo.tpotMs),
    against('e2e', served.e2e, slo.e2eMs),
  ];
}

function against(
  metric: LatencyAnswer['metric'],
  sketch: Sketch,
  target: { p95?: number | undefined; p99?: number | undefined } | undefined,
): LatencyAnswer {
  const { count } = sketch;
  const p95Ms = count >= ENOUGH_FOR_P95 ? sketch.quantile(0.95) : null;
  const p99Ms = count >= ENOUGH_FOR_P99 ? sketch.quantile(0.99) : null;
  const targetP95Ms = target?.p95 ?? null;
  const targetP99Ms = target?.p99 ?? null;
  return {
    metric,
    count,
    p50Ms: count > 0 ? sketch.quantile(0.5) : null,
    p95Ms,
    p99Ms,
    p95TooFew: p95Ms === null,
    p99TooFew: p99Ms === null,
    targetP95Ms,
    targetP99Ms,
    met: verdict([
      [p95Ms, targetP95Ms],
      [p99Ms, targetP99Ms],
    ]),
  };
}

/** One target missed is a miss; met only if every target that is set could be checked. */
function verdict(
  pairs: ReadonlyArray<[real: number | null, target: number | null]>,
): boolean | null {
  let met: boolean | null = null;
  let unchecked = false;
  for (const [real, target] of pairs) {
    if (target === null) continue;
    if (real === null) unchecked = true;
    else if (real > target) return false;
    else met = true;
  }
  return unchecked ? null : met;
}

import type { Plan } from '../plan-file/plan-schema.ts';
import { targetsOf, type Target } from './constraints.ts';
import type { Evaluation } from './evaluation.ts';

/** Percentiles that a simulation reports, with the share of requests above each. */
const REPORTED = [
  ['p50', 0.5],
  ['p90', 0.1],
  ['p95', 0.05],
] as const;

const ALLOWED = { p95: 0.05, p99: 0.01 } as const;

/**
 * Numbers of requests to simulate one after the other, the plan's own last. At each a percentile shows whether
 * too many requests have missed a target already: a p99 target over N requests allows N / 100 misses, so a
 * median above it at N / 50 requests settles it, a p90 at N / 10, a p95 at N / 5.
 */
export function rungsOf(plan: Plan): number[] {
  const { requests } = plan.simulation;
  if (targetsOf(plan).length === 0) return [requests];
  return [requests / 50, requests / 10, requests / 5, requests].map((n) => Math.ceil(n));
}

/**
 * True when a run over the first requests has more misses of a target than the whole run may have. Later arrivals do not
 * make earlier requests faster, so the whole run misses it too.
 */
export const isLost = (plan: Plan, evaluation: Evaluation): boolean =>
  targetsOf(plan).some((target) => missesTooMany(target, evaluation, plan.simulation.requests));

function missesTooMany(target: Target, evaluation: Evaluation, all: number): boolean {
  const stats = evaluation[target.metric];
  const allowed = Math.floor(all * ALLOWED[target.percentile]);
  return REPORTED.some(([name, share]) => {
    const value = stats[name].value;
    // The value at rank ceil(q n) is above the limit: it and all after it miss.
    const misses = stats.count - Math.ceil((1 - share) * stats.count) + 1;
    return value !== null && value > target.limitMs && misses > allowed;
  });
}

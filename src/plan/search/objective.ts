import { siteFactors } from '../facility/site-factors.ts';
import { hourlyUsd } from '../money/linear-cost.ts';
import type { Plan } from '../plan-file/plan-schema.ts';
import { acceleratorsOf, keyOf, type Candidate } from './candidate.ts';
import type { CandidateBounds } from './candidate-bounds.ts';
import { hostKw, priceOf } from './candidate-price.ts';
import { targetsOf } from './constraints.ts';
import type { Evaluation } from './evaluation.ts';
import type { ReplicaModel } from './replica-model.ts';

/** What is made small: US dollars an hour, watt-hours a request, or milliseconds at the tail. */
export function objectiveOf(plan: Plan, evaluation: Evaluation): number {
  switch (plan.objective) {
    case 'cost':
      return evaluation.usdPerHour;
    case 'energy':
      return evaluation.whPerRequest ?? Number.POSITIVE_INFINITY;
    case 'latency':
      return tailMs(plan, evaluation);
  }
}

/** The tail that the plan asks about first; p99 of E2E without targets. */
function tailMs(plan: Plan, evaluation: Evaluation): number {
  const [target] = targetsOf(plan);
  const stats = evaluation[target?.metric ?? 'e2eMs'];
  return stats[target?.percentile ?? 'p99'].value ?? Number.POSITIVE_INFINITY;
}

/**
 * The objective that no simulation of this candidate can undercut: all accelerators at what they cost unused; their idle
 * power from the first arrival to the last (`secondsPerRequest` of it for each request); the best-case latency.
 */
export function objectiveLowest(
  plan: Plan,
  candidate: Candidate,
  model: ReplicaModel,
  bounds: CandidateBounds,
  secondsPerRequest: number,
): number {
  const { pue } = siteFactors(plan.facility);
  const accelerators = acceleratorsOf(candidate);
  if (plan.objective === 'cost') {
    const price = priceOf(plan, candidate.accelerator, pue);
    return price.ok ? accelerators * hourlyUsd(price.value, 0) : Number.POSITIVE_INFINITY;
  }
  if (plan.objective === 'energy') {
    const { accelerator } = model.hardware;
    const idleW = (hostKw(accelerator) ?? 0) * 1000 + (model.spec.power?.idleW ?? 0);
    return (accelerators * idleW * pue * secondsPerRequest) / 3600;
  }
  const [target] = targetsOf(plan);
  return bounds.best[target?.metric ?? 'e2eMs'][target?.percentile ?? 'p99'];
}

/** Order of preference: the objective, then the most room under the constraints, then the name. */
export function compareEvaluations(plan: Plan): (a: Evaluation, b: Evaluation) => number {
  return (a, b) =>
    objectiveOf(plan, a) - objectiveOf(plan, b) ||
    (a.tightest?.over ?? 0) - (b.tightest?.over ?? 0) ||
    keyOf(a.candidate).localeCompare(keyOf(b.candidate));
}

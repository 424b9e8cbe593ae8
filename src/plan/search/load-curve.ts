import { ok, type Result } from '../../records/errors.ts';
import type { TraceRow } from '../../records/traces/trace-row.ts';
import type { Plan } from '../plan-file/plan-schema.ts';
import type { Candidate } from './candidate.ts';
import { evaluateCandidate } from './evaluate-candidate.ts';
import type { Evaluation } from './evaluation.ts';
import { workloadOf } from './workload-of.ts';

/** A deployment at one load. */
export interface CurvePoint {
  ratePerS: number;
  evaluation: Evaluation;
}

/** Shares of saturation at which a curve is drawn: closer together where tails rise. */
const SHARES = [0.1, 0.25, 0.4, 0.55, 0.7, 0.8, 0.9, 0.97, 1.05];

/** One candidate simulated from a tenth of its saturation to just beyond it. */
export function loadCurve(
  plan: Plan,
  rows: readonly TraceRow[] | null,
  candidate: Candidate,
  saturationPerS: number,
): Result<CurvePoint[]> {
  const points: CurvePoint[] = [];
  for (const share of SHARES) {
    const ratePerS = saturationPerS * share;
    const workload = workloadOf(plan, rows, ratePerS);
    if (!workload.ok) return workload;
    const run = evaluateCandidate(plan, workload.value, candidate, plan.simulation.requests);
    if (!run.ok) return run;
    points.push({ ratePerS, evaluation: run.value });
  }
  return ok(points);
}

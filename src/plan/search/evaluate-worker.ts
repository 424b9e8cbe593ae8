/** What a worker thread of the planner runs: one simulation of one candidate. */
import { workerData } from 'node:worker_threads';
import type { TraceRow } from '../../records/traces/trace-row.ts';
import type { Plan } from '../plan-file/plan-schema.ts';
import type { Candidate } from './candidate.ts';
import { evaluateCandidate } from './evaluate-candidate.ts';
import type { Evaluation } from './evaluation.ts';
import { workloadOf } from './workload-of.ts';

/** Sent once to each worker. */
export interface WorkerProblem {
  plan: Plan;
  /** Rows of the plan's trace; null when the workload is synthetic. */
  rows: readonly TraceRow[] | null;
}

export interface WorkerTask {
  candidate: Candidate;
  requests: number;
  /** Null: the plan's own rate. */
  ratePerS: number | null;
}

export default function evaluate({ candidate, requests, ratePerS }: WorkerTask): Evaluation | null {
  const { plan, rows } = workerData as WorkerProblem;
  const workload = workloadOf(plan, rows, ratePerS);
  if (!workload.ok) return null;
  const evaluation = evaluateCandidate(plan, workload.value, candidate, requests);
  return evaluation.ok ? evaluation.value : null;
}

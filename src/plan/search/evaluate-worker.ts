/** What a worker thread of the planner runs: one simulation of one candidate, one whole prediction, or one training run. */
import { workerData } from 'node:worker_threads';
import type { TraceRow } from '../../records/traces/trace-row.ts';
import type { Plan } from '../plan-file/plan-schema.ts';
import type { Candidate } from './candidate.ts';
import { evaluateCandidate } from './evaluate-candidate.ts';
import type { Evaluation } from './evaluation.ts';
import type { ErrorCode, Result } from '../../records/errors.ts';
import type { PlanSource } from '../plan-file/parse-yaml-plan.ts';
import type { TrainingReport } from '../training/training-report.ts';
import { planServe, type ServePlan } from './serve-plan.ts';
import { loadStepTimes } from './load-step-times.ts';
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

export default async function evaluate(task: WorkerTask): Promise<Evaluation | null> {
  const { candidate, requests, ratePerS } = task;
  const { plan, rows } = workerData as WorkerProblem;
  const workload = workloadOf(plan, rows, ratePerS);
  if (!workload.ok) return null;
  await loadStepTimes(plan, workload.value.model, [candidate]);
  const evaluation = evaluateCandidate(plan, workload.value, candidate, requests);
  return evaluation.ok ? evaluation.value : null;
}

/** A Result that may be sent between threads, which an Error of a class may not. */
export type SentResult<T> =
  | { ok: true; value: T }
  | { ok: false; error: { code: ErrorCode; message: string; field: string | null } };

/** Predicts the plan's own deployment. */
export async function serve(): Promise<SentResult<ServePlan>> {
  const { plan, rows } = workerData as WorkerProblem;
  const workload = workloadOf(plan, rows);
  return sendable(workload.ok ? await planServe(plan, workload.value) : workload);
}

/** Simulates a training plan. */
export async function train(source: PlanSource): Promise<SentResult<TrainingReport>> {
  const [{ parseTrainingPlan }, { trainingReport }] = await Promise.all([
    import('../training/parse-training-plan.ts'),
    import('../training/training-report.ts'),
  ]);
  const setup = parseTrainingPlan(source);
  return sendable(setup.ok ? trainingReport(setup.value) : setup);
}

function sendable<T>(result: Result<T>): SentResult<T> {
  if (result.ok) return result;
  const { code, message, field } = result.error;
  return { ok: false, error: { code, message, field } };
}

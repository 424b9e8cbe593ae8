import { fail, ok, type Result } from '../../records/errors.ts';
import type { TraceRow } from '../../records/traces/trace-row.ts';
import type { Plan } from '../plan-file/plan-schema.ts';
import { recordedWorkload, syntheticWorkload, type Workload } from './workload-requests.ts';

/**
 * The workload of a plan, at its own rate or another. TR_PLAN_INVALID when the plan has none, or names a trace
 * whose rows were not handed in.
 */
export function workloadOf(
  plan: Plan,
  rows: readonly TraceRow[] | null,
  ratePerS: number | null = null,
): Result<Workload> {
  const { workload, simulation } = plan;
  if (workload === undefined) {
    return fail('TR_PLAN_INVALID', 'workload: is missing: give a model and a rate', {
      field: 'workload',
    });
  }
  const rate = ratePerS ?? workload.requestsPerS;
  if (rows !== null) return ok(recordedWorkload(workload.model, rows, rate, workload.prefixReuse));
  if (workload.trace !== undefined) {
    return fail('TR_PLAN_INVALID', `workload.trace: ${workload.trace} was not read`, {
      field: 'workload.trace',
    });
  }
  return ok(syntheticWorkload(workload, simulation.seed, rate));
}

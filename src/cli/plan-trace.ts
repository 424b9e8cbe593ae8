import { resolve } from 'node:path';
import { scanTrace, traceRows } from '../plan/load/trace-file.ts';
import type { Plan } from '../plan/plan-file/plan-schema.ts';
import { workloadOf } from '../plan/search/workload-of.ts';
import type { Workload } from '../plan/search/workload-requests.ts';
import type { TraceRow } from '../records/traces/trace-row.ts';
import type { CommandContext } from './command.ts';

/** Rows that are planned with; more of a trace is not read. */
const MAX_ROWS = 1_000_000;

/** The rows of the plan's trace; null when its workload is synthetic. Throws TR_TRACE_INVALID. */
export async function planRows(
  { cwd }: CommandContext,
  { workload }: Plan,
): Promise<TraceRow[] | null> {
  const trace = workload?.trace;
  if (trace === undefined) return null;
  const path = resolve(cwd, trace);
  const scanned = await scanTrace(path, trace, MAX_ROWS);
  if (!scanned.ok) throw scanned.error;
  const rows: TraceRow[] = [];
  for await (const row of traceRows(path, trace, MAX_ROWS)) rows.push(row);
  return rows;
}

/** The plan's workload; throws TR_PLAN_INVALID. */
export function planWorkload(plan: Plan, rows: readonly TraceRow[] | null): Workload {
  const workload = workloadOf(plan, rows);
  if (!workload.ok) throw workload.error;
  return workload.value;
}

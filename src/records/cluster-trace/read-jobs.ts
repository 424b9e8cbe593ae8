import { shown, traceError } from '../traces/trace-row.ts';
import { parseDateTime } from '../traces/trace-time.ts';
import type { ClusterPod } from './cluster-pod.ts';
import type { CsvRow } from './csv-rows.ts';
import { countField, nameField, secondsField } from './field-values.ts';
import { jobPods } from './job-pods.ts';

/** Names that people give to each column; the first one of a list that is there is read. */
const COLUMNS = {
  name: ['job', 'job_id', 'jobid', 'name'],
  owner: ['user', 'owner', 'account'],
  submit: ['submit_s', 'submit', 'submit_time'],
  duration: ['duration_s', 'duration', 'runtime_s'],
  gpus: ['gpus', 'gpu_num', 'num_gpu'],
  nodes: ['nodes', 'node_num'],
} as const;

/** Whether a CSV header is that of a job list. */
export const isJobList = (columns: readonly string[]): boolean =>
  columnOf(columns, 'gpus') !== null && columnOf(columns, 'submit') !== null;

/**
 * Reads a row of a plain CSV of jobs: `job,submit_s,gpus` and, where known, `duration_s`, `user`,
 * `nodes`, `gpu_milli`, `cpu_milli`, `memory_mib`, `gpu_model`, `priority`. Cards and CPU are of
 * the whole job. Times are seconds or ISO 8601. Throws TR_TRACE_INVALID with line and field.
 */
export function jobRow(row: CsvRow, columns: readonly string[]): ClusterPod[] {
  const owner = columnOf(columns, 'owner');
  const nodes = columnOf(columns, 'nodes');
  const gpuCount = countField(row, columnOf(columns, 'gpus') ?? 'gpus');
  const gpuMilli = countField(row, 'gpu_milli', gpuCount === 0 ? 0 : 1000);
  if (gpuCount === 1 && (gpuMilli < 1 || gpuMilli > 1000)) {
    throw traceError(
      row.line,
      'gpu_milli',
      `${gpuMilli} is not a share of a card`,
      'write 1 to 1000',
    );
  }
  const durationColumn = columnOf(columns, 'duration');
  return jobPods({
    line: row.line,
    name: nameField(row, columnOf(columns, 'name') ?? 'job'),
    owner: owner === null ? null : row.text(owner),
    nodes: nodes === null ? 1 : countField(row, nodes, 1),
    cpuMilli: countField(row, 'cpu_milli', 0),
    memoryMib: countField(row, 'memory_mib', 0),
    gpuCount,
    gpuMilli: gpuCount === 1 ? gpuMilli : gpuCount === 0 ? 0 : 1000,
    gpuModel: row.text('gpu_model'),
    priority: row.text('priority') === null ? null : countField(row, 'priority'),
    arrivalS: timeField(row, columnOf(columns, 'submit') ?? 'submit_s'),
    durationS: durationColumn === null ? null : secondsField(row, durationColumn),
  });
}

function columnOf(columns: readonly string[], field: keyof typeof COLUMNS): string | null {
  return COLUMNS[field].find((name) => columns.includes(name)) ?? null;
}

/** Seconds, or an ISO time in seconds since 1970; null when empty. */
function timeField(row: CsvRow, column: string): number | null {
  const text = row.text(column);
  if (text === null || !/^\d/.test(text)) return refuseTime(row, column, text);
  if (!text.includes('-')) return secondsField(row, column);
  const atMs = parseDateTime(text);
  return atMs === null ? refuseTime(row, column, text) : atMs / 1000;
}

function refuseTime(row: CsvRow, column: string, text: string | null): null {
  if (text === null) return null;
  const fix = 'write seconds (12.5) or an ISO time (2026-01-31T08:00:00Z)';
  throw traceError(row.line, column, `${shown(text)} is not a time`, fix);
}

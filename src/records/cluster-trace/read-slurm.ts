import { shown, traceError } from '../traces/trace-row.ts';
import { parseDateTime } from '../traces/trace-time.ts';
import type { ClusterPod } from './cluster-pod.ts';
import type { CsvRow } from './csv-rows.ts';
import { nameField } from './field-values.ts';
import { jobPods } from './job-pods.ts';
import { parseTres, type Tres } from './slurm-tres.ts';

/** Whether a header is one of `sacct --parsable2` or of `squeue` with `|` between its fields. */
export const isSlurmList = (columns: readonly string[]): boolean =>
  columns.includes('jobid') &&
  columns.includes(columns.includes('submit') ? 'submit' : 'submit_time');

/**
 * Reads a row of `sacct -P` (JobID, User, Submit, Start, End, ElapsedRaw, ReqTRES or AllocTRES,
 * NNodes, Priority) or of `squeue -o` (JOBID, USER, SUBMIT_TIME, NODES, TRES_PER_NODE, PRIORITY).
 * Columns that were not asked for read as unknown. Steps of a job (123.batch) are part of it and
 * give nothing. Throws TR_TRACE_INVALID with line and field.
 */
export function slurmRow(row: CsvRow): ClusterPod[] {
  const name = nameField(row, 'jobid');
  if (/\.(batch|extern|interactive|\d+)$/.test(name)) return [];
  const nodes = wholeOr(row, row.text('nnodes') === null ? 'nodes' : 'nnodes', 1);
  const tres = jobTres(row, nodes);
  const cpus = tres.cpus ?? wholeOr(row, row.text('ncpus') === null ? 'cpus' : 'ncpus', 0);
  return jobPods({
    line: row.line,
    name,
    owner: row.text('user') ?? row.text('account'),
    nodes,
    cpuMilli: cpus * 1000,
    memoryMib: tres.memoryMib ?? 0,
    gpuCount: tres.gpuCount,
    gpuMilli: tres.gpuCount === 0 ? 0 : 1000,
    gpuModel: tres.gpuModel,
    priority: row.text('priority') === null ? null : wholeOr(row, 'priority', 0),
    arrivalS: slurmTime(row, row.text('submit') === null ? 'submit_time' : 'submit'),
    durationS: elapsedS(row),
  });
}

/** What the whole job asked for. `squeue` says it for one node. */
function jobTres(row: CsvRow, nodes: number): Tres {
  const perNode = row.text('tres_per_node');
  if (perNode !== null) {
    const tres = parseTres(row.line, 'tres_per_node', perNode);
    return { ...tres, gpuCount: tres.gpuCount * nodes };
  }
  const column = row.text('reqtres') === null ? 'alloctres' : 'reqtres';
  return parseTres(row.line, column, row.text(column) ?? '');
}

/** Null while a job has not ended: what it ran so far says little about what it will. */
function elapsedS(row: CsvRow): number | null {
  if (/^(PENDING|CONFIGURING|RUNNING|SUSPENDED|REQUEUED)/.test(row.text('state') ?? ''))
    return null;
  const raw = row.text('elapsedraw');
  if (raw !== null) return wholeOr(row, 'elapsedraw', 0);
  const start = slurmTime(row, 'start');
  const end = slurmTime(row, 'end');
  return start === null || end === null || end < start ? null : end - start;
}

/** Slurm writes local time without a zone, and Unknown, None or N/A where it has none. */
function slurmTime(row: CsvRow, column: string): number | null {
  const text = row.text(column);
  if (text === null || /^(unknown|none|n\/a)$/i.test(text)) return null;
  const atMs = parseDateTime(text);
  if (atMs !== null) return atMs / 1000;
  const fix = 'leave SLURM_TIME_FORMAT at its standard (2026-01-31T08:00:00)';
  throw traceError(row.line, column, `${shown(text)} is not a time`, fix);
}

/** A whole number; Slurm leaves it out or writes N/A where it has none. */
function wholeOr(row: CsvRow, column: string, fallback: number): number {
  const text = row.text(column);
  if (text === null || /^n\/a$/i.test(text)) return fallback;
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw traceError(
    row.line,
    column,
    `${shown(text)} is not a whole number`,
    'use the output of sacct -P',
  );
}

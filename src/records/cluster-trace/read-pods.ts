import { traceError } from '../traces/trace-row.ts';
import type { ClusterPod } from './cluster-pod.ts';
import { delimiterOf, readCsvRows } from './csv-rows.ts';
import { isJobList, jobRow } from './read-jobs.ts';
import { OPENB_COLUMNS, openbPod } from './read-openb-pods.ts';
import { isSlurmList, slurmRow } from './read-slurm.ts';

export type PodListFormat = 'openb' | 'jobs-csv' | 'slurm';

export interface PodList {
  format: PodListFormat;
  pods: ClusterPod[];
}

/**
 * Reads pods or jobs of any known format, told apart by the header: an OpenB pod list, a plain CSV
 * of jobs, `sacct -P` or `squeue` with `|`. Throws TR_TRACE_INVALID with line, field and fix.
 */
export function readPods(text: string): PodList {
  const { columns, rows } = readCsvRows(text, delimiterOf(text));
  if (isSlurmList(columns)) {
    return { format: 'slurm', pods: notEmpty(rows.flatMap(slurmRow)) };
  }
  if (OPENB_COLUMNS.every((column) => columns.includes(column))) {
    return { format: 'openb', pods: rows.map(openbPod) };
  }
  if (isJobList(columns)) {
    return { format: 'jobs-csv', pods: rows.flatMap((row) => jobRow(row, columns)) };
  }
  const fix =
    'give an OpenB pod list (name,cpu_milli,num_gpu,gpu_milli,...), a job list ' +
    '(job,submit_s,gpus,duration_s,...) or the output of sacct -P';
  throw traceError(1, 'header', 'the columns are of no known format', fix);
}

function notEmpty(pods: ClusterPod[]): ClusterPod[] {
  if (pods.length > 0) return pods;
  throw traceError(1, 'rows', 'there are only job steps', 'run sacct without --jobs=ID.STEP');
}

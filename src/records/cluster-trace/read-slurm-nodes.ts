import { shown, traceError } from '../traces/trace-row.ts';
import type { ClusterNode } from './cluster-node.ts';
import type { CsvRow, CsvTable } from './csv-rows.ts';
import { countField, nameField } from './field-values.ts';

/** Whether a header is one of `sinfo -N -o '%N|%c|%m|%G'`. */
export const isSlurmNodeList = (columns: readonly string[]): boolean =>
  columns.includes('nodelist') && columns.includes('gres');

/**
 * Reads `sinfo -N -o '%N|%c|%m|%G'` (NODELIST, CPUS, MEMORY in MB, GRES). A node comes once for
 * each of its partitions; the first counts. Throws TR_TRACE_INVALID with line and field.
 */
export function slurmNodes({ rows }: CsvTable): ClusterNode[] {
  const nodes = new Map<string, ClusterNode>();
  for (const row of rows) {
    const name = nameField(row, 'nodelist');
    if (!nodes.has(name)) nodes.set(name, { name, ...resources(row) });
  }
  return [...nodes.values()];
}

function resources(row: CsvRow): Omit<ClusterNode, 'name'> {
  const { gpuCount, gpuModel } = gres(row);
  return {
    cpuMilli: countField(row, 'cpus') * 1000,
    memoryMib: countField(row, 'memory'),
    gpuCount,
    gpuModel,
  };
}

/** `gpu:a100:8(S:0-1),tmpfs:1` or `gpu:4`; `(null)` and `N/A` have none. */
function gres(row: CsvRow): { gpuCount: number; gpuModel: string | null } {
  const text = row.text('gres') ?? '';
  let gpuCount = 0;
  let gpuModel: string | null = null;
  for (const part of text.split(/,(?![^(]*\))/)) {
    if (!/^gpu\b/.test(part)) continue;
    const match = /^gpu:(?:([A-Za-z][\w.-]*):)?(\d{1,2})(?:\(.*\))?$/.exec(part);
    if (match === null) {
      throw traceError(
        row.line,
        'gres',
        `${shown(part)} is not a count of cards`,
        'use sinfo -o %G',
      );
    }
    gpuCount += Number(match[2]);
    gpuModel ??= match[1] ?? null;
  }
  return { gpuCount, gpuModel };
}

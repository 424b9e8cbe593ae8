import { traceError } from '../traces/trace-row.ts';
import type { ClusterPod } from './cluster-pod.ts';
import type { CsvRow } from './csv-rows.ts';
import { countField, nameField, secondsField } from './field-values.ts';

/** Columns that tell an OpenB pod list from other CSV files. */
export const OPENB_COLUMNS = ['name', 'cpu_milli', 'num_gpu', 'gpu_milli'] as const;

/** Who yields to whom: latency-sensitive and guaranteed pods before burstable, best effort last. */
const QOS_PRIORITY: Readonly<Record<string, number>> = {
  LS: 2,
  Guaranteed: 2,
  Burstable: 1,
  BE: 0,
};

/**
 * A row of an OpenB pod list (Alibaba cluster trace gpu-v2023). `gpu_milli` is a share of one card
 * and only means a fraction when `num_gpu` is 1 (clusterdata README); `gpu_spec` lists accepted
 * models between `|`. The run time counts from scheduling to deletion; a pod that was never
 * scheduled, or whose deletion lies before it, has no known run time.
 */
export function openbPod(row: CsvRow): ClusterPod {
  const gpuCount = countField(row, 'num_gpu');
  const scheduledS = secondsField(row, 'scheduled_time');
  const deletedS = secondsField(row, 'deletion_time');
  return {
    line: row.line,
    name: nameField(row, 'name'),
    cpuMilli: countField(row, 'cpu_milli'),
    memoryMib: countField(row, 'memory_mib', 0),
    gpuCount,
    gpuMilli: cardShare(row, gpuCount),
    gpuModels: (row.text('gpu_spec') ?? '').split('|').filter((model) => model !== ''),
    owner: row.text('qos'),
    gang: null,
    priority: QOS_PRIORITY[row.text('qos') ?? ''] ?? null,
    arrivalS: secondsField(row, 'creation_time'),
    durationS:
      scheduledS === null || deletedS === null || deletedS < scheduledS
        ? null
        : deletedS - scheduledS,
  };
}

function cardShare(row: CsvRow, gpuCount: number): number {
  const milli = countField(row, 'gpu_milli', gpuCount === 0 ? 0 : 1000);
  if (gpuCount === 0) return 0;
  if (gpuCount > 1) return 1000;
  if (milli >= 1 && milli <= 1000) return milli;
  const problem = `${milli} is not a share of a card`;
  throw traceError(row.line, 'gpu_milli', problem, 'write 1 to 1000 thousandths of one card');
}

import { findAccelerator } from '../../catalog/accelerators.ts';
import { findModel } from '../../catalog/models.ts';
import type { ReplicaHardware } from '../time/footprint.ts';
import { shippedStepTime } from '../time/operator-table/shipped-step-time.ts';
import { shippedTableKeys } from '../time/operator-table/shipped-tables.ts';
import type { StepTimeModel } from '../time/step-time.ts';
import type { Candidate } from './candidate.ts';

const hasTable = ({ model, accelerator, quantization, tensorParallel }: ReplicaHardware): boolean =>
  shippedTableKeys().some(
    (key) =>
      key.model === model.id &&
      key.hardware === accelerator.id &&
      key.numberFormat === quantization &&
      key.tensorParallel === tensorParallel,
  );

const keyOf = (
  { model, accelerator, quantization, tensorParallel }: ReplicaHardware,
  maxSequences: number,
): string => [model.id, accelerator.id, quantization, tensorParallel, maxSequences].join(' ');

const loading = new Map<string, Promise<StepTimeModel | null>>();
const loaded = new Map<string, StepTimeModel | null>();

/**
 * Reads the measured operator tables that the candidates need, each once in a process (some 50 ms). Whoever builds replicas
 * waits for it first, so that a plan has the same step times wherever it is computed.
 */
export async function loadShippedTimes(
  modelId: string,
  candidates: readonly Candidate[],
): Promise<void> {
  const model = findModel(modelId);
  if (model === null) return;
  for (const candidate of candidates) {
    const { quantization, tensorParallel, maxSequences } = candidate;
    const accelerator = findAccelerator(candidate.accelerator);
    if (accelerator === null) continue;
    const hardware = { model, accelerator, quantization, tensorParallel };
    const key = keyOf(hardware, maxSequences);
    if (loaded.has(key) || !hasTable(hardware)) continue;
    const time = loading.get(key) ?? shippedStepTime(hardware, { maxSequences });
    loading.set(key, time);
    loaded.set(key, await time);
  }
}

/** Measured step times of this replica; null when no table is for it. */
export function shippedTime(hardware: ReplicaHardware, maxSequences: number): StepTimeModel | null {
  const time = loaded.get(keyOf(hardware, maxSequences));
  if (time !== undefined) return time;
  if (hasTable(hardware)) throw new Error('loadShippedTimes must end before replicas are built');
  return null;
}

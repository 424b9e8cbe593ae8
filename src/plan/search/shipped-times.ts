import { findModel } from '../../catalog/models.ts';
import { findAccelerator } from '../../catalog/accelerators.ts';
import type { ReplicaHardware } from '../time/footprint.ts';
import { shippedStepTime } from '../time/operator-table/shipped-step-time.ts';
import { shippedTableKeys } from '../time/operator-table/shipped-tables.ts';
import type { StepTimeModel } from '../time/step-time.ts';

type TimesBySequences = (maxSequences: number) => StepTimeModel | null;

/** Places of a batch for which graphs are laid out; a plan takes the least that holds its own. */
const GRAPH_PLACES = [64, 128, 256, 512, 1024, 8192] as const;

const keyOf = ({ model, accelerator, quantization, tensorParallel }: ReplicaHardware): string =>
  `${model.id} ${accelerator.id} ${quantization} ${tensorParallel}`;

let loading: Promise<ReadonlyMap<string, TimesBySequences>> | null = null;
let loaded: ReadonlyMap<string, TimesBySequences> | null = null;

/**
 * Reads the measured operator tables that come with the product, once in a process (a megabyte, some 50 ms). Whoever builds
 * replicas waits for it first, so that a plan has the same step times wherever it is computed.
 */
export async function loadShippedTimes(): Promise<void> {
  loading ??= readAll();
  loaded = await loading;
}

/** Measured step times of this replica; null when no table is for it. */
export function shippedTime(hardware: ReplicaHardware, maxSequences: number): StepTimeModel | null {
  if (loaded === null) throw new Error('loadShippedTimes must end before replicas are built');
  return loaded.get(keyOf(hardware))?.(maxSequences) ?? null;
}

async function readAll(): Promise<Map<string, TimesBySequences>> {
  const all = new Map<string, TimesBySequences>();
  for (const { model, hardware, numberFormat, tensorParallel } of shippedTableKeys()) {
    const shape = findModel(model);
    const accelerator = findAccelerator(hardware);
    if (shape === null || accelerator === null || numberFormat !== 'bf16') continue;
    const replica = {
      model: shape,
      accelerator,
      quantization: numberFormat,
      tensorParallel,
    } as const;
    const times: Array<[number, StepTimeModel]> = [];
    for (const maxSequences of GRAPH_PLACES) {
      const time = await shippedStepTime(replica, { maxSequences });
      if (time !== null) times.push([maxSequences, time]);
    }
    all.set(keyOf(replica), (wanted) => times.find(([most]) => wanted <= most)?.[1] ?? null);
  }
  return all;
}

import { TailraceError } from '../../../records/errors.ts';
import type { DatasetFile, DatasetPlan } from './dataset-plan.ts';
import type { DatasetStore } from './dataset-store.ts';

/** What a probe is about to write. */
export interface WritePlan {
  place: string;
  files: DatasetFile[];
  bytes: number;
}

/** What of a plan is not there yet; the rest of an earlier run is used as it is. */
export async function planWrites(store: DatasetStore, plan: DatasetPlan): Promise<WritePlan> {
  const files = await store.missing(plan);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { place: `${store.place}/${plan.name}`, files, bytes };
}

/** Free space that a probe never takes. */
const RESERVE_SHARE = 0.05;

/**
 * Writes what is missing, file by file. TR_PROBE_FAILED before the first byte when it would not fit;
 * when `signal` aborts, between two files: what is written stays and the next run goes on from there.
 */
export async function prepareDataset(
  store: DatasetStore,
  plan: DatasetPlan,
  writes: WritePlan,
  options: { signal?: AbortSignal; onWritten?: (bytes: number) => void } = {},
): Promise<void> {
  const freeBytes = await store.freeBytes();
  if (freeBytes !== null && writes.bytes > freeBytes * (1 - RESERVE_SHARE)) {
    const message =
      `${store.place} has ${gb(freeBytes)} GB free and the probe would write ` +
      `${gb(writes.bytes)} GB; give a smaller --size or another place`;
    throw new TailraceError('TR_PROBE_FAILED', message, { field: 'size' });
  }
  let doneBytes = 0;
  for (const file of writes.files) {
    if (options.signal?.aborted === true) {
      const message = 'stopped while the data set was written; run it again to go on from here';
      throw new TailraceError('TR_PROBE_FAILED', message, { field: 'signal' });
    }
    await store.write(plan, file);
    doneBytes += file.bytes;
    options.onWritten?.(doneBytes);
  }
}

const gb = (bytes: number): string => (bytes / 1e9).toFixed(2);

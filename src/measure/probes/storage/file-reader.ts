import { closeSync, constants, openSync, readSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { createAlignedBuffer } from './aligned-buffer.ts';
import { placeOf, type DatasetPlan } from './dataset-plan.ts';
import type { DatasetReader } from './dataset-store.ts';
import { readWorker, type ReadJob, type ReadReply } from './read-worker.ts';
import { startSelfContained, type SelfContained } from '../self-contained-worker.ts';

/** TMPFS_MAGIC of linux/magic.h: a file system that is memory. */
const TMPFS = 0x01021994;

/** One thread per read under way: the file calls of Node share four threads otherwise. */
const MAX_THREADS = 64;

/**
 * Opens the files of a plan for reading: one thread per read under way, past the page cache
 * (O_DIRECT) where the file system allows it. Costs one thread (some 5 MB) per parallel read.
 */
export async function openFileReader(
  plan: DatasetPlan,
  folder: string,
  parallel: number,
): Promise<DatasetReader> {
  const [first] = plan.files;
  const direct = first !== undefined && readsDirectly(join(folder, first.name));
  const count = Math.max(1, Math.min(parallel, MAX_THREADS));
  const workers = Array.from({ length: count }, () =>
    startSelfContained<ReadJob, ReadReply>(readWorker, { direct }),
  );
  if (first !== undefined) {
    // Threads take some 50 ms to start, and compile as they go: neither is the storage's time.
    const job = { path: join(folder, first.name), offset: 0, length: Math.min(4096, first.bytes) };
    await Promise.all(workers.map((worker) => worker.ask(job)));
  }
  const free = [...workers];
  const waiting: Array<(worker: SelfContained<ReadJob, ReadReply>) => void> = [];
  const take = (): Promise<SelfContained<ReadJob, ReadReply>> => {
    const worker = free.pop();
    return worker === undefined
      ? new Promise((resolve) => waiting.push(resolve))
      : Promise.resolve(worker);
  };
  const give = (worker: SelfContained<ReadJob, ReadReply>): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(worker);
    else next(worker);
  };
  return {
    cache: (await statfs(folder)).type === TMPFS ? 'memory' : direct ? 'bypassed' : 'possible',
    parallel: count,
    async read(sample) {
      const { file, offset, length } = placeOf(plan, sample);
      const worker = await take();
      try {
        const reply = await worker.ask({ path: join(folder, file.name), offset, length });
        if (reply.error !== null) throw new Error(`${file.name}: ${reply.error}`);
        return { bytes: reply.bytes, readMs: reply.readMs };
      } finally {
        give(worker);
      }
    },
    close: async () => void (await Promise.all(workers.map((worker) => worker.close()))),
  };
}

/** Whether this file can be read past the page cache; tmpfs and some network file systems cannot. */
function readsDirectly(path: string): boolean {
  if (constants.O_DIRECT === undefined) return false;
  let file: number | null = null;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_DIRECT);
    readSync(file, createAlignedBuffer(4096), 0, 4096, 0);
    return true;
  } catch {
    return false;
  } finally {
    if (file !== null) closeSync(file);
  }
}

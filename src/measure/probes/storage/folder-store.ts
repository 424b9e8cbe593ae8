import { mkdir, open, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TailraceError } from '../../../records/errors.ts';
import type { DatasetFile, DatasetPlan } from './dataset-plan.ts';
import type { DatasetStore } from './dataset-store.ts';
import { openFileReader } from './file-reader.ts';
import { createRandomBytes } from './random-bytes.ts';

const CHUNK_BYTES = 8 * 1_048_576;

/** A data set in a folder of any mounted file system. */
export function folderStore(folder: string): DatasetStore {
  const fill = createRandomBytes();
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const pathOf = (plan: DatasetPlan, file: DatasetFile): string =>
    join(folder, plan.name, file.name);

  return {
    place: folder,
    async missing(plan) {
      const sizes = await Promise.all(plan.files.map((file) => sizeOf(pathOf(plan, file))));
      return plan.files.filter((file, i) => sizes[i] !== file.bytes);
    },
    async freeBytes() {
      const facts = await guarded(folder, () => statfs(folder));
      return facts.bavail * facts.bsize;
    },
    async write(plan, file) {
      const path = pathOf(plan, file);
      const part = `${path}.part`;
      await guarded(path, async () => {
        await mkdir(dirname(path), { recursive: true });
        const handle = await open(part, 'w');
        try {
          for (let at = 0; at < file.bytes; at += CHUNK_BYTES) {
            const piece = chunk.subarray(0, Math.min(CHUNK_BYTES, file.bytes - at));
            fill(piece);
            await handle.writev([piece], at);
          }
          await handle.sync();
        } finally {
          await handle.close();
        }
        // Only a whole file has its name, so that a run that was cut goes on where it stopped.
        await rename(part, path);
      });
    },
    openReader: (plan, parallel) =>
      guarded(folder, () => openFileReader(plan, join(folder, plan.name), parallel)),
    remove: (plan) =>
      guarded(folder, () => rm(join(folder, plan.name), { recursive: true, force: true })),
  };
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch {
    return null;
  }
}

/** Turns an error of the file system into TR_PROBE_FAILED with the place. */
async function guarded<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TailraceError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${place}: ${reason}; give a folder that exists, may be written to and has room`;
    throw new TailraceError('TR_PROBE_FAILED', message, { field: 'PATH', cause: error });
  }
}

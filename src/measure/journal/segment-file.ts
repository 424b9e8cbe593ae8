import { join } from 'node:path';
import type { Config } from '../../config/schema.ts';
import { fileHeader, headerBytes } from './frames.ts';
import type { JournalFile, JournalFs } from './journal-fs.ts';
import type { Group } from './pending.ts';
import { listSegments, segmentName } from './segments.ts';

export interface SegmentFileOptions {
  dir: string;
  worker: string;
  config: Config['journal'];
  nowMs: number;
  fs: JournalFs;
}

/** Errors that go away when somebody makes room: the file itself is sound, the next try goes on in it. */
export const isDiskFull = (error: unknown): boolean => {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return code === 'ENOSPC' || code === 'EDQUOT';
};

const namesTried = 16;

/**
 * The file that is being written, and its successors. At any moment its bytes are the beginning of
 * one stream of frames: each write names its position, and a write that failed half way is
 * continued, never followed by something else (SPEC.md J4).
 */
export class SegmentFile {
  readonly #options: SegmentFileOptions;
  #startMs: number;
  #seq = 0;
  #file: JournalFile | null = null;
  #position = 0;
  #isUnsynced = false;

  constructor(options: SegmentFileOptions) {
    this.#options = options;
    // Later than every file of this worker, even if the clock was set back: the ledger keeps the
    // newest only, and deletes the others once it has read them.
    const mine = listSegments(options.dir).filter((one) => one.worker === options.worker);
    this.#startMs = Math.max(Math.floor(options.nowMs), (mine.at(-1)?.startMs ?? -1) + 1);
    segmentName(options.worker, this.#startMs, 0);
  }

  /** Resolves when the group is safe under the fsync policy; throws what the file system throws. */
  async write(group: Group): Promise<void> {
    const { segmentBytes, fsync } = this.#options.config;
    const isFull = group.done === 0 && this.#position + group.length > segmentBytes;
    if (isFull && this.#position > headerBytes) await this.close();
    const file = this.#file ?? (await this.#begin());
    try {
      this.#isUnsynced = true;
      while (group.done < group.length) {
        const rest = group.buffer.subarray(group.done, group.length);
        const written = await file.write(rest, this.#position);
        if (written <= 0) throw Object.assign(new Error('nothing was written'), { code: 'EIO' });
        group.done += written;
        this.#position += written;
      }
      if (!(await file.isLinked())) throw new Error('the journal file was removed');
      if (fsync === 'always') await this.sync();
    } catch (error) {
      if (!isDiskFull(error) || group.done === group.length) await this.#abandon(group);
      throw error;
    }
  }

  async sync(): Promise<void> {
    if (!this.#isUnsynced) return;
    await this.#file?.sync();
    this.#isUnsynced = false;
  }

  /** The next write begins another file. */
  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    this.#position = 0;
    if (file === null) return;
    try {
      if (this.#isUnsynced && this.#options.config.fsync !== 'never') await file.sync();
    } finally {
      await file.close();
    }
  }

  /** After an error that says nothing about what is on the disk: the whole group goes to a new file. */
  async #abandon(group: Group): Promise<void> {
    const file = this.#file;
    this.#file = null;
    this.#position = 0;
    group.done = 0;
    await file?.close().catch(() => undefined);
  }

  async #begin(): Promise<JournalFile> {
    const { dir, worker, config, fs } = this.#options;
    await fs.makeDir(dir);
    const { file, path } = await this.#create();
    try {
      const header = fileHeader();
      for (let done = 0; done < header.length; ) {
        done += await file.write(header.subarray(done), done);
      }
      if (config.fsync !== 'never') await fs.syncDir(dir);
    } catch (error) {
      await file.close().catch(() => undefined);
      await fs.remove(path).catch(() => undefined);
      throw error;
    }
    this.#file = file;
    this.#position = headerBytes;
    return file;

    // `worker` names are checked when the journal is opened.
    void worker;
  }

  async #create(): Promise<{ file: JournalFile; path: string }> {
    const { dir, worker, fs } = this.#options;
    for (let tried = 1; ; tried += 1) {
      const path = join(dir, segmentName(worker, this.#startMs, this.#seq));
      this.#seq += 1;
      try {
        return { file: await fs.create(path), path };
      } catch (error) {
        const isTaken = (error as NodeJS.ErrnoException).code === 'EEXIST';
        if (!isTaken || tried >= namesTried) throw error;
      }
    }
  }
}

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
  /** Told when a file that is no longer written cannot be synced or closed. */
  onError: (error: unknown) => void;
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
  #startMs: number | null = null;
  #seq = 0;
  #file: JournalFile | null = null;
  #position = 0;
  #isUnsynced = false;
  #syncing: Promise<void> = Promise.resolve();
  /** The end of the file before this one: its sync may take long, and nothing waits for it. */
  #retiring: Promise<void> = Promise.resolve();

  constructor(options: SegmentFileOptions) {
    this.#options = options;
    segmentName(options.worker, options.nowMs, 0);
  }

  /** Resolves when the group is safe under the fsync policy; throws what the file system throws. */
  async write(group: Group): Promise<void> {
    const { segmentBytes, fsync } = this.#options.config;
    const isFull = group.done === 0 && this.#position + group.length > segmentBytes;
    if (isFull && this.#position > headerBytes) await this.#rotate();
    const file = this.#file ?? (await this.#begin());
    try {
      this.#isUnsynced = true;
      const rest = group.buffer.subarray(group.done, group.length);
      await writeAll(file, this.#position, rest, (bytes) => {
        group.done += bytes;
        this.#position += bytes;
      });
      // Once more: a sync that began during the write does not cover it.
      this.#isUnsynced = true;
      if (!(await file.isLinked())) throw new Error('the journal file was removed');
      if (fsync === 'always') await this.sync();
    } catch (error) {
      if (!isDiskFull(error) || group.done === group.length) await this.#abandon(group);
      throw error;
    }
  }

  /** Makes what is written durable; writes may go on meanwhile. */
  async sync(): Promise<void> {
    const file = this.#file;
    if (!this.#isUnsynced || file === null) return;
    this.#isUnsynced = false;
    const syncing = file.sync();
    this.#syncing = syncing.catch(() => undefined);
    try {
      await syncing;
    } catch (error) {
      this.#isUnsynced = true;
      throw error;
    }
  }

  /** Closes the file and waits for the one before it. */
  async close(): Promise<void> {
    await this.#rotate();
    await this.#retiring;
  }

  /** Leaves the file for good; at most one other is still on its way to the disk. */
  async #rotate(): Promise<void> {
    await this.#retiring;
    const file = this.#file;
    if (file === null) return;
    const needsSync = this.#isUnsynced && this.#options.config.fsync !== 'never';
    const syncing = this.#syncing;
    this.#file = null;
    this.#position = 0;
    this.#isUnsynced = false;
    this.#retiring = syncing
      .then(() => (needsSync ? file.sync() : undefined))
      .finally(() => file.close())
      .catch(this.#options.onError);
  }

  /** After an error that says nothing about what is on the disk: the group goes to a new file. */
  async #abandon(group: Group): Promise<void> {
    const file = this.#file;
    this.#file = null;
    this.#position = 0;
    this.#isUnsynced = false;
    group.done = 0;
    await this.#syncing;
    await file?.close().catch(() => undefined);
  }

  async #begin(): Promise<JournalFile> {
    const { dir, config, fs } = this.#options;
    await fs.makeDir(dir);
    const { file, path } = await this.#create();
    try {
      await writeAll(file, 0, fileHeader(), () => undefined);
      if (config.fsync !== 'never') await fs.syncDir(dir);
    } catch (error) {
      await file.close().catch(() => undefined);
      await fs.remove(path).catch(() => undefined);
      throw error;
    }
    this.#file = file;
    this.#position = headerBytes;
    return file;
  }

  async #create(): Promise<{ file: JournalFile; path: string }> {
    const { dir, worker, fs } = this.#options;
    this.#startMs ??= this.#laterThanAll();
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

  /** Even if the clock was set back: the ledger deletes what it has read, but for the newest. */
  #laterThanAll(): number {
    const { dir, worker, nowMs } = this.#options;
    const mine = listSegments(dir).filter((one) => one.worker === worker);
    return Math.max(Math.floor(nowMs), (mine.at(-1)?.startMs ?? -1) + 1);
  }
}

async function writeAll(
  file: JournalFile,
  position: number,
  bytes: Buffer,
  onWritten: (bytes: number) => void,
): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const written = await file.write(bytes.subarray(done), position + done);
    if (written <= 0) throw Object.assign(new Error('nothing was written'), { code: 'EIO' });
    done += written;
    onWritten(written);
  }
}

import * as nodeFs from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config/schema.ts';
import type { Clock } from '../../records/clock.ts';
import type { RequestRecord } from '../../records/request-record.ts';
import { fileHeader, frameHeadBytes, headerBytes, payloadBytesMax, sealFrame } from './frames.ts';
import { segmentName } from './segments.ts';

/** The disk as the journal needs it; tests hand in one that fails. */
export interface JournalFs {
  mkdirSync(path: string): void;
  openSync(path: string): number;
  write(
    fd: number,
    bytes: Buffer,
    position: number,
    done: (error: Error | null, written: number) => void,
  ): void;
  fdatasync(fd: number, done: (error: Error | null) => void): void;
  ftruncateSync(fd: number, length: number): void;
  closeSync(fd: number): void;
}

export interface JournalStats {
  appended: number;
  /** Flushed to the file (and to the device where fsync is `always`): these survive a kill. */
  acknowledged: number;
  pendingBytes: number;
  /** Dropped because the disk did not take them and the memory for waiting was used up. */
  lost: number;
  diskFull: boolean;
  lastError: string | null;
}

export interface Journal {
  /** Never waits, never throws. */
  append(record: RequestRecord): void;
  /** Resolves when all that was appended before is acknowledged or counted as lost. */
  flush(): Promise<void>;
  close(): Promise<void>;
  stats(): JournalStats;
}

export interface JournalOptions {
  dir: string;
  worker: string;
  config: Config['journal'];
  clock: Clock;
  fs?: JournalFs;
  /** Ids of a group once it is acknowledged; for tests of crash safety. */
  onAcknowledged?: (ids: string[]) => void;
}

/** Opens a new file; what other processes wrote before is not touched. Throws when the folder cannot be written. */
export function openJournal(options: JournalOptions): Journal {
  return new JournalWriter(options);
}

const retryMs = 500;

interface Group {
  bytes: Buffer;
  records: number;
  ids: string[];
}

/** See SPEC.md for the rules that this keeps. */
class JournalWriter implements Journal {
  readonly #options: JournalOptions;
  readonly #fs: JournalFs;
  #fd = -1;
  #startMs: number;
  #seq = 0;
  #offset = 0;
  #buffer: Buffer;
  #used = 0;
  #records = 0;
  #ids: string[] = [];
  #writing: Group | null = null;
  #timer: NodeJS.Timeout | null = null;
  #syncTimer: NodeJS.Timeout | null = null;
  #unsynced = false;
  #appended = 0;
  #acknowledged = 0;
  #lost = 0;
  #lostTold = 0;
  #lastError: string | null = null;
  #diskFull = false;
  #closed = false;
  #waiters: Array<() => void> = [];

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#fs = options.fs ?? realFs;
    this.#buffer = Buffer.allocUnsafe(options.config.flushBytes * 2);
    this.#startMs = options.clock.wallMs();
    this.#fs.mkdirSync(options.dir);
    this.#openFile();
    if (options.config.fsync === 'interval') {
      this.#syncTimer = setInterval(() => this.#sync(), options.config.fsyncIntervalMs);
      this.#syncTimer.unref();
    }
  }

  append(record: RequestRecord): void {
    this.#appended += 1;
    const line = `${JSON.stringify(record)}\n`;
    // At most three bytes a UTF-16 unit; measured exactly only where it matters.
    const bytesMax = line.length * 3;
    const { maxPendingBytes } = this.#options.config;
    if (
      this.#closed ||
      this.#pendingBytes() + bytesMax > maxPendingBytes ||
      bytesMax > payloadBytesMax
    ) {
      this.#lost += 1;
      return;
    }
    this.#reserve(frameHeadBytes + bytesMax);
    const written = this.#buffer.write(line, this.#used + frameHeadBytes, 'utf8');
    sealFrame(this.#buffer, this.#used, written);
    this.#used += frameHeadBytes + written;
    this.#records += 1;
    if (this.#options.onAcknowledged !== undefined) this.#ids.push(record.id);
    if (this.#used >= this.#options.config.flushBytes) this.#startWrite();
    else this.#schedule(this.#options.config.flushMs);
  }

  async flush(): Promise<void> {
    while (this.#used > 0 || this.#writing !== null) {
      this.#startWrite();
      if (this.#closed && this.#lastError !== null) return;
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await Promise.race([
      this.flush(),
      new Promise((resolve) => setTimeout(resolve, 5_000).unref()),
    ]);
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#syncTimer !== null) clearInterval(this.#syncTimer);
    await new Promise<void>((resolve) => this.#fs.fdatasync(this.#fd, () => resolve()));
    this.#fs.closeSync(this.#fd);
  }

  stats(): JournalStats {
    return {
      appended: this.#appended,
      acknowledged: this.#acknowledged,
      pendingBytes: this.#pendingBytes(),
      lost: this.#lost,
      diskFull: this.#diskFull,
      lastError: this.#lastError,
    };
  }

  #pendingBytes(): number {
    return this.#used + (this.#writing?.bytes.length ?? 0);
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#used + bytes));
    this.#buffer.copy(grown, 0, 0, this.#used);
    this.#buffer = grown;
  }

  #schedule(ms: number): void {
    if (this.#timer !== null || this.#writing !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#startWrite();
    }, ms);
  }

  #startWrite(): void {
    if (this.#writing !== null || this.#used === 0 || this.#closed) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing = {
      bytes: Buffer.from(this.#buffer.subarray(0, this.#used)),
      records: this.#records,
      ids: this.#ids,
    };
    this.#used = 0;
    this.#records = 0;
    this.#ids = [];
    // After a burst the buffer goes back to its usual size.
    const usual = this.#options.config.flushBytes * 2;
    if (this.#buffer.length > usual * 4) this.#buffer = Buffer.allocUnsafe(usual);
    this.#write(this.#writing, 0);
  }

  #write(group: Group, done: number): void {
    if (done === 0 && !this.#rotateIfFull())
      return this.#failed(new Error('cannot open a new journal file'));
    this.#fs.write(this.#fd, group.bytes.subarray(done), this.#offset + done, (error, written) => {
      if (error !== null) return this.#failed(error);
      if (written === 0) return this.#failed(new Error('the disk took no bytes'));
      if (done + written < group.bytes.length) return this.#write(group, done + written);
      if (this.#options.config.fsync !== 'always') return this.#acknowledge(group);
      this.#fs.fdatasync(this.#fd, (failure) => {
        if (failure === null) this.#acknowledge(group);
        else this.#failed(failure);
      });
    });
  }

  #acknowledge(group: Group): void {
    this.#offset += group.bytes.length;
    this.#acknowledged += group.records;
    this.#unsynced = true;
    this.#writing = null;
    this.#lastError = null;
    this.#diskFull = false;
    this.#options.onAcknowledged?.(group.ids);
    if (this.#lost > this.#lostTold) this.#tellLoss();
    this.#wake();
    if (this.#used >= this.#options.config.flushBytes || this.#waiters.length > 0)
      this.#startWrite();
    else if (this.#used > 0) this.#schedule(this.#options.config.flushMs);
  }

  /** What was written of the group is taken back, so that the file holds whole frames only; then it is tried again. */
  #failed(error: Error & { code?: string }): void {
    this.#lastError = error.message;
    this.#diskFull = error.code === 'ENOSPC' || error.code === 'EDQUOT';
    try {
      this.#fs.ftruncateSync(this.#fd, this.#offset);
    } catch {
      // The next write goes to the same offset and covers the same bytes.
    }
    this.#wake();
    const again = setTimeout(() => {
      if (this.#writing !== null && !this.#closed) this.#write(this.#writing, 0);
    }, retryMs);
    again.unref();
  }

  /** The loss is itself a frame, so the ledger counts it. */
  #tellLoss(): void {
    const line = `{"lost":${this.#lost - this.#lostTold}}\n`;
    this.#lostTold = this.#lost;
    this.#reserve(frameHeadBytes + line.length);
    this.#buffer.write(line, this.#used + frameHeadBytes, 'latin1');
    sealFrame(this.#buffer, this.#used, line.length);
    this.#used += frameHeadBytes + line.length;
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }

  #sync(): void {
    if (!this.#unsynced) return;
    this.#unsynced = false;
    this.#fs.fdatasync(this.#fd, (error) => {
      if (error !== null) this.#lastError = error.message;
    });
  }

  #rotateIfFull(): boolean {
    if (this.#offset < this.#options.config.segmentBytes) return true;
    const old = this.#fd;
    this.#seq += 1;
    try {
      this.#openFile();
    } catch {
      this.#seq -= 1;
      this.#fd = old;
      return false;
    }
    this.#fs.fdatasync(old, () => this.#fs.closeSync(old));
    return true;
  }

  #openFile(): void {
    const path = join(
      this.#options.dir,
      segmentName(this.#options.worker, this.#startMs, this.#seq),
    );
    this.#fd = this.#fs.openSync(path);
    this.#offset = headerBytes;
    nodeFs.writeSync(this.#fd, fileHeader(), 0, headerBytes, 0);
  }
}

const realFs: JournalFs = {
  mkdirSync: (path) => void nodeFs.mkdirSync(path, { recursive: true, mode: 0o700 }),
  openSync: (path) => nodeFs.openSync(path, 'wx', 0o600),
  write: (fd, bytes, position, done) =>
    nodeFs.write(fd, bytes, 0, bytes.length, position, (error, written) => done(error, written)),
  fdatasync: (fd, done) => nodeFs.fdatasync(fd, (error) => done(error ?? null)),
  ftruncateSync: nodeFs.ftruncateSync,
  closeSync: nodeFs.closeSync,
};

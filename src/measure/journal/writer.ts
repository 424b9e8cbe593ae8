import type { Config } from '../../config/schema.ts';
import type { Clock } from '../../records/clock.ts';
import type { RequestRecord } from '../../records/request-record.ts';
import { lossLine } from './frames.ts';
import { realJournalFs, type JournalFs } from './journal-fs.ts';
import { PendingGroups } from './pending.ts';
import { isDiskFull, SegmentFile } from './segment-file.ts';

export interface JournalStats {
  /** Calls of `append`: always acknowledged + waiting + lost. */
  appended: number;
  /** Written to the file (and to the device where fsync is `always`): these survive a kill. */
  acknowledged: number;
  /** Bytes that wait for the disk. */
  pendingBytes: number;
  /** Records dropped because the disk did not take them and the memory for waiting was used up. */
  lost: number;
  diskFull: boolean;
  /** Of the last try; null once the disk works again. */
  lastError: string | null;
}

export interface Journal {
  /** Never waits, never throws. */
  append(record: RequestRecord): void;
  /**
   * Resolves after one try to write all that was appended before: it is acknowledged then, or
   * `stats().lastError` says why not. Never rejects.
   */
  flush(): Promise<void>;
  /** Flushes and closes; what the disk still does not take is counted as lost. Never rejects. */
  close(): Promise<void>;
  stats(): JournalStats;
}

export interface JournalOptions {
  dir: string;
  /** Part of the file names: letters, digits, dot, dash, underscore. */
  worker: string;
  config: Config['journal'];
  clock: Clock;
  fs?: JournalFs;
  /** Ids of each group once it is acknowledged, for tests of crash safety; must not throw. */
  onAcknowledged?: (ids: readonly string[]) => void;
}

/** First wait after a failed write; doubles up to the largest. */
const retryMs = 50;
const retryMsMax = 1000;
const closeTries = 2;

/**
 * Opens the journal of one worker (SPEC.md). The first record begins a new file; files of earlier
 * processes are not touched. Throws RangeError for a worker name that cannot be part of a file name.
 */
export function openJournal(options: JournalOptions): Journal {
  return new JournalWriter(options);
}

class JournalWriter implements Journal {
  readonly #config: Config['journal'];
  readonly #pending: PendingGroups;
  readonly #file: SegmentFile;
  readonly #onAcknowledged: JournalOptions['onAcknowledged'];
  #flushing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #syncTimer: NodeJS.Timeout | null = null;
  #appended = 0;
  #acknowledged = 0;
  #lost = 0;
  #lostTold = 0;
  #failures = 0;
  #lastError: string | null = null;
  #isDiskFull = false;
  #isClosed = false;

  constructor(options: JournalOptions) {
    const { dir, worker, config, clock, fs = realJournalFs } = options;
    this.#config = config;
    this.#onAcknowledged = options.onAcknowledged;
    this.#pending = new PendingGroups({
      bufferBytes: Math.max(65_536, config.flushBytes * 2),
      bytesMax: config.maxPendingBytes,
      keepIds: options.onAcknowledged !== undefined,
    });
    const onError = (error: unknown): void => this.#note(error);
    this.#file = new SegmentFile({ dir, worker, config, nowMs: clock.wallMs(), fs, onError });
  }

  append(record: RequestRecord): void {
    this.#appended += 1;
    if (this.#isClosed || !this.#keep(record)) {
      this.#lost += 1;
      return;
    }
    if (this.#failures > 0 || this.#flushing !== null) return;
    if (this.#pending.openBytes >= this.#config.flushBytes) void this.#startFlush();
    else this.#flushIn(this.#config.flushMs);
  }

  async flush(): Promise<void> {
    // A flush under way may have begun before the last append.
    if (this.#flushing !== null) await this.#flushing;
    await this.#startFlush();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (let tries = 0; tries < closeTries && this.#hasWork(); tries += 1) await this.flush();
    this.#lost += this.#pending.records;
    this.#stopTimers();
    while (this.#pending.first() !== null) this.#pending.release();
    if (this.#flushing !== null) await this.#flushing;
    await this.#file.close();
  }

  stats(): JournalStats {
    return {
      appended: this.#appended,
      acknowledged: this.#acknowledged,
      pendingBytes: this.#pending.bytes,
      lost: this.#lost,
      diskFull: this.#isDiskFull,
      lastError: this.#lastError,
    };
  }

  #keep(record: RequestRecord): boolean {
    try {
      return this.#pending.add(`${JSON.stringify(record)}\n`, record.id);
    } catch (error) {
      this.#lastError = String(error);
      return false;
    }
  }

  #hasWork(): boolean {
    return this.#pending.bytes > 0 || this.#lost > this.#lostTold;
  }

  #startFlush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#flushing ??= this.#writeAll().finally(() => {
      this.#flushing = null;
      this.#scheduleNext();
    });
    return this.#flushing;
  }

  /** Everything that waits now, in order; stops at the first failure. One write is in flight. */
  async #writeAll(): Promise<void> {
    if (this.#failures === 0) this.#tellLoss();
    this.#pending.seal();
    try {
      for (let group = this.#pending.first(); group !== null; group = this.#pending.first()) {
        await this.#file.write(group);
        this.#acknowledged += group.records;
        this.#pending.release();
        if (group.records > 0) this.#onAcknowledged?.(group.ids);
        this.#failures = 0;
        this.#isDiskFull = false;
        this.#lastError = null;
        this.#tellLoss();
      }
    } catch (error) {
      this.#failures += 1;
      this.#note(error);
    }
  }

  #scheduleNext(): void {
    if (this.#isClosed) return;
    if (this.#failures > 0) {
      this.#flushIn(Math.min(retryMsMax, retryMs * 2 ** Math.min(this.#failures - 1, 10)));
    } else if (this.#pending.openBytes >= this.#config.flushBytes) void this.#startFlush();
    else if (this.#hasWork()) this.#flushIn(this.#config.flushMs);
    if (this.#config.fsync === 'interval') this.#syncIn(this.#config.fsyncIntervalMs);
  }

  #flushIn(ms: number): void {
    this.#timer ??= setTimeout(() => void this.#startFlush(), ms);
  }

  #syncIn(ms: number): void {
    if (this.#syncTimer !== null) return;
    const sync = async (): Promise<void> => {
      await this.#file.sync().catch((error: unknown) => this.#note(error));
      this.#syncTimer = null;
    };
    this.#syncTimer = setTimeout(() => void sync(), ms);
    this.#syncTimer.unref();
  }

  /** The loss is written as a frame, so that the ledger counts it too. */
  #tellLoss(): void {
    if (this.#lost === this.#lostTold) return;
    this.#pending.addNote(lossLine(this.#lost - this.#lostTold));
    this.#lostTold = this.#lost;
  }

  #note(error: unknown): void {
    this.#lastError = error instanceof Error ? error.message : String(error);
    this.#isDiskFull = isDiskFull(error);
  }

  #stopTimers(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#syncTimer !== null) clearTimeout(this.#syncTimer);
  }
}

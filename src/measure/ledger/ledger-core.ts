import { join } from 'node:path';
import type { EngineSample } from '../../records/engine-sample.ts';
import type { RequestRecord } from '../../records/request-record.ts';
import type { Catalogue, Counters, SegmentRow } from './catalogue.ts';
import { CellQuery, wholeMinutes, type CellSource } from './cell-query.ts';
import { hourMs, MinuteCells } from './cell-store.ts';
import { listSegments, type JournalSegment } from '../journal/segments.ts';
import { buildIdFilter } from './id-filter.ts';
import { deleteCovered, lagBytes, readTail, type TailBatch } from './journal-tail.ts';
import { keepReadable } from './keep-readable.ts';
import type {
  Cell,
  EngineUse,
  Grouping,
  Ledger,
  LedgerHealth,
  RequestQuery,
  Window,
} from './ledger.ts';
import type { LedgerOptions } from './open-ledger.ts';
import { exportRecords, queryRequest, queryRequests } from './record-query.ts';
import { freeMemoryMiB, isAboutData, isOutOfMemory, type RecordTable } from './record-table.ts';
import { floorTo, rollupBlocks } from './rollup-blocks.ts';
import { SealedIds } from './sealed-ids.ts';
import type { SegmentFs } from './segment-fs.ts';

interface CoreOptions extends LedgerOptions {
  catalogue: Catalogue;
  table: RecordTable;
  fs: SegmentFs;
  /** Nothing on disk is changed: no sealing, no retention, no tidying. */
  readOnly: boolean;
  unlock: () => void;
}

/** Beyond this many unsealed rows records wait in the journals: sealing fails, and memory is bounded. */
const bufferSegmentsMax = 4;
/** A segment is sorted in memory, which takes a few times the bytes of its records. */
const segmentMemoryShare = 1 / 4;
/** Taken in at once: few enough to be let go before the garbage collector comes by. */
const batchRecords = 64;
const dayMs = 86_400_000;
const retentionEveryMs = 3_600_000;

type Behind = Pick<JournalSegment, 'file' | 'bytes'> & { at: number };

/** The files that have not been read to the given length. */
function behindOf(
  files: ReadonlyArray<Pick<JournalSegment, 'file' | 'bytes'>>,
  positions: ReadonlyMap<string, number>,
): Behind[] {
  return files
    .map(({ file, bytes }) => ({ file, bytes, at: positions.get(file) ?? 0 }))
    .filter(({ bytes, at }) => at < bytes);
}

/** The ledger over one state folder. What is changed together is changed in one queue; see SPEC.md. */
export class LedgerCore implements Ledger {
  readonly #options: CoreOptions;
  readonly #catalogue: Catalogue;
  readonly #table: RecordTable;
  readonly #query: CellQuery;
  readonly #sealedIds: SealedIds;
  readonly #journalDir: string;
  readonly #segmentDir: string;
  #segments: SegmentRow[];
  #positions: Map<string, number>;
  #counters: Counters;
  #unsealed: MinuteCells;
  #ids = new Map<string, number>();
  #bufferBytes = 0;
  #newestMs: number | null;
  #lastError: string | null = null;
  #diskFull = false;
  #sealFailed = false;
  /** The table refused the buffer: until it is sealed, lines are tried before they are taken in. */
  #triesLines = false;
  #retainedAtMs: number | null = null;
  #closed: Promise<void> | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  /** How many stand in the queue behind what is under way. */
  #waiting = 0;

  constructor(options: CoreOptions) {
    this.#options = options;
    this.#catalogue = options.catalogue;
    this.#table = options.table;
    this.#query = new CellQuery(options.catalogue.blocks);
    this.#journalDir = join(options.dir, 'journal');
    this.#segmentDir = join(options.dir, 'segments');
    this.#sealedIds = new SealedIds(options.catalogue, options.table, this.#segmentDir);
    const { segments, positions, counters } = this.#catalogue.snapshot();
    this.#segments = segments;
    this.#positions = positions;
    this.#counters = counters;
    this.#unsealed = new MinuteCells(this.#tenantsMax());
    this.#newestMs = this.#segments.reduce<number | null>(
      (max, one) => Math.max(max ?? 0, one.maxMs),
      null,
    );
    if (!options.readOnly) this.#removeOrphans();
  }

  /** Files that were written but whose seal did not commit; their records are still in the journals. */
  #removeOrphans(): void {
    const known = new Set(this.#segments.map(({ file }) => file));
    for (const name of this.#options.fs.list(this.#segmentDir)) {
      if (!known.has(name)) this.#options.fs.remove(join(this.#segmentDir, name));
    }
  }

  ingest(pause?: () => Promise<void>): Promise<number> {
    return this.#exclusive(async () => (await this.#ingestBatch(pause)).taken);
  }

  /**
   * Reads the journals to where they end now, or until the buffer is as full as it may be; what workers write meanwhile
   * is left to `ingest`. A failure keeps no owner from opening: `health` says it and `ingest` tries
   * again. Read-only throws it, since nobody would.
   */
  catchUp(): Promise<void> {
    return this.#exclusive(async () => {
      try {
        await this.#ingestAll();
      } catch (error) {
        if (this.#options.readOnly) throw error;
      }
    });
  }

  async #ingestAll(): Promise<void> {
    let behind = behindOf(listSegments(this.#journalDir), this.#positions);
    while (behind.length > 0) {
      // A batch may bring no record and yet move on: duplicates, damage.
      if (!(await this.#ingestBatch()).progressed) break;
      const still = behindOf(behind, this.#positions);
      // What did not move is a frame whose end has not been written.
      if (still.length === behind.length && !still.some((one, i) => one.at !== behind[i]?.at))
        break;
      behind = still;
    }
  }

  /**
   * A look at raw records. Where what is not sealed keeps it from being read, that is put right and
   * the look is taken once more.
   */
  #lookAtRecords<T>(body: () => Promise<T>): Promise<T> {
    return this.#exclusive(async () => {
      try {
        return await body();
      } catch (error) {
        if (!(await this.#madeRoom(error)) && !(await this.#leftOutBadLines(error))) throw error;
        return body();
      }
    });
  }

  /** Large records can use the memory up before the buffer has its rows: then it is sealed early. */
  async #madeRoom(error: unknown): Promise<boolean> {
    if (!isOutOfMemory(error) || this.#ids.size === 0 || this.#options.readOnly) return false;
    await this.#trySeal();
    return !this.#sealFailed;
  }

  /** The table refused a line after all: the buffer is taken in anew, each line tried this time. */
  async #leftOutBadLines(error: unknown): Promise<boolean> {
    if (!isAboutData(error) || this.#triesLines) return false;
    this.#triesLines = true;
    const { positions, counters } = this.#catalogue.snapshot();
    this.#positions = positions;
    this.#counters = counters;
    this.#forgetBuffer();
    await this.#table.clearBuffer();
    await this.#ingestAll();
    return true;
  }

  #forgetBuffer(): void {
    this.#ids = new Map();
    this.#bufferBytes = 0;
    this.#unsealed = new MinuteCells(this.#tenantsMax());
  }

  async #ingestBatch(pause?: () => Promise<void>): Promise<{ taken: number; progressed: boolean }> {
    if (this.#fullness() >= bufferSegmentsMax) return { taken: 0, progressed: false };
    let taken = 0;
    let progressed = false;
    const recordsMax = this.#triesLines ? batchRecords * 64 : batchRecords;
    const tail = readTail(this.#journalDir, this.#positions, this.#readBytes(), recordsMax);
    try {
      for await (const batch of tail) {
        await this.#takeIn(batch);
        taken += batch.records.length;
        progressed = true;
        if (this.#waiting === 0) await pause?.();
      }
    } catch (error) {
      this.#noteFailure(error);
      if (await this.#madeRoom(error)) return { taken, progressed: true };
      throw error;
    }
    if (progressed && !this.#sealFailed) this.#noteSuccess();
    // After a failed seal the next try is left to `maintain`: a full disk must not be written to without pause.
    const isDue = this.#fullness() >= 1 && !this.#sealFailed;
    if (isDue && !this.#options.readOnly) await this.#trySeal();
    return { taken, progressed };
  }

  addSamples(samples: readonly EngineSample[]): Promise<void> {
    return this.#exclusive(async () => {
      if (samples.length > 0) this.#catalogue.addSamples(samples);
    });
  }

  maintain(options: { force?: boolean } = {}): Promise<void> {
    return this.#exclusive(async () => {
      const isDue = this.#fullness() >= 1 || this.#sealFailed || options.force === true;
      if (this.#ids.size > 0 && isDue) await this.#trySeal();
      const sinceMs =
        this.#options.clock.wallMs() - (this.#retainedAtMs ?? Number.NEGATIVE_INFINITY);
      if (options.force === true || Math.abs(sinceMs) >= retentionEveryMs) this.#applyRetention();
    });
  }

  cells(query: { window: Window; by: Grouping; service?: string }): Promise<Cell[]> {
    return this.#look(() => this.#query.cells(this.#cellSource(), query));
  }

  series(query: {
    window: Window;
    by: Grouping;
    service?: string;
    stepMs: number;
  }): Promise<Array<{ window: Window; cells: Cell[] }>> {
    return this.#look(() => this.#query.series(this.#cellSource(), query));
  }

  engineUse(window: Window): Promise<EngineUse[]> {
    return this.#look(() => this.#catalogue.engineUse(wholeMinutes(window)));
  }

  requests(query: RequestQuery): Promise<{ records: RequestRecord[]; total: number }> {
    return this.#lookAtRecords(() =>
      queryRequests(this.#table, this.#filesIn(query.window), query),
    );
  }

  request(id: string): Promise<RequestRecord | null> {
    const wanted = id.toLowerCase();
    return this.#lookAtRecords(async () => {
      if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(wanted)) return null;
      const files = this.#segments
        .filter((one) => one.rows > 0 && this.#sealedIds.mayHold(one, wanted))
        .map((one) => join(this.#segmentDir, one.file));
      return queryRequest(this.#table, files, wanted);
    });
  }

  exportParquet(window: Window, path: string): Promise<number> {
    return this.#lookAtRecords(() =>
      exportRecords(this.#table, this.#filesIn(window), window, path),
    );
  }

  health(): Promise<LedgerHealth> {
    return this.#look(() => ({
      recordsTotal: this.#ids.size + this.#segments.reduce((sum, one) => sum + one.rows, 0),
      bufferRows: this.#ids.size,
      segments: this.#segments.filter((one) => one.rows > 0).length,
      segmentBytes: this.#segments.reduce((sum, one) => sum + one.bytes, 0),
      journalLagBytes: lagBytes(this.#journalDir, this.#positions),
      newestRecordMs: this.#newestMs,
      ...this.#counters,
      diskFull: this.#diskFull,
      lastError: this.#lastError,
    }));
  }

  close(): Promise<void> {
    this.#closed ??= this.#exclusive(async () => {
      this.#table.close();
      this.#catalogue.close();
      this.#options.unlock();
    });
    return this.#closed;
  }

  /** Reads what changes in one go only (rollups, catalogue, counts), so it need not wait for a batch or an export. */
  async #look<T>(body: () => T): Promise<T> {
    return body();
  }

  /** One thing after the other: a query of records never sees half a batch, a seal never misses one. */
  #exclusive<T>(body: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    const next = this.#queue.then(() => {
      this.#waiting -= 1;
      return body();
    });
    this.#queue = next.catch(() => {});
    return next;
  }

  async #takeIn(batch: TailBatch): Promise<void> {
    const duplicates = await this.#dropDuplicates(batch);
    if (this.#triesLines) await keepReadable(this.#table, batch);
    this.#table.add(batch.lines);
    // From here on nothing can fail, so the buffer and what is known of it stay in step.
    for (const record of batch.records) {
      this.#ids.set(record.id, record.startedAtMs);
      this.#unsealed.add(record);
      if (record.startedAtMs > (this.#newestMs ?? 0)) this.#newestMs = record.startedAtMs;
    }
    for (const { length } of batch.lines) this.#bufferBytes += length;
    this.#positions.set(batch.file, batch.position);
    this.#counters.lostRecords += batch.lostRecords;
    this.#counters.corruptFrames += batch.corruptFrames;
    this.#counters.duplicateRecords += duplicates;
  }

  /** Removes records that are known already, by id; returns how many. */
  async #dropDuplicates(batch: TailBatch): Promise<number> {
    const fresh = new Set<string>();
    for (const { id } of batch.records) if (!this.#ids.has(id)) fresh.add(id);
    const sealed = await this.#sealedIds.among(fresh, this.#segments);
    const known = batch.records.length;
    if (fresh.size === known && sealed.size === 0) return 0;
    // What is kept leaves `fresh`, so a second one of the same batch is not.
    const keep = batch.records.map(({ id }) => fresh.delete(id) && !sealed.has(id));
    batch.lines = batch.lines.filter((_, i) => keep[i]);
    batch.records = batch.records.filter((_, i) => keep[i]);
    return known - batch.records.length;
  }

  async #trySeal(): Promise<void> {
    try {
      await this.#seal();
      this.#sealFailed = false;
      this.#noteSuccess();
    } catch (error) {
      // The buffer stays, the journals stay; what was written in vain goes, since the disk may be full.
      this.#removeOrphans();
      if (await this.#leftOutBadLines(error)) return this.#trySeal();
      this.#sealFailed = true;
      this.#noteFailure(error);
    }
  }

  #noteSuccess(): void {
    this.#lastError = null;
    this.#diskFull = false;
  }

  #noteFailure(error: unknown): void {
    this.#lastError = error instanceof Error ? error.message : String(error);
    this.#diskFull = /ENOSPC|EDQUOT|no space|disk (is )?full/i.test(this.#lastError);
  }

  async #seal(): Promise<void> {
    const file = `${Math.floor(this.#options.clock.wallMs())}-${process.pid}-${this.#segments.length}.parquet`;
    const path = join(this.#segmentDir, file);
    const temporary = `${path}.tmp`;
    await this.#table.writeBuffer(temporary);
    this.#options.fs.publish(temporary, path);
    const extent = this.#extent();
    const { topTenants } = this.#options.config;
    const blocks = rollupBlocks(this.#unsealed, topTenants);
    const { segment, changed } = this.#catalogue.commitSegment({
      segment: { file, bytes: this.#options.fs.sizeOf(path), ...extent },
      blocks,
      topTenants,
      positions: this.#positions,
      counters: this.#counters,
    });
    // In one go, so that a look at the rollups never sees a record twice or not at all.
    this.#segments.push(segment);
    this.#query.forget(changed);
    this.#sealedIds.remember(segment, this.#ids);
    this.#forgetBuffer();
    this.#triesLines = false;
    await this.#table.clearBuffer();
    const { fs } = this.#options;
    const gone = deleteCovered(this.#journalDir, this.#positions, (path) => fs.remove(path));
    this.#catalogue.forgetPositions(gone);
    for (const name of gone) this.#positions.delete(name);
  }

  #extent(): Pick<SegmentRow, 'rows' | 'minMs' | 'maxMs' | 'minId' | 'maxId'> & {
    ids: Uint8Array;
  } {
    let minMs = Number.POSITIVE_INFINITY;
    let maxMs = Number.NEGATIVE_INFINITY;
    let minId = '~';
    let maxId = '';
    for (const [id, startedAtMs] of this.#ids) {
      if (startedAtMs < minMs) minMs = startedAtMs;
      if (startedAtMs > maxMs) maxMs = startedAtMs;
      if (id < minId) minId = id;
      if (id > maxId) maxId = id;
    }
    const ids = buildIdFilter(this.#ids.keys(), this.#ids.size);
    return { rows: this.#ids.size, minMs, maxMs, minId, maxId, ids };
  }

  #applyRetention(): void {
    const { recordsDays, minutesDays, hoursDays } = this.#options.config.retention;
    const nowMs = this.#options.clock.wallMs();
    for (const segment of this.#segments) {
      if (segment.rows === 0 || segment.maxMs >= nowMs - recordsDays * dayMs) continue;
      // Forgotten first: a file without an entry is tidied away, an entry without a file fails queries.
      this.#catalogue.dropSegmentFile(segment);
      this.#options.fs.remove(join(this.#segmentDir, segment.file));
    }
    this.#catalogue.dropBlocksBefore({
      fineMs: floorTo(nowMs - minutesDays * dayMs, hourMs),
      allMs: nowMs - hoursDays * dayMs,
      topTenants: this.#options.config.topTenants,
    });
    this.#catalogue.dropSamplesBefore(nowMs - hoursDays * dayMs);
    this.#segments = this.#catalogue.segments();
    this.#sealedIds.forget();
    this.#retainedAtMs = nowMs;
  }

  #filesIn(window: Window): string[] {
    return this.#segments
      .filter((one) => one.rows > 0 && one.maxMs >= window.fromMs && one.minMs < window.toMs)
      .map((one) => join(this.#segmentDir, one.file));
  }

  #cellSource(): CellSource {
    const { topTenants, retention } = this.#options.config;
    const minutesFromMs = this.#options.clock.wallMs() - retention.minutesDays * dayMs;
    return { unsealed: this.#unsealed, topTenants, minutesFromMs };
  }

  /** Of the buffer as a share of a segment, by rows or by bytes: stored prompts can make few rows large. */
  #fullness(): number {
    const { segmentRows, memoryMiB } = this.#options.config;
    const segmentBytes = freeMemoryMiB(memoryMiB) * 1024 * 1024 * segmentMemoryShare;
    return Math.max(this.#ids.size / segmentRows, this.#bufferBytes / segmentBytes);
  }

  /** Read from the journals at once. */
  #readBytes(): number {
    return Math.min(4, this.#options.config.memoryMiB / 32) * 1024 * 1024;
  }

  #tenantsMax(): number {
    return this.#options.config.topTenants * 10;
  }
}

import { join } from 'node:path';
import type { EngineSample } from '../../records/engine-sample.ts';
import type { RequestRecord } from '../../records/request-record.ts';
import type { Catalogue, Counters, SegmentRow } from './catalogue.ts';
import { CellQuery, wholeMinutes } from './cell-query.ts';
import { minuteMs, MinuteCells } from './cell-store.ts';
import { buildIdFilter, mayContain } from './id-filter.ts';
import { checkAll, deleteCovered, lagBytes, readTail, type TailBatch } from './journal-tail.ts';
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
import { queryRequest, queryRequests } from './record-query.ts';
import { quote, recordsSql, sourceSql, type RecordTable } from './record-table.ts';
import { rollupRows } from './rollup-rows.ts';
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
const dayMs = 86_400_000;
const filtersMax = 64;

/** The ledger over one state folder. What is changed together is changed in one queue; see SPEC.md. */
export class LedgerCore implements Ledger {
  readonly #options: CoreOptions;
  readonly #catalogue: Catalogue;
  readonly #table: RecordTable;
  readonly #query: CellQuery;
  readonly #journalDir: string;
  readonly #segmentDir: string;
  #segments: SegmentRow[];
  #positions: Map<string, number>;
  #counters: Counters;
  #unsealed: MinuteCells;
  #ids = new Map<string, number>();
  readonly #filters = new Map<number, Uint8Array>();
  #newestMs: number | null;
  #lastError: string | null = null;
  #diskFull = false;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: CoreOptions) {
    this.#options = options;
    this.#catalogue = options.catalogue;
    this.#table = options.table;
    this.#query = new CellQuery(options.catalogue);
    this.#journalDir = join(options.dir, 'journal');
    this.#segmentDir = join(options.dir, 'segments');
    this.#segments = this.#catalogue.segments();
    this.#positions = this.#catalogue.positions();
    this.#counters = this.#catalogue.counters();
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

  ingest(): Promise<number> {
    return this.#exclusive(async () => {
      const { segmentRows } = this.#options.config;
      if (this.#ids.size >= segmentRows * bufferSegmentsMax) return 0;
      const batch = await readTail(this.#journalDir, this.#positions);
      await this.#takeIn(batch);
      if (this.#ids.size >= segmentRows && !this.#options.readOnly) await this.#trySeal();
      return batch.records.length;
    });
  }

  addSamples(samples: readonly EngineSample[]): Promise<void> {
    return this.#exclusive(async () => {
      for (const sample of samples) this.#catalogue.addSample(sample);
    });
  }

  maintain(options: { force?: boolean } = {}): Promise<void> {
    return this.#exclusive(async () => {
      const full = this.#ids.size >= this.#options.config.segmentRows;
      if (this.#ids.size > 0 && (full || options.force === true)) await this.#trySeal();
      this.#applyRetention();
    });
  }

  cells(query: { window: Window; by: Grouping; service?: string }): Promise<Cell[]> {
    return this.#exclusive(async () => this.#query.cells(this.#segments, this.#unsealed, query));
  }

  series(query: {
    window: Window;
    by: Grouping;
    service?: string;
    stepMs: number;
  }): Promise<Array<{ window: Window; cells: Cell[] }>> {
    return this.#exclusive(async () => {
      const stepMs = Math.max(1, Math.ceil(query.stepMs / minuteMs)) * minuteMs;
      const { fromMs, toMs } = wholeMinutes(query.window);
      const steps: Array<{ window: Window; cells: Cell[] }> = [];
      for (let at = fromMs; at < toMs; at += stepMs) {
        const window = { fromMs: at, toMs: Math.min(toMs, at + stepMs) };
        const cells = this.#query.cells(this.#segments, this.#unsealed, { ...query, window });
        steps.push({ window, cells });
      }
      return steps;
    });
  }

  engineUse(window: Window): Promise<EngineUse[]> {
    return this.#exclusive(async () => this.#catalogue.engineUse(wholeMinutes(window)));
  }

  requests(query: RequestQuery): Promise<{ records: RequestRecord[]; total: number }> {
    return this.#exclusive(() => queryRequests(this.#table, this.#filesIn(query.window), query));
  }

  request(id: string): Promise<RequestRecord | null> {
    const wanted = id.toLowerCase();
    return this.#exclusive(async () => {
      if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(wanted)) return null;
      const files = this.#segments
        .filter((one) => one.rows > 0 && one.minId <= wanted && wanted <= one.maxId)
        .filter((one) => mayContain(this.#filterOf(one), wanted))
        .map((one) => join(this.#segmentDir, one.file));
      return queryRequest(this.#table, files, wanted);
    });
  }

  exportParquet(window: Window, path: string): Promise<number> {
    return this.#exclusive(async () => {
      const from = sourceSql(this.#filesIn(window));
      const where = `WHERE "startedAtMs" >= ${Number(window.fromMs)} AND "startedAtMs" < ${Number(window.toMs)}`;
      const [count] = await this.#table.rows(`SELECT count(*)::DOUBLE FROM ${from} ${where}`, []);
      await this.#table.run(
        `COPY (${recordsSql(from)} ${where} ORDER BY "startedAtMs") TO ${quote(path)} (FORMAT parquet, COMPRESSION zstd)`,
      );
      return Number(count?.[0] ?? 0);
    });
  }

  health(): Promise<LedgerHealth> {
    return this.#exclusive(async () => ({
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
    return this.#exclusive(async () => {
      this.#table.close();
      this.#catalogue.close();
      this.#options.unlock();
    });
  }

  /** One thing after the other: a query never sees half a batch, a seal never misses one. */
  #exclusive<T>(body: () => Promise<T>): Promise<T> {
    const next = this.#queue.then(body);
    this.#queue = next.catch(() => {});
    return next;
  }

  async #takeIn(batch: TailBatch): Promise<void> {
    const duplicates = await this.#dropDuplicates(batch);
    if (batch.lines.length > 0) await this.#load(batch);
    // From here on nothing can fail, so the buffer and what is known of it stay in step.
    for (const record of batch.records) {
      this.#ids.set(record.id, record.startedAtMs);
      this.#unsealed.add(record);
      if (record.startedAtMs > (this.#newestMs ?? 0)) this.#newestMs = record.startedAtMs;
    }
    for (const [file, offset] of batch.positions) this.#positions.set(file, offset);
    this.#counters.lostRecords += batch.lostRecords;
    this.#counters.corruptFrames += batch.corruptFrames;
    this.#counters.duplicateRecords += duplicates;
  }

  async #load(batch: TailBatch): Promise<void> {
    try {
      await this.#table.load(batch.lines);
    } catch (error) {
      // One line that is no record must not hold up all that come after it.
      const before = batch.lines.length;
      checkAll(batch);
      if (batch.lines.length === before) throw error;
      if (batch.lines.length > 0) await this.#table.load(batch.lines);
    }
  }

  /** Removes records that are known already, by id; returns how many. */
  async #dropDuplicates(batch: TailBatch): Promise<number> {
    const seen = new Set<string>();
    const suspects = new Map<SegmentRow, string[]>();
    const isNew = batch.records.map((record) => {
      if (this.#ids.has(record.id) || seen.has(record.id)) return false;
      seen.add(record.id);
      for (const segment of this.#segments) {
        if (record.id < segment.minId || record.id > segment.maxId) continue;
        if (!mayContain(this.#filterOf(segment), record.id)) continue;
        suspects.set(segment, [...(suspects.get(segment) ?? []), record.id]);
      }
      return true;
    });
    const sealed = await this.#sealedAmong(suspects);
    const keep = batch.records.map((record, i) => isNew[i] === true && !sealed.has(record.id));
    const dropped = keep.filter((one) => !one).length;
    if (dropped === 0) return 0;
    batch.lines = batch.lines.filter((_, i) => keep[i]);
    batch.records = batch.records.filter((_, i) => keep[i]);
    return dropped;
  }

  async #sealedAmong(suspects: ReadonlyMap<SegmentRow, string[]>): Promise<Set<string>> {
    const sealed = new Set<string>();
    for (const [segment, ids] of suspects) {
      if (segment.rows === 0) continue;
      const path = quote(join(this.#segmentDir, segment.file));
      const list = ids.map((id) => `${quote(id)}::UUID`).join(', ');
      const rows = await this.#table.rows(
        `SELECT id::VARCHAR FROM read_parquet(${path}) WHERE id IN (${list})`,
        [],
      );
      for (const [id] of rows) sealed.add(String(id));
    }
    return sealed;
  }

  #filterOf(segment: SegmentRow): Uint8Array {
    let filter = this.#filters.get(segment.id);
    if (filter === undefined) {
      filter = this.#catalogue.segmentIds(segment.id);
      if (this.#filters.size >= filtersMax) {
        const oldest = this.#filters.keys().next().value;
        if (oldest !== undefined) this.#filters.delete(oldest);
      }
      this.#filters.set(segment.id, filter);
    }
    return filter;
  }

  async #trySeal(): Promise<void> {
    try {
      await this.#seal();
      this.#lastError = null;
      this.#diskFull = false;
    } catch (error) {
      // The buffer stays, the journals stay: sealing is tried again with the next batch.
      this.#lastError = error instanceof Error ? error.message : String(error);
      this.#diskFull = /ENOSPC|no space|disk full/i.test(this.#lastError);
    }
  }

  async #seal(): Promise<void> {
    const file = `${Math.floor(this.#options.clock.wallMs())}-${process.pid}-${this.#segments.length}.parquet`;
    const path = join(this.#segmentDir, file);
    const temporary = `${path}.tmp`;
    await this.#table.writeBuffer(temporary);
    this.#options.fs.publish(temporary, path);
    const segment = this.#catalogue.commitSegment({
      segment: { file, bytes: this.#options.fs.sizeOf(path), ...this.#extent() },
      rollups: rollupRows(this.#unsealed, this.#options.config.topTenants, this.#extent().minMs),
      positions: this.#positions,
      counters: this.#counters,
    });
    this.#segments.push(segment);
    await this.#table.clearBuffer();
    this.#ids = new Map();
    this.#unsealed = new MinuteCells(this.#tenantsMax());
    const gone = deleteCovered(this.#journalDir, this.#positions);
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
      this.#options.fs.remove(join(this.#segmentDir, segment.file));
      this.#catalogue.dropSegmentFile(segment);
    }
    this.#catalogue.dropRollupsBefore(['minute'], nowMs - minutesDays * dayMs);
    this.#catalogue.dropRollupsBefore(['hour', 'segment'], nowMs - hoursDays * dayMs);
    this.#catalogue.dropSamplesBefore(nowMs - hoursDays * dayMs);
    this.#segments = this.#catalogue.segments();
  }

  #filesIn(window: Window): string[] {
    return this.#segments
      .filter((one) => one.rows > 0 && one.maxMs >= window.fromMs && one.minMs < window.toMs)
      .map((one) => join(this.#segmentDir, one.file));
  }

  #tenantsMax(): number {
    return this.#options.config.topTenants * 10;
  }
}

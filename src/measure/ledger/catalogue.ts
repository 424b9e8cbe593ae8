import { DatabaseSync } from 'node:sqlite';
import type { EngineSample } from '../../records/engine-sample.ts';
import { TailraceError } from '../../records/errors.ts';
import { BlockTable } from './block-table.ts';
import { minuteMs } from './cell-store.ts';
import type { EngineUse, Window } from './ledger.ts';
import type { Block, BlockKey } from './rollup-blocks.ts';

export interface SegmentRow {
  id: number;
  file: string;
  rows: number;
  bytes: number;
  minMs: number;
  maxMs: number;
  minId: string;
  maxId: string;
}

/** Losses and damage since the state folder was made. */
export interface Counters {
  lostRecords: number;
  corruptFrames: number;
  duplicateRecords: number;
}

/** Of docs/formats/ledger.md; kept in the database header as `user_version`. */
const formatVersion = 3;

const schema = `
CREATE TABLE IF NOT EXISTS segments (id INTEGER PRIMARY KEY, file TEXT NOT NULL UNIQUE, rows INTEGER NOT NULL,
  bytes INTEGER NOT NULL, minMs REAL NOT NULL, maxMs REAL NOT NULL, minId TEXT NOT NULL, maxId TEXT NOT NULL,
  ids BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS blocks (grouping TEXT NOT NULL, tierMs INTEGER NOT NULL, startMs INTEGER NOT NULL,
  block BLOB NOT NULL, UNIQUE (grouping, tierMs, startMs));
CREATE TABLE IF NOT EXISTS positions (file TEXT PRIMARY KEY, offset INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS engine_minutes (engine TEXT NOT NULL, minuteMs REAL NOT NULL, sampledMs REAL NOT NULL,
  upMs REAL NOT NULL, acceleratorSeconds REAL, acceleratorMs REAL NOT NULL, busy REAL NOT NULL, busyMs REAL NOT NULL,
  running REAL NOT NULL, runningMs REAL NOT NULL, waiting REAL NOT NULL, waitingMs REAL NOT NULL, kv REAL NOT NULL,
  kvMs REAL NOT NULL, batchLimit REAL, preemptions REAL, energyWh REAL, simulated INTEGER NOT NULL,
  PRIMARY KEY (engine, minuteMs)) WITHOUT ROWID;
`;

/**
 * The ledger's SQLite file: which segments there are, their rollups, how far the journals have been read. Everything that must
 * change together changes in one transaction here.
 */
export class Catalogue {
  readonly #db: DatabaseSync;
  /** The rollups. Changed by methods of the catalogue only, in their transactions. */
  readonly blocks: BlockTable;

  constructor(path: string, options: { readOnly: boolean }) {
    this.#db = new DatabaseSync(path, { readOnly: options.readOnly });
    this.blocks = new BlockTable(this.#db);
    this.#refuseNewer(path);
    if (options.readOnly) {
      this.#refuseOlder(path);
      // Until it is closed: blocks change with each seal, and have to be those of the segments and positions seen here.
      this.#db.exec('BEGIN');
      return;
    }
    this.#db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 2000;',
    );
    this.#db.exec(schema);
    if (!this.blocksAreDue()) this.#db.exec(`PRAGMA user_version = ${formatVersion}`);
  }

  /** Version 1 kept rollups in another table: its blocks have to be made from the records. */
  blocksAreDue(): boolean {
    return (
      this.#db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'rollups'").get() !== undefined
    );
  }

  /** Replaces all blocks; makes a catalogue of version 1 one of this version. */
  replaceBlocks(blocks: readonly Block[], topTenants: number): void {
    this.#transaction(() => {
      this.blocks.replaceAll(blocks, topTenants);
      this.#db.exec(`DROP TABLE IF EXISTS rollups; PRAGMA user_version = ${formatVersion}`);
    });
  }

  /** A later version may keep its records in another way: it must not be written to by this one. */
  #refuseNewer(path: string): void {
    const found = Number(this.#db.prepare('PRAGMA user_version').get()?.['user_version']);
    if (found <= formatVersion) return;
    this.#db.close();
    throw new TailraceError(
      'TR_STATE_NEWER',
      `${path} is of format ${found}, this version of Tailrace knows ${formatVersion}; update Tailrace`,
    );
  }

  #refuseOlder(path: string): void {
    if (!this.blocksAreDue()) return;
    this.#db.close();
    throw new TailraceError(
      'TR_STATE_MISSING',
      `${path} is of an older format; start Tailrace once with \`tailrace up\`, which brings it to format ${formatVersion}`,
    );
  }

  close(): void {
    this.#db.close();
  }

  /** What is known at the moment of opening, whatever another process commits meanwhile. */
  snapshot(): { segments: SegmentRow[]; positions: Map<string, number>; counters: Counters } {
    return { segments: this.segments(), positions: this.positions(), counters: this.counters() };
  }

  segments(): SegmentRow[] {
    return this.#db
      .prepare('SELECT id, file, rows, bytes, minMs, maxMs, minId, maxId FROM segments ORDER BY id')
      .all() as unknown as SegmentRow[];
  }

  segmentIds(segment: number): Uint8Array {
    const row = this.#db.prepare('SELECT ids FROM segments WHERE id = ?').get(segment);
    const ids = row?.['ids'];
    return ids instanceof Uint8Array ? ids : new Uint8Array(0);
  }

  positions(): Map<string, number> {
    const rows = this.#db.prepare('SELECT file, offset FROM positions').all();
    return new Map(rows.map((row) => [String(row['file']), Number(row['offset'])]));
  }

  counters(): Counters {
    const rows = this.#db.prepare('SELECT name, value FROM counters').all();
    const values = new Map(rows.map((row) => [String(row['name']), Number(row['value'])]));
    return {
      lostRecords: values.get('lostRecords') ?? 0,
      corruptFrames: values.get('corruptFrames') ?? 0,
      duplicateRecords: values.get('duplicateRecords') ?? 0,
    };
  }

  /**
   * The one step by which records move from journal to segment; all of it or nothing. `changed`: the blocks that are other
   * ones now.
   */
  commitSegment(commit: {
    segment: Omit<SegmentRow, 'id'> & { ids: Uint8Array };
    blocks: readonly Block[];
    topTenants: number;
    positions: ReadonlyMap<string, number>;
    counters: Counters;
  }): { segment: SegmentRow; changed: BlockKey[] } {
    const { segment, topTenants } = commit;
    return this.#transaction(() => {
      const { lastInsertRowid } = this.#db
        .prepare(
          'INSERT INTO segments (file, rows, bytes, minMs, maxMs, minId, maxId, ids) VALUES (?,?,?,?,?,?,?,?)',
        )
        .run(
          segment.file,
          segment.rows,
          segment.bytes,
          segment.minMs,
          segment.maxMs,
          segment.minId,
          segment.maxId,
          segment.ids,
        );
      const id = Number(lastInsertRowid);
      const changed = this.blocks.add(commit.blocks, segment, topTenants);
      const position = this.#db.prepare('INSERT OR REPLACE INTO positions VALUES (?, ?)');
      for (const [file, offset] of commit.positions) position.run(file, offset);
      const counter = this.#db.prepare('INSERT OR REPLACE INTO counters VALUES (?, ?)');
      for (const [name, value] of Object.entries(commit.counters)) counter.run(name, value);
      const { ids: _ids, ...row } = segment;
      return { segment: { id, ...row }, changed };
    });
  }

  forgetPositions(files: readonly string[]): void {
    const remove = this.#db.prepare('DELETE FROM positions WHERE file = ?');
    for (const file of files) remove.run(file);
  }

  /** Forgets the file of a segment; what was rolled up from it stays. */
  dropSegmentFile(segment: SegmentRow): void {
    this.#db
      .prepare('UPDATE segments SET rows = 0, bytes = 0, file = ? WHERE id = ?')
      .run(`gone-${segment.id}`, segment.id);
  }

  /** Fine blocks that end by the one time, and all that end by the other, are forgotten. */
  dropBlocksBefore(times: { fineMs: number; allMs: number; topTenants: number }): void {
    this.#transaction(() => {
      this.blocks.dropBefore(times);
      this.#db.prepare('DELETE FROM segments WHERE maxMs < ? AND rows = 0').run(times.allMs);
    });
  }

  /** Adds samples to the minute that each began in; all of them or none. */
  addSamples(samples: readonly EngineSample[]): void {
    this.#transaction(() => {
      for (const sample of samples) this.#addSample(sample);
    });
  }

  #addSample(sample: EngineSample): void {
    const lastedMs = Math.max(0, sample.toMs - sample.fromMs);
    if (lastedMs === 0) return;
    const weighted = (value: number | null): [number, number] =>
      value === null ? [0, 0] : [value * lastedMs, lastedMs];
    const minute = Math.floor(sample.fromMs / minuteMs) * minuteMs;
    this.#db
      .prepare(
        `INSERT INTO engine_minutes VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
         ON CONFLICT DO UPDATE SET sampledMs = sampledMs + excluded.sampledMs, upMs = upMs + excluded.upMs,
           acceleratorSeconds = CASE WHEN excluded.acceleratorSeconds IS NULL THEN acceleratorSeconds
             ELSE coalesce(acceleratorSeconds, 0) + excluded.acceleratorSeconds END,
           acceleratorMs = acceleratorMs + excluded.acceleratorMs,
           busy = busy + excluded.busy, busyMs = busyMs + excluded.busyMs,
           running = running + excluded.running, runningMs = runningMs + excluded.runningMs,
           waiting = waiting + excluded.waiting, waitingMs = waitingMs + excluded.waitingMs,
           kv = kv + excluded.kv, kvMs = kvMs + excluded.kvMs,
           batchLimit = coalesce(excluded.batchLimit, batchLimit),
           preemptions = CASE WHEN excluded.preemptions IS NULL THEN preemptions
             ELSE coalesce(preemptions, 0) + excluded.preemptions END,
           energyWh = CASE WHEN excluded.energyWh IS NULL THEN energyWh
             ELSE coalesce(energyWh, 0) + excluded.energyWh END,
           simulated = max(simulated, excluded.simulated)`,
      )
      .run(
        sample.engine,
        minute,
        lastedMs,
        sample.up ? lastedMs : 0,
        sample.acceleratorSeconds,
        sample.acceleratorSeconds === null ? 0 : lastedMs,
        ...weighted(sample.busyShare),
        ...weighted(sample.runningMean),
        ...weighted(sample.waitingMean),
        ...weighted(sample.kvUsageShare),
        sample.batchLimit,
        sample.preemptions,
        sample.energyWh,
        sample.simulated ? 1 : 0,
      );
  }

  engineUse(window: Window): EngineUse[] {
    const mean = (name: string): string =>
      `CASE WHEN sum(${name}Ms) > 0 THEN sum(${name}) / sum(${name}Ms) END`;
    const rows = this.#db
      .prepare(
        `SELECT engine, sum(sampledMs) AS sampledMs, sum(upMs) AS upMs, sum(acceleratorSeconds) AS acceleratorSeconds,
           ${mean('busy')} AS busyShare, ${mean('running')} AS runningMean, ${mean('waiting')} AS waitingMean,
           ${mean('kv')} AS kvUsageShare, max(batchLimit) AS batchLimit, sum(preemptions) AS preemptions,
           sum(energyWh) AS energyWh, max(simulated) AS simulated
         FROM engine_minutes WHERE minuteMs >= ? AND minuteMs < ? GROUP BY engine ORDER BY engine`,
      )
      .all(window.fromMs, window.toMs);
    const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
    return rows.map((row) => ({
      engine: String(row['engine']),
      window,
      sampledMs: Number(row['sampledMs']),
      upMs: Number(row['upMs']),
      acceleratorSeconds: number(row['acceleratorSeconds']),
      busyShare: number(row['busyShare']),
      runningMean: number(row['runningMean']),
      waitingMean: number(row['waitingMean']),
      batchLimit: number(row['batchLimit']),
      kvUsageShare: number(row['kvUsageShare']),
      preemptions: number(row['preemptions']),
      energyWh: number(row['energyWh']),
      simulated: row['simulated'] === 1,
    }));
  }

  dropSamplesBefore(beforeMs: number): void {
    this.#db.prepare('DELETE FROM engine_minutes WHERE minuteMs < ?').run(beforeMs);
  }

  #transaction<T>(body: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const value = body();
      this.#db.exec('COMMIT');
      return value;
    } catch (error) {
      this.#db.exec('ROLLBACK');
      throw error;
    }
  }
}

/**
 * Makes this process the only owner of the state folder until it ends, however it ends: the lock is the operating system's. Throws
 * TR_STATE_LOCKED. The returned function gives it up.
 */
export function lockState(path: string): () => void {
  const db = new DatabaseSync(path);
  try {
    db.exec(
      'PRAGMA busy_timeout = 3000; PRAGMA locking_mode = EXCLUSIVE; CREATE TABLE IF NOT EXISTS owner (pid INTEGER);',
    );
    db.exec(
      `BEGIN EXCLUSIVE; DELETE FROM owner; INSERT INTO owner VALUES (${process.pid}); COMMIT;`,
    );
  } catch (error) {
    db.close();
    throw new TailraceError(
      'TR_STATE_LOCKED',
      'another instance uses this state folder; stop it, or set TAILRACE_DATA to another folder',
      { cause: error },
    );
  }
  return () => db.close();
}

import type { DatabaseSync } from 'node:sqlite';
import type {
  ResourceHolder,
  ResourceSample,
  ResourceSubject,
} from '../../records/resource-sample.ts';
import { graceMs, type MinuteRow, MinuteRoller, minuteMs } from './minute-roller.ts';
import { transaction } from './telemetry-db.ts';

const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** Closed minutes that wait for the disk: about a day of a small site, an hour of a large one. */
const MAX_PENDING_ROWS = 1_000_000;
/** Names that are remembered; they are looked up again when forgotten, so that made-up ones fill no memory. */
const MAX_NAMES = 400_000;
/** Holders whose intervals are this near to each other held on in between. */
const HOLD_GAP_MS = 60_000;

export interface ResourceRetention {
  minutesDays: number;
  hoursDays: number;
}

interface KnownSeries {
  id: number;
  subject: number;
}

interface OpenHold {
  fromMs: number;
  toMs: number;
}

/**
 * Write side of resource samples: minutes fill in memory (`MinuteRoller`) and go to SQLite in one transaction when
 * they close, with their hours. A crash loses the minutes that were open, at most three; they show as not known. While the
 * disk refuses, closed minutes wait in memory, the oldest going first beyond a bound (`lostRows`).
 * Cost of a flush: a few microseconds a series.
 */
export class ResourceStore {
  readonly roller = new MinuteRoller();
  lostRows = 0;
  #pending: Array<[number, MinuteRow]> = [];
  readonly #db: DatabaseSync;
  readonly #retention: ResourceRetention;
  readonly #series = new Map<string, KnownSeries>();
  readonly #subjects = new Map<string, number>();
  readonly #seen = new Map<number, { firstMs: number; lastMs: number }>();
  readonly #holds = new Map<string, OpenHold & { subject: number; holder: string }>();

  constructor(db: DatabaseSync, retention: ResourceRetention) {
    this.#db = db;
    this.#retention = retention;
  }

  add(sample: ResourceSample): void {
    const { id, subject } = this.#seriesOf(sample);
    this.roller.add(id, sample);
    const seen = this.#seen.get(subject);
    if (seen === undefined) {
      this.#seen.set(subject, { firstMs: sample.fromMs, lastMs: sample.toMs });
    } else if (sample.toMs > seen.lastMs) seen.lastMs = sample.toMs;
  }

  hold(held: ResourceHolder): void {
    const subject = this.#subjectOf(held.subject, held.fromMs);
    const key = `${subject}\n${held.holder}`;
    const open = this.#holds.get(key);
    if (open !== undefined && held.fromMs - open.toMs <= HOLD_GAP_MS) {
      open.toMs = Math.max(open.toMs, held.toMs);
      return;
    }
    if (open !== undefined) this.#writeHold(open);
    const { fromMs, toMs, holder } = held;
    this.#holds.set(key, { subject, holder, fromMs, toMs });
  }

  /** Writes the minutes that are closed by `nowMs`; `all`: also those still open, at the end of the process. */
  flush(nowMs: number, options: { all?: boolean } = {}): void {
    const beforeMs = options.all === true ? Infinity : nowMs - graceMs - minuteMs;
    for (const row of this.roller.close(beforeMs)) this.#pending.push(row);
    const excess = this.#pending.length - MAX_PENDING_ROWS;
    if (excess > 0) this.lostRows += this.#pending.splice(0, excess).length;
    transaction(this.#db, () => {
      this.#writeRows(this.#pending);
      this.#writeSeen();
      for (const open of this.#holds.values()) this.#writeHold(open);
    });
    this.#pending = [];
    this.#seen.clear();
    for (const [key, open] of this.#holds) {
      if (open.toMs < nowMs - hourMs) this.#holds.delete(key);
    }
  }

  dropOld(nowMs: number): void {
    const { minutesDays, hoursDays } = this.#retention;
    transaction(this.#db, () => {
      this.#db.prepare('DELETE FROM minutes WHERE startMs < ?').run(nowMs - minutesDays * dayMs);
      this.#db.prepare('DELETE FROM hours WHERE startMs < ?').run(nowMs - hoursDays * dayMs);
      this.#db.prepare('DELETE FROM holders WHERE toMs < ?').run(nowMs - hoursDays * dayMs);
    });
  }

  #writeRows(rows: ReadonlyArray<[number, MinuteRow]>): void {
    const insert = (table: string) =>
      this.#db.prepare(
        `INSERT INTO ${table} VALUES (?,?,?,?,?,?) ON CONFLICT DO UPDATE SET
           mean = (mean * knownMs + excluded.mean * excluded.knownMs) / (knownMs + excluded.knownMs),
           knownMs = knownMs + excluded.knownMs, min = min(min, excluded.min), max = max(max, excluded.max)`,
      );
    const minutes = insert('minutes');
    const hours = insert('hours');
    for (const [series, { startMs, knownMs, mean, min, max }] of rows) {
      minutes.run(series, startMs, knownMs, mean, min, max);
      hours.run(series, Math.floor(startMs / hourMs) * hourMs, knownMs, mean, min, max);
    }
  }

  #writeSeen(): void {
    const update = this.#db.prepare(
      'UPDATE subjects SET firstMs = min(firstMs, ?), lastMs = max(lastMs, ?) WHERE id = ?',
    );
    for (const [subject, { firstMs, lastMs }] of this.#seen) update.run(firstMs, lastMs, subject);
  }

  #writeHold(open: OpenHold & { subject: number; holder: string }): void {
    this.#db
      .prepare('INSERT OR REPLACE INTO holders VALUES (?,?,?,?)')
      .run(open.subject, open.holder, open.fromMs, open.toMs);
  }

  #seriesOf({ subject, metric, source, basis, fromMs }: ResourceSample): KnownSeries {
    const key = `${subject.kind}\n${subject.id}\n${metric}\n${source}`;
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const owner = this.#subjectOf(subject, fromMs);
    const row = this.#db
      .prepare(
        `INSERT INTO series (subject, metric, source, basis) VALUES (?,?,?,?)
         ON CONFLICT DO UPDATE SET basis = excluded.basis RETURNING id`,
      )
      .get(owner, metric, source, basis);
    const fresh = { id: Number(row?.['id']), subject: owner };
    if (this.#series.size >= MAX_NAMES) this.#series.clear();
    this.#series.set(key, fresh);
    return fresh;
  }

  #subjectOf(subject: ResourceSubject, atMs: number): number {
    const key = `${subject.kind}\n${subject.id}`;
    const known = this.#subjects.get(key);
    if (known !== undefined) return known;
    const row = this.#db
      .prepare(
        `INSERT INTO subjects (kind, name, node, idx, model, firstMs, lastMs) VALUES (?,?,?,?,?,?,?)
         ON CONFLICT DO UPDATE SET node = coalesce(excluded.node, node), idx = coalesce(excluded.idx, idx),
           model = coalesce(excluded.model, model) RETURNING id`,
      )
      .get(subject.kind, subject.id, subject.node, subject.index, subject.model, atMs, atMs);
    const id = Number(row?.['id']);
    if (this.#subjects.size >= MAX_NAMES) this.#subjects.clear();
    this.#subjects.set(key, id);
    return id;
  }
}

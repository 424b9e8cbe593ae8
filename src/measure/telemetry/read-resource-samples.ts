import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Basis } from '../../records/basis.ts';
import {
  isResourceMetric,
  type ResourceMetric,
  type ResourceSubject,
  type SubjectKind,
} from '../../records/resource-sample.ts';
import { type MinuteRow, type MinuteRoller, minuteMs } from './minute-roller.ts';

const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** A subject that was silent for longer than this before the window is not missed any more. */
const MISSED_MS = dayMs;
/** Most points of one answer unless the query says otherwise: about 200 MB of memory. */
const MAX_POINTS = 2_000_000;

export interface ResourceQuery {
  /** Half-open, Unix milliseconds; whole minutes are read: the start is rounded down, the end up. */
  sinceMs: number;
  untilMs: number;
  kind?: SubjectKind;
  node?: string;
  /** Id of a subject, e.g. an accelerator's UUID. */
  subject?: string;
  metrics?: readonly ResourceMetric[];
  /** Whole minutes; default one minute, or one hour where minutes are no longer kept. */
  stepMs?: number;
  /** Beyond this many points the query is refused. */
  maxPoints?: number;
}

/** One step: `mean` over the `knownMs` of it in which the metric was read; where it is 0 there is no point. */
export interface ResourcePoint {
  fromMs: number;
  toMs: number;
  knownMs: number;
  mean: number;
  min: number;
  max: number;
}

export interface ResourceSeries {
  subject: ResourceSubject;
  metric: ResourceMetric;
  /** The source that knew most of the window; `others` measured the same and are left out. */
  source: string;
  others: string[];
  basis: Basis;
  /** Share of the window in which the metric is known; the rest is unknown, not zero. */
  knownShare: number;
  points: ResourcePoint[];
}

/** Who held an accelerator, cut to the window. */
export interface Held {
  subject: ResourceSubject;
  holder: string;
  fromMs: number;
  toMs: number;
}

export interface ResourceAnswer {
  window: { fromMs: number; toMs: number };
  stepMs: number;
  series: ResourceSeries[];
  holders: Held[];
  /** Subjects read within a day before the window and not in it: silent, which is not the same as idle. */
  silent: Array<{ subject: ResourceSubject; lastMs: number }>;
}

/**
 * Resource samples of a window. What was not read has no point, and `knownShare` and `silent` say so; a caller that
 * sums must take the rest as unknown. `roller` adds the minutes that are not written yet (the process that owns them has
 * it). Throws RangeError beyond `maxPoints` (default: two million): take longer steps, fewer subjects or metrics.
 */
export function readResourceSamples(
  from: { db: DatabaseSync; roller?: MinuteRoller; minutesFromMs: number },
  query: ResourceQuery,
): ResourceAnswer {
  const isHourly = query.sinceMs < from.minutesFromMs;
  const tierMs = isHourly ? hourMs : minuteMs;
  const window = {
    fromMs: Math.floor(query.sinceMs / tierMs) * tierMs,
    toMs: Math.ceil(query.untilMs / tierMs) * tierMs,
  };
  const stepMs = Math.max(tierMs, Math.ceil((query.stepMs ?? tierMs) / tierMs) * tierMs);
  const wanted = findSeries(from.db, query);
  const steps = Math.ceil((window.toMs - window.fromMs) / stepMs);
  const maxPoints = query.maxPoints ?? MAX_POINTS;
  if (steps * wanted.length > maxPoints) {
    throw new RangeError(`more than ${maxPoints} points; take longer steps or fewer subjects`);
  }
  const rowsOf = from.db.prepare(
    `SELECT startMs, knownMs, mean, min, max FROM ${isHourly ? 'hours' : 'minutes'}
     WHERE series = ? AND startMs >= ? AND startMs < ? ORDER BY startMs`,
  );
  const read = (one: FoundSeries): ResourceSeries => {
    const stored = rowsOf.all(one.id, window.fromMs, window.toMs) as unknown as MinuteRow[];
    const open = from.roller?.rows(one.id, window) ?? [];
    const points = toPoints([...stored, ...open], { window, stepMs });
    const knownMs = points.reduce((sum, point) => sum + point.knownMs, 0);
    const { subject, metric, source, basis } = one;
    const knownShare = Math.min(1, knownMs / (window.toMs - window.fromMs));
    return { subject, metric, source, others: [], basis, knownShare, points };
  };
  const series = bestOfSources(wanted.map(read).filter((one) => one.points.length > 0));
  return { window, stepMs, series, ...readPresence(from.db, query, window, series) };
}

interface FoundSeries {
  id: number;
  subject: ResourceSubject;
  metric: ResourceMetric;
  source: string;
  basis: Basis;
}

interface Filter {
  where: string;
  values: SQLInputValue[];
}

function subjectFilter(query: ResourceQuery): Filter {
  const parts: Array<[string, SQLInputValue | undefined]> = [
    ['kind = ?', query.kind],
    ['node = ?', query.node],
    ['name = ?', query.subject],
  ];
  const given = parts.filter((one): one is [string, SQLInputValue] => one[1] !== undefined);
  return {
    where: given.map(([text]) => ` AND ${text}`).join(''),
    values: given.map(([, value]) => value),
  };
}

function findSeries(db: DatabaseSync, query: ResourceQuery): FoundSeries[] {
  const { where, values } = subjectFilter(query);
  const rows = db
    .prepare(
      `SELECT series.id AS id, metric, source, basis, kind, name, node, idx, model FROM series
       JOIN subjects ON subjects.id = series.subject WHERE 1${where} ORDER BY kind, name, metric, source`,
    )
    .all(...values);
  return rows.flatMap((row) => {
    const metric = String(row['metric']);
    if (!isResourceMetric(metric)) return [];
    if (query.metrics !== undefined && !query.metrics.includes(metric)) return [];
    const basis = String(row['basis']) as Basis;
    const subject = toSubject(row);
    return [{ id: Number(row['id']), subject, metric, source: String(row['source']), basis }];
  });
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const toSubject = (row: Record<string, unknown>): ResourceSubject => ({
  kind: String(row['kind']) as SubjectKind,
  id: String(row['name']),
  node: text(row['node']),
  index: text(row['idx']),
  model: text(row['model']),
});

/** Rows of a step together: the mean by the time in which each is known. */
function toPoints(
  rows: readonly MinuteRow[],
  steps: { window: { fromMs: number; toMs: number }; stepMs: number },
): ResourcePoint[] {
  const { window, stepMs } = steps;
  const points: ResourcePoint[] = [];
  for (const row of rows) {
    const fromMs = window.fromMs + Math.floor((row.startMs - window.fromMs) / stepMs) * stepMs;
    const last = points.at(-1);
    if (last?.fromMs === fromMs) {
      const knownMs = last.knownMs + row.knownMs;
      last.mean = (last.mean * last.knownMs + row.mean * row.knownMs) / knownMs;
      last.knownMs = knownMs;
      last.min = Math.min(last.min, row.min);
      last.max = Math.max(last.max, row.max);
    } else {
      const toMs = Math.min(window.toMs, fromMs + stepMs);
      const { knownMs, mean, min, max } = row;
      points.push({ fromMs, toMs, knownMs, mean, min, max });
    }
  }
  return points;
}

/** Two exporters on one device measure the same thing: the one that knows more of the window speaks. */
function bestOfSources(all: readonly ResourceSeries[]): ResourceSeries[] {
  const best = new Map<string, ResourceSeries>();
  for (const one of all) {
    const key = `${one.subject.kind}\n${one.subject.id}\n${one.metric}`;
    const known = best.get(key);
    if (known === undefined) best.set(key, one);
    else if (one.knownShare > known.knownShare) {
      best.set(key, { ...one, others: [...known.others, known.source] });
    } else known.others.push(one.source);
  }
  return [...best.values()];
}

function readPresence(
  db: DatabaseSync,
  query: ResourceQuery,
  window: { fromMs: number; toMs: number },
  series: readonly ResourceSeries[],
): Pick<ResourceAnswer, 'holders' | 'silent'> {
  const { where, values } = subjectFilter(query);
  const heard = new Set(series.map(({ subject }) => `${subject.kind}\n${subject.id}`));
  const recent = db
    .prepare(`SELECT * FROM subjects WHERE lastMs >= ? AND firstMs < ?${where} ORDER BY kind, name`)
    .all(window.fromMs - MISSED_MS, window.toMs, ...values);
  const silent = recent
    .map((row) => ({ subject: toSubject(row), lastMs: Number(row['lastMs']) }))
    .filter(({ subject }) => !heard.has(`${subject.kind}\n${subject.id}`));
  const held = db
    .prepare(
      `SELECT holder, fromMs, toMs, subjects.* FROM holders JOIN subjects ON subjects.id = holders.subject
       WHERE toMs > ? AND fromMs < ?${where} ORDER BY kind, name, fromMs`,
    )
    .all(window.fromMs, window.toMs, ...values);
  const holders = held.map((row) => ({
    subject: toSubject(row),
    holder: String(row['holder']),
    fromMs: Math.max(window.fromMs, Number(row['fromMs'])),
    toMs: Math.min(window.toMs, Number(row['toMs'])),
  }));
  return { holders, silent };
}

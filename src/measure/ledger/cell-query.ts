import type { Catalogue, SegmentRow } from './catalogue.ts';
import { TailraceError } from '../../records/errors.ts';
import {
  boundedKey,
  cellIn,
  hourMs,
  mergeCell,
  minuteMs,
  type CellMap,
  type MinuteCells,
  type StoredCell,
} from './cell-store.ts';
import type { Grouping, Window } from './ledger.ts';
import { cellFromRow, type Tier } from './rollup-rows.ts';
import { busiestTenants, foldTenants } from './top-tenants.ts';

const exemplarsMax = 512;
const decodedMax = 4096;
/** Groups of one answer; far above what one segment may hold, see `groupsMax`. */
const mergedGroupsMax = 4000;
const stepsMax = 20_000;

/** Windows of rollups are whole minutes: the start is rounded down, the end up. */
export const wholeMinutes = ({ fromMs, toMs }: Window): Window => ({
  fromMs: Math.floor(fromMs / minuteMs) * minuteMs,
  toMs: Math.ceil(toMs / minuteMs) * minuteMs,
});

/** Whole minutes, but a window that reaches back to where only hours are kept starts with one. */
function wholeRollups(window: Window, minutesFromMs: number): Window {
  const { fromMs, toMs } = wholeMinutes(window);
  return { fromMs: fromMs < minutesFromMs ? Math.floor(fromMs / hourMs) * hourMs : fromMs, toMs };
}

/** Rollup rows begin at whole hours, so a segment is looked at from the hour of its first record on. */
const overlaps = (segment: SegmentRow, window: Window): boolean =>
  segment.maxMs >= window.fromMs && Math.floor(segment.minMs / hourMs) * hourMs < window.toMs;

/** What a query is answered from. `topTenants`: as configured; the rest are `other`. */
export interface CellSource {
  segments: readonly SegmentRow[];
  unsealed: MinuteCells;
  topTenants: number;
  /** Rollups per minute are kept from here on; before it time counts in whole hours. */
  minutesFromMs: number;
}

export interface CellQuestion {
  window: Window;
  by: Grouping;
  service?: string;
}

/** Merges rollup rows and unsealed cells into the cells of a window. */
export class CellQuery {
  readonly #catalogue: Catalogue;
  /** Decoded rows of the coarse tiers by row id; the oldest go first. */
  readonly #decoded = new Map<number, StoredCell>();

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  cells(source: CellSource, question: CellQuestion): StoredCell[] {
    const window = wholeRollups(question.window, source.minutesFromMs);
    const map = this.#merge(source, question, window);
    if (question.by !== 'tenant') return [...map.values()];
    const kept = busiestTenants([map], source.topTenants);
    return [...foldTenants(map, kept, exemplarsMax).values()];
  }

  /** Throws TR_WINDOW_INVALID when there would be more than `stepsMax` steps. */
  series(
    source: CellSource,
    question: CellQuestion & { stepMs: number },
  ): Array<{ window: Window; cells: StoredCell[] }> {
    const stepMs = Math.max(1, Math.ceil(question.stepMs / minuteMs)) * minuteMs;
    const { fromMs, toMs } = wholeRollups(question.window, source.minutesFromMs);
    if (!((toMs - fromMs) / stepMs <= stepsMax)) {
      throw new TailraceError('TR_WINDOW_INVALID', `a series has at most ${stepsMax} steps`, {
        field: 'stepMs',
      });
    }
    const steps: Array<{ window: Window; map: CellMap }> = [];
    for (let at = fromMs; at < toMs; at += stepMs) {
      const window = { fromMs: at, toMs: Math.min(toMs, at + stepMs) };
      steps.push({ window, map: this.#merge(source, question, window) });
    }
    if (question.by !== 'tenant') {
      return steps.map(({ window, map }) => ({ window, cells: [...map.values()] }));
    }
    const maps = steps.map(({ map }) => map);
    const kept = busiestTenants(maps, source.topTenants);
    return steps.map(({ window, map }) => ({
      window,
      cells: [...foldTenants(map, kept, exemplarsMax).values()],
    }));
  }

  #merge(source: CellSource, question: CellQuestion, window: Window): CellMap {
    const { by, service } = question;
    const result: CellMap = new Map();
    const max = Math.max(mergedGroupsMax, source.topTenants * 10);
    const take = (cell: StoredCell): void => {
      if (service !== undefined && cell.service !== service) return;
      const key = boundedKey(by, result, cell, max);
      mergeCell(cellIn(result, key), cell, exemplarsMax);
    };
    for (const segment of source.segments) {
      if (!overlaps(segment, window)) continue;
      for (const [tier, part] of partsOf(segment, window, source.minutesFromMs)) {
        for (const row of this.#catalogue.rollups(segment.id, by, tier, part)) {
          take(tier === 'minute' ? cellFromRow(row) : this.#decode(row));
        }
      }
    }
    for (const [minute, map] of source.unsealed.minutes(by)) {
      if (minute >= window.fromMs && minute < window.toMs)
        for (const cell of map.values()) take(cell);
    }
    return result;
  }

  forget(): void {
    this.#decoded.clear();
  }

  #decode(row: Parameters<typeof cellFromRow>[0] & { rowid: number }): StoredCell {
    const known = this.#decoded.get(row.rowid);
    if (known !== undefined) return known;
    const cell = cellFromRow(row);
    if (this.#decoded.size >= decodedMax) {
      const oldest = this.#decoded.keys().next().value;
      if (oldest !== undefined) this.#decoded.delete(oldest);
    }
    this.#decoded.set(row.rowid, cell);
    return cell;
  }
}

/** The coarsest rows that cover the window's part of a segment: all of it, or whole hours and the minutes around them. */
function partsOf(
  segment: SegmentRow,
  window: Window,
  minutesFromMs: number,
): Array<[Tier, Window]> {
  const everything: Window = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
  const isOld = segment.maxMs < minutesFromMs;
  // An hour belongs to the window that its start is in, also where that is before the first record.
  const beginMs = isOld ? Math.floor(segment.minMs / hourMs) * hourMs : segment.minMs;
  if (beginMs >= window.fromMs && segment.maxMs < window.toMs) return [['segment', everything]];
  if (isOld) return [['hour', window]];
  const firstHour = Math.ceil(window.fromMs / hourMs) * hourMs;
  const lastHour = Math.floor(window.toMs / hourMs) * hourMs;
  if (firstHour >= lastHour) return [['minute', window]];
  return [
    ['minute', { fromMs: window.fromMs, toMs: firstHour }],
    ['hour', { fromMs: firstHour, toMs: lastHour }],
    ['minute', { fromMs: lastHour, toMs: window.toMs }],
  ];
}

import type { Catalogue, SegmentRow } from './catalogue.ts';
import {
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

const exemplarsMax = 512;
const decodedMax = 4096;

/** Windows of rollups are whole minutes: the start is rounded down, the end up. */
export const wholeMinutes = ({ fromMs, toMs }: Window): Window => ({
  fromMs: Math.floor(fromMs / minuteMs) * minuteMs,
  toMs: Math.ceil(toMs / minuteMs) * minuteMs,
});

/** Merges rollup rows and unsealed cells into the cells of a window. */
export class CellQuery {
  readonly #catalogue: Catalogue;
  /** Decoded rows of the coarse tiers by row id; the oldest go first. */
  readonly #decoded = new Map<number, StoredCell>();

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  cells(
    segments: readonly SegmentRow[],
    unsealed: MinuteCells,
    query: { window: Window; by: Grouping; service?: string },
  ): StoredCell[] {
    const window = wholeMinutes(query.window);
    const result: CellMap = new Map();
    const take = (cell: StoredCell): void => {
      if (query.service !== undefined && cell.service !== query.service) return;
      mergeCell(cellIn(result, cell), cell, exemplarsMax);
    };
    for (const segment of segments) {
      if (segment.maxMs < window.fromMs || segment.minMs >= window.toMs) continue;
      for (const [tier, part] of partsOf(segment, window)) {
        for (const row of this.#catalogue.rollups(segment.id, query.by, tier, part)) {
          take(tier === 'minute' ? cellFromRow(row) : this.#decode(row));
        }
      }
    }
    for (const [minute, map] of unsealed.minutes(query.by)) {
      if (minute >= window.fromMs && minute < window.toMs)
        for (const cell of map.values()) take(cell);
    }
    return [...result.values()];
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
function partsOf(segment: SegmentRow, window: Window): Array<[Tier, Window]> {
  const everything: Window = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
  if (segment.minMs >= window.fromMs && segment.maxMs < window.toMs)
    return [['segment', everything]];
  const firstHour = Math.ceil(window.fromMs / hourMs) * hourMs;
  const lastHour = Math.floor(window.toMs / hourMs) * hourMs;
  if (firstHour >= lastHour) return [['minute', window]];
  return [
    ['minute', { fromMs: window.fromMs, toMs: firstHour }],
    ['hour', { fromMs: firstHour, toMs: lastHour }],
    ['minute', { fromMs: lastHour, toMs: window.toMs }],
  ];
}

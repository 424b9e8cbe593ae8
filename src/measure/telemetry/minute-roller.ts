import type { ResourceSample } from '../../records/resource-sample.ts';

export const minuteMs = 60_000;

/** What is known of one series in one minute: `mean` over `knownMs` of it; `min` and `max` of the readings' means. */
export interface MinuteRow {
  startMs: number;
  knownMs: number;
  mean: number;
  min: number;
  max: number;
}

interface Cell {
  knownMs: number;
  integral: number;
  min: number;
  max: number;
}

interface OpenSeries {
  combine: ResourceSample['combine'];
  parts: Map<string, Cell>;
}

/** Minutes further back than this are closed: what comes later is counted and left out. */
export const graceMs = 120_000;

/** A clock that is this far behind what it said was set back, not merely corrected. */
const SET_BACK_MS = 600_000;

/**
 * The minutes that are still being filled, in memory. A sample's interval is cut at whole minutes, each piece
 * weighs by its length. What several parts say is combined only when the minute is read or closed.
 */
export class MinuteRoller {
  late = 0;
  readonly #minutes = new Map<number, Map<number, OpenSeries>>();
  #closedMs = Number.NEGATIVE_INFINITY;

  add(series: number, sample: ResourceSample): void {
    let fromMs = sample.fromMs;
    while (fromMs < sample.toMs) {
      const startMs = Math.floor(fromMs / minuteMs) * minuteMs;
      const toMs = Math.min(sample.toMs, startMs + minuteMs);
      if (startMs < this.#closedMs) this.late += 1;
      else this.#addPiece(startMs, series, sample, toMs - fromMs);
      fromMs = toMs;
    }
  }

  #addPiece(startMs: number, series: number, sample: ResourceSample, lengthMs: number): void {
    let minute = this.#minutes.get(startMs);
    if (minute === undefined) this.#minutes.set(startMs, (minute = new Map()));
    let open = minute.get(series);
    if (open === undefined) {
      minute.set(series, (open = { combine: sample.combine, parts: new Map() }));
    }
    const cell = open.parts.get(sample.part);
    const { value } = sample;
    if (cell === undefined) {
      const fresh = { knownMs: lengthMs, integral: value * lengthMs, min: value, max: value };
      open.parts.set(sample.part, fresh);
      return;
    }
    cell.knownMs += lengthMs;
    cell.integral += value * lengthMs;
    if (value < cell.min) cell.min = value;
    if (value > cell.max) cell.max = value;
  }

  /** Takes out the minutes that begin before `beforeMs`; they are closed from here on. */
  close(beforeMs: number): Array<[series: number, row: MinuteRow]> {
    const rows: Array<[number, MinuteRow]> = [];
    const ready = [...this.#minutes.keys()].filter((startMs) => startMs < beforeMs);
    for (const startMs of ready.sort((a, b) => a - b)) {
      for (const [series, open] of this.#minutes.get(startMs) ?? []) {
        rows.push([series, combined(startMs, open)]);
      }
      this.#minutes.delete(startMs);
    }
    const closedMs = Math.ceil(beforeMs / minuteMs) * minuteMs;
    // A clock that was set back opens its minutes anew; what is written of them is added to.
    const isSetBack = closedMs < this.#closedMs - SET_BACK_MS;
    this.#closedMs = isSetBack ? closedMs : Math.max(this.#closedMs, closedMs);
    return rows;
  }

  /** The open minutes of one series, as they are now. */
  rows(series: number, window: { fromMs: number; toMs: number }): MinuteRow[] {
    const rows: MinuteRow[] = [];
    for (const [startMs, minute] of this.#minutes) {
      const open = minute.get(series);
      const isIn = startMs >= window.fromMs && startMs < window.toMs;
      if (open !== undefined && isIn) rows.push(combined(startMs, open));
    }
    return rows.sort((a, b) => a.startMs - b.startMs);
  }
}

/**
 * `mean`: all parts together, each by the time it is known. `sum`: what the parts add up to over the time that the
 * best known of them is known. `same`: parts repeat one figure, so the best known part stands for it.
 */
function combined(startMs: number, open: OpenSeries): MinuteRow {
  const cells = [...open.parts.values()];
  const longest = cells.reduce((best, one) => (one.knownMs > best.knownMs ? one : best));
  const known = Math.min(minuteMs, longest.knownMs);
  if (open.combine === 'same' || cells.length === 1) return toRow(startMs, known, longest);
  const total = (pick: (cell: Cell) => number): number =>
    cells.reduce((sum, one) => sum + pick(one), 0);
  if (open.combine === 'sum') {
    const mean = total((one) => one.integral) / longest.knownMs;
    return { startMs, knownMs: known, mean, min: total((c) => c.min), max: total((c) => c.max) };
  }
  return {
    startMs,
    knownMs: known,
    mean: total((one) => one.integral) / total((one) => one.knownMs),
    min: Math.min(...cells.map((one) => one.min)),
    max: Math.max(...cells.map((one) => one.max)),
  };
}

const toRow = (startMs: number, knownMs: number, cell: Cell): MinuteRow => ({
  startMs,
  knownMs,
  mean: cell.integral / cell.knownMs,
  min: cell.min,
  max: cell.max,
});

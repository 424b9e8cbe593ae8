import type { SeriesStep } from '../api/types.ts';

/** One step of time; `step` is null where the series has none. */
export interface HeatColumn {
  fromMs: number;
  toMs: number;
  step: SeriesStep | null;
  /** Counts per row of the grid. */
  counts: number[];
}

/** The heatmap's cells: columns oldest first, rows from fast to slow, empty outer rows left out. */
export interface HeatGrid {
  columns: HeatColumn[];
  /** `lowerMs` is exclusive (0 for the very first bucket), `upperMs` inclusive. */
  rows: Array<{ lowerMs: number; upperMs: number }>;
  /** Largest count of any cell, at least 1. */
  max: number;
}

/** Most columns that are laid out; the API sends at most 1,500 steps. */
const MAX_COLUMNS = 2_000;

/**
 * Lays a series out as a grid. Steps that the series leaves out become empty columns, so that the
 * time axis stays even. Null when there is no request in it.
 */
export function heatGrid(steps: readonly SeriesStep[], stepMs: number): HeatGrid | null {
  const first = steps[0];
  const last = steps.at(-1);
  if (first === undefined || last === undefined) return null;
  const uppers = first.heat.map(([upperMs]) => upperMs);
  const used = usedRows(steps, uppers.length);
  if (used === null) return null;
  const [lowest, highest] = used;
  const rows = uppers.slice(lowest, highest + 1).map((upperMs, index) => ({
    lowerMs: uppers[lowest + index - 1] ?? 0,
    upperMs,
  }));
  // Steps begin at multiples of the step, but the first may begin later: with the window.
  const startMs = Math.floor(first.fromMs / stepMs) * stepMs;
  const slotOf = (step: SeriesStep): number => Math.floor((step.fromMs - startMs) / stepMs);
  const bySlot = new Map(steps.map((step) => [slotOf(step), step]));
  const slots = Math.min(slotOf(last) + 1, MAX_COLUMNS);
  const columns = Array.from({ length: slots }, (_, slot): HeatColumn => {
    const step = bySlot.get(slot) ?? null;
    const fromMs = step?.fromMs ?? startMs + slot * stepMs;
    const counts = rows.map((_row, index) => step?.heat[lowest + index]?.[1] ?? 0);
    return { fromMs, toMs: step?.toMs ?? fromMs + stepMs, step, counts };
  });
  const max = Math.max(1, ...columns.map((column) => Math.max(...column.counts)));
  return { columns, rows, max };
}

/** First and last row that hold anything, with one empty row around them; null when all are empty. */
function usedRows(steps: readonly SeriesStep[], rowCount: number): [number, number] | null {
  let lowest = rowCount;
  let highest = -1;
  for (const step of steps) {
    step.heat.forEach(([, count], row) => {
      if (count === 0) return;
      lowest = Math.min(lowest, row);
      highest = Math.max(highest, row);
    });
  }
  if (highest < 0) return null;
  return [Math.max(0, lowest - 1), Math.min(rowCount - 1, highest + 1)];
}

/**
 * Height of a duration on the grid, 0 at the bottom and 1 at the top; rows are log-spaced. Null when
 * it lies outside.
 */
export function heightOf(grid: HeatGrid, ms: number): number | null {
  const row = grid.rows.findIndex(({ lowerMs, upperMs }) => ms > lowerMs && ms <= upperMs);
  const found = grid.rows[row];
  if (found === undefined) return null;
  const inside =
    found.lowerMs === 0
      ? 0.5
      : Math.log(ms / found.lowerMs) / Math.log(found.upperMs / found.lowerMs);
  return (row + inside) / grid.rows.length;
}

/** Round durations (1, 2, 5 times a power of ten) within a range, at most `most`, evenly thinned. */
export function roundDurations(lowestMs: number, highestMs: number, most: number): number[] {
  const all: number[] = [];
  const firstPower = Math.floor(Math.log10(Math.max(lowestMs, 1e-6)));
  const lastPower = Math.ceil(Math.log10(Math.max(highestMs, 1e-6)));
  for (let power = firstPower; power <= lastPower; power += 1) {
    for (const factor of [1, 2, 5]) {
      const ms = Number((factor * 10 ** power).toPrecision(1));
      if (ms >= lowestMs && ms <= highestMs) all.push(ms);
    }
  }
  const stride = Math.ceil(all.length / most);
  return all.filter((_, index) => index % stride === 0);
}

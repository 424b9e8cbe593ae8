import type { HeatGrid } from './heat-grid.ts';

/** A cell of the grid: `x` counts columns from the oldest, `y` rows from the fastest. */
export interface HeatCell {
  x: number;
  y: number;
}

const clamp = (value: number, count: number): number => Math.min(Math.max(value, 0), count - 1);

/** Where a key leads from a cell; null when the key is not one of the grid's. */
export function moveCell(grid: HeatGrid, from: HeatCell, key: string): HeatCell | null {
  const moves: Partial<Record<string, HeatCell>> = {
    ArrowLeft: { x: from.x - 1, y: from.y },
    ArrowRight: { x: from.x + 1, y: from.y },
    ArrowUp: { x: from.x, y: from.y + 1 },
    ArrowDown: { x: from.x, y: from.y - 1 },
    PageUp: { x: from.x, y: grid.rows.length - 1 },
    PageDown: { x: from.x, y: 0 },
    Home: { x: 0, y: from.y },
    End: { x: grid.columns.length - 1, y: from.y },
  };
  const to = moves[key];
  return to === undefined
    ? null
    : { x: clamp(to.x, grid.columns.length), y: clamp(to.y, grid.rows.length) };
}

/** The cell at a point, given as shares of the width from the left and of the height from the top. */
export const cellAt = (grid: HeatGrid, left: number, top: number): HeatCell => ({
  x: clamp(Math.floor(left * grid.columns.length), grid.columns.length),
  y: clamp(Math.floor((1 - top) * grid.rows.length), grid.rows.length),
});

/** Where the keyboard starts: the slowest requests of the newest step that has any. */
export function firstCell(grid: HeatGrid): HeatCell {
  const x = grid.columns.findLastIndex((column) => column.counts.some((count) => count > 0));
  const counts = grid.columns[x]?.counts ?? [];
  return {
    x: Math.max(0, x),
    y: Math.max(
      0,
      counts.findLastIndex((count) => count > 0),
    ),
  };
}

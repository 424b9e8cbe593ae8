import { bracket } from './grid.ts';
import type { OperatorTable } from './operator-table.ts';

/**
 * Time of a layer's experts on one of `ranks` ranks that share them, microseconds, over the tokens of all ranks.
 * A rank has count / ranks experts and, on average, 1 / ranks of the (token, expert) pairs: as many as
 * tokens / ranks alone would have. Under independent uniform routing T tokens reach
 * count x (1 - (1 - active / count)^T) experts, evenly spread. Bilinear in tokens and experts reached.
 */
export function expertTime(
  moe: NonNullable<OperatorTable['moe']>,
  experts: { count: number; active: number },
  ranks: number,
): (tokens: number) => number {
  const { tokens: rows, experts: reached } = moe;
  const timesUs = complete(moe);
  const at = (row: number, column: number): number =>
    timesUs[
      Math.min(row, rows.length - 1) * reached.length + Math.min(column, reached.length - 1)
    ] ?? 0;
  return (tokens) => {
    if (tokens <= 0) return 0;
    const own = tokens / ranks;
    const untouched = (1 - experts.active / experts.count) ** tokens;
    const active = (experts.count / ranks) * (1 - untouched);
    const i = bracket(rows, own);
    const j = bracket(reached, active);
    const down = share(rows, i, own);
    const across = share(reached, j, active);
    const low = at(i, j) + (at(i, j + 1) - at(i, j)) * across;
    const high = at(i + 1, j) + (at(i + 1, j + 1) - at(i + 1, j)) * across;
    return Math.max(0, low + (high - low) * down);
  };
}

/**
 * Few tokens cannot reach many experts; the time of those experts is that of the next larger row. What then is still missing
 * (tables that do not reach so far) takes the next smaller row, then the nearest number of experts of its row.
 */
function complete({ tokens, experts, timesUs }: NonNullable<OperatorTable['moe']>): number[] {
  const filled = timesUs.map((time) => time ?? Number.NaN);
  const width = experts.length;
  const take = (cell: number, from: number): void => {
    if (Number.isNaN(filled[cell])) filled[cell] = filled[from] ?? Number.NaN;
  };
  const last = tokens.length * width - 1;
  for (let cell = last - width; cell >= 0; cell -= 1) take(cell, cell + width);
  for (let cell = width; cell <= last; cell += 1) take(cell, cell - width);
  for (let cell = 0; cell <= last; cell += 1) if (cell % width > 0) take(cell, cell - 1);
  for (let cell = last; cell >= 0; cell -= 1) if (cell % width < width - 1) take(cell, cell + 1);
  return filled.map((time) => (Number.isNaN(time) ? 0 : time));
}

/** Position in the cell; beyond the grid the last slope goes on, below it the first value holds. */
const share = (axis: readonly number[], i: number, x: number): number => {
  const low = axis[i] ?? 0;
  const high = axis[i + 1];
  return high === undefined ? 0 : Math.max(0, (x - low) / (high - low));
};

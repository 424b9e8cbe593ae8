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

/** Few tokens cannot reach many experts; the time of those experts is that of the next larger row. */
function complete({ tokens, experts, timesUs }: NonNullable<OperatorTable['moe']>): number[] {
  const filled = timesUs.map((time) => time ?? Number.NaN);
  for (let row = tokens.length - 2; row >= 0; row -= 1) {
    for (let column = 0; column < experts.length; column += 1) {
      const cell = row * experts.length + column;
      if (Number.isNaN(filled[cell])) filled[cell] = filled[cell + experts.length] ?? 0;
    }
  }
  return filled.map((time) => (Number.isNaN(time) ? 0 : time));
}

/** Position in the cell; beyond the grid the last slope goes on, below it the first value holds. */
const share = (axis: readonly number[], i: number, x: number): number => {
  const low = axis[i] ?? 0;
  const high = axis[i + 1];
  return high === undefined ? 0 : Math.max(0, (x - low) / (high - low));
};

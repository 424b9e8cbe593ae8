import type { OperatorTable } from './operator-table.ts';

/** Share of the way from the time at the mean context to the time at the longest. */
export type SkewShare = (
  prefillTokens: number,
  decodes: number,
  mean: number,
  longest: number,
  prefillContext: number,
) => number;

/**
 * Look-up of the fitted shares: nearest measured prefill size on a log scale, then the first bucket that holds
 * the batch on every other axis; `otherwise` where no bucket was measured. Shares outside 0..1 are noise of
 * batches whose two times hardly differ, and are cut.
 */
export function skewShare(rows: OperatorTable['skew'], otherwise: number): SkewShare | null {
  if (rows === null || rows.length === 0) return null;
  const ends = (column: number): number[] =>
    [...new Set(rows.map((row) => row[column] ?? 0))].sort((a, b) => a - b);
  const axes = [0, 1, 2, 3, 4].map(ends);
  const cells = new Map<number, number>();
  const keyOf = (at: readonly number[]): number =>
    at.reduce((key, index, axis) => key * (axes[axis]?.length ?? 1) + index, 0);
  for (const row of rows) {
    const share = Math.min(1, Math.max(0, row[5] ?? 0));
    cells.set(keyOf(axes.map((axis, i) => axis.indexOf(row[i] ?? 0))), share);
  }
  return (prefillTokens, decodes, mean, longest, prefillContext) => {
    const at = [
      nearestByRatio(axes[0] ?? [], prefillTokens),
      holding(axes[1] ?? [], decodes),
      holding(axes[2] ?? [], mean / longest),
      holding(axes[3] ?? [], longest),
      holding(axes[4] ?? [], prefillContext),
    ];
    return cells.get(keyOf(at)) ?? otherwise;
  };
}

function holding(ends: readonly number[], value: number): number {
  const at = ends.findIndex((end) => value <= end);
  return at < 0 ? ends.length - 1 : at;
}

function nearestByRatio(values: readonly number[], value: number): number {
  if (value === 0) return Math.max(0, values.indexOf(0));
  let best = 0;
  let bestRatio = Number.POSITIVE_INFINITY;
  for (const [i, one] of values.entries()) {
    const ratio = one === 0 ? Number.POSITIVE_INFINITY : Math.abs(Math.log(value / one));
    if (ratio < bestRatio) {
      best = i;
      bestRatio = ratio;
    }
  }
  return best;
}

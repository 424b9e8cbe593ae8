/** Ranges as HTA merges them: sorted by start, and possibly backward where rounding made them so. */
export type SignedRanges = Array<{ startUs: number; endUs: number }>;

/** Merges rows whose start is not after the latest end so far. */
export function mergeSigned(
  rows: Int32Array,
  startUs: (row: number) => number,
  endUs: (row: number) => number,
): SignedRanges {
  const order = Array.from(rows, (row) => ({ startUs: startUs(row), endUs: endUs(row) }));
  order.sort((a, b) => a.startUs - b.startUs);
  const out: SignedRanges = [];
  let latestUs = -Infinity;
  for (const range of order) {
    const last = out.at(-1);
    if (last === undefined || range.startUs > latestUs) out.push({ ...range });
    else if (range.endUs > last.endUs) last.endUs = range.endUs;
    latestUs = Math.max(latestUs, range.endUs);
  }
  return out;
}

/** Sum of end minus start, backward ranges counting as negative. */
export const signedLength = (ranges: SignedRanges): number =>
  ranges.reduce((total, { startUs, endUs }) => total + (endUs - startUs), 0);

/**
 * Time spent in each state when the ranges of set `i` switch bit `i` on and off. Backward ranges
 * switch off before on, as in the peer, so that a state can be negative for a moment.
 */
export function sweep(sets: readonly SignedRanges[]): Map<number, number> {
  const points = sets
    .flatMap((ranges, bit) => [
      ...ranges.map(({ startUs }) => ({ atUs: startUs, change: 1 << bit })),
      ...ranges.map(({ endUs }) => ({ atUs: endUs, change: -(1 << bit) })),
    ])
    .sort((a, b) => a.atUs - b.atUs);
  const times = new Map<number, number>();
  let running = 0;
  points.forEach(({ atUs, change }, i) => {
    running += change;
    const nextUs = points[i + 1]?.atUs;
    if (nextUs !== undefined) times.set(running, (times.get(running) ?? 0) + (nextUs - atUs));
  });
  return times;
}

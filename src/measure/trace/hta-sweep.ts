/**
 * Ranges as HTA merges them, flat pairs of start and end: sorted by start, and possibly backward
 * where rounding made them so.
 */
export type SignedRanges = Float64Array;

/** Merges rows whose start is not after the latest end so far. */
export function mergeSigned(
  rows: Int32Array,
  startUs: (row: number) => number,
  endUs: (row: number) => number,
): SignedRanges {
  const out = new Float64Array(2 * rows.length);
  let length = 0;
  let latestUs = -Infinity;
  for (const row of stableBy(rows, startUs)) {
    const start = startUs(row);
    const end = endUs(row);
    if (length === 0 || start > latestUs) {
      out[length++] = start;
      out[length++] = end;
    } else if (end > (out[length - 1] ?? 0)) {
      out[length - 1] = end;
    }
    latestUs = Math.max(latestUs, end);
  }
  return out.slice(0, length);
}

/** Rows by a key, equal keys in their own order; without a copy of what is in order already. */
export function stableBy(rows: Int32Array, key: (row: number) => number): Int32Array {
  let sorted = true;
  for (let i = 1; i < rows.length && sorted; i++) {
    sorted = key(rows[i] ?? 0) >= key(rows[i - 1] ?? 0);
  }
  if (sorted) return rows;
  return orderOf(Float64Array.from(rows, key)).map((i) => rows[i] ?? 0);
}

/** Indices by value, equal values in their own order. */
const orderOf = (values: Float64Array): Int32Array =>
  Int32Array.from(values, (_, i) => i).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);

/** Sum of end minus start, backward ranges counting as negative. */
export function signedLength(ranges: SignedRanges): number {
  let total = 0;
  for (let i = 0; i < ranges.length; i += 2) total += (ranges[i + 1] ?? 0) - (ranges[i] ?? 0);
  return total;
}

/**
 * Time spent in each state when the ranges of set `i` switch bit `i` on and off. Backward ranges
 * switch off before on, as in the peer, so that a state can be negative for a moment.
 */
export function sweep(sets: readonly SignedRanges[]): Map<number, number> {
  const count = sets.reduce((sum, ranges) => sum + ranges.length, 0);
  const atUs = new Float64Array(count);
  const change = new Int8Array(count);
  let length = 0;
  sets.forEach((ranges, bit) => {
    for (const side of [0, 1]) {
      for (let i = side; i < ranges.length; i += 2) {
        atUs[length] = ranges[i] ?? 0;
        change[length++] = side === 0 ? 1 << bit : -(1 << bit);
      }
    }
  });
  const order = orderOf(atUs);
  const times = new Map<number, number>();
  let running = 0;
  for (let i = 0; i < order.length; i++) {
    const at = order[i] ?? 0;
    running += change[at] ?? 0;
    const next = order[i + 1];
    if (next === undefined) break;
    const spanUs = (atUs[next] ?? 0) - (atUs[at] ?? 0);
    times.set(running, (times.get(running) ?? 0) + spanUs);
  }
  return times;
}

/**
 * Sets of time as flat pairs `[start, end, start, end, ...]`: sorted, disjoint, not touching, none
 * empty. All operations are exact on the numbers given and linear, except `union`, which sorts.
 */
export type Intervals = Float64Array;

/** The union of ranges in any order; `starts[i]` to `ends[i]`. Empty and backward ranges vanish. */
export function union(starts: ArrayLike<number>, ends: ArrayLike<number>): Intervals {
  const order = sortedBy(starts);
  const out = new Float64Array(2 * order.length);
  let length = 0;
  for (const i of order) {
    const start = starts[i] ?? 0;
    const end = ends[i] ?? 0;
    if (end <= start) continue;
    const last = out[length - 1];
    if (last !== undefined && length > 0 && start <= last) {
      if (end > last) out[length - 1] = end;
    } else {
      out[length++] = start;
      out[length++] = end;
    }
  }
  return out.slice(0, length);
}

/** Indices in the order of their values, equal values in their own order. */
function sortedBy(values: ArrayLike<number>): Int32Array {
  const order = new Int32Array(values.length);
  let sorted = true;
  for (let i = 0; i < order.length; i++) {
    order[i] = i;
    if (i > 0 && (values[i] ?? 0) < (values[i - 1] ?? 0)) sorted = false;
  }
  return sorted ? order : order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
}

/** Total length. */
export function measure(set: Intervals): number {
  let total = 0;
  for (let i = 0; i < set.length; i += 2) total += (set[i + 1] ?? 0) - (set[i] ?? 0);
  return total;
}

/** What is in both. */
export function intersect(a: Intervals, b: Intervals): Intervals {
  const out: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const start = Math.max(a[i] ?? 0, b[j] ?? 0);
    const endA = a[i + 1] ?? 0;
    const endB = b[j + 1] ?? 0;
    const end = Math.min(endA, endB);
    if (end > start) out.push(start, end);
    if (endA <= endB) i += 2;
    else j += 2;
  }
  return Float64Array.from(out);
}

/** What is in `a` and not in `b`. */
export function subtract(a: Intervals, b: Intervals): Intervals {
  const out: number[] = [];
  let j = 0;
  for (let i = 0; i < a.length; i += 2) {
    let start = a[i] ?? 0;
    const end = a[i + 1] ?? 0;
    while (j < b.length && (b[j + 1] ?? 0) <= start) j += 2;
    for (let k = j; k < b.length && (b[k] ?? 0) < end; k += 2) {
      const holeStart = b[k] ?? 0;
      if (holeStart > start) out.push(start, holeStart);
      start = Math.max(start, b[k + 1] ?? 0);
    }
    if (start < end) out.push(start, end);
  }
  return Float64Array.from(out);
}

/** One range as a set; empty when it is backward. */
export const range = (start: number, end: number): Intervals =>
  end > start ? Float64Array.of(start, end) : new Float64Array();

/** How much of a set lies between two times; built once in O(n), then O(log n) a question. */
export function lengthWithin(set: Intervals): (start: number, end: number) => number {
  const before = new Float64Array(set.length / 2 + 1);
  for (let i = 0; i < set.length; i += 2) {
    before[i / 2 + 1] = (before[i / 2] ?? 0) + (set[i + 1] ?? 0) - (set[i] ?? 0);
  }
  const until = (time: number): number => {
    let low = 0;
    let high = set.length / 2;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((set[2 * middle] ?? 0) < time) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return 0;
    return (before[low] ?? 0) - Math.max(0, (set[2 * low - 1] ?? 0) - time);
  };
  return (start, end) => (end > start ? until(end) - until(start) : 0);
}

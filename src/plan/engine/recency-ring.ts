/**
 * Numbers from 0 to `total` - 1 in an order, oldest first, as a ring of links in two arrays. All operations are O(1) whatever was done
 * before. (A Map in order of insertion is not: looking for its first key passes over everything that was deleted
 * since it last grew.)
 */
export interface RecencyRing {
  /** The one that was appended first; -1 when the ring is empty. */
  oldest(): number;
  /** Takes one out that is in the ring. */
  unlink(one: number): void;
  /** Puts one in that is not, as the newest. */
  append(one: number): void;
}

/** A ring that holds all its numbers, 0 the oldest. */
export function createRecencyRing(total: number): RecencyRing {
  // The last index is the sentinel that closes the ring.
  const sentinel = total;
  const next = new Int32Array(total + 1);
  const previous = new Int32Array(total + 1);
  for (let i = 0; i <= total; i += 1) {
    next[i] = i === total ? 0 : i + 1;
    previous[i] = i === 0 ? total : i - 1;
  }
  return {
    oldest() {
      const first = next[sentinel] ?? sentinel;
      return first === sentinel ? -1 : first;
    },
    unlink(one) {
      const before = previous[one] ?? sentinel;
      const after = next[one] ?? sentinel;
      next[before] = after;
      previous[after] = before;
    },
    append(one) {
      const newest = previous[sentinel] ?? sentinel;
      next[newest] = one;
      previous[one] = newest;
      next[one] = sentinel;
      previous[sentinel] = one;
    },
  };
}

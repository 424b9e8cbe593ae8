/** Exact quantiles of one metric, milliseconds; null where there is no value. */
export interface Quantiles {
  count: number;
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
  maxMs: number | null;
}

/** A growing list of doubles: 8 bytes a value. */
export class Values {
  #values = new Float64Array(1024);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(value: number): void {
    if (this.#count === this.#values.length) {
      const grown = new Float64Array(this.#values.length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#count] = value;
    this.#count += 1;
  }

  /** Sorts in place: O(n log n), some 90 ms for a million values. */
  quantiles(): Quantiles {
    const sorted = this.#values.subarray(0, this.#count).sort();
    return {
      count: this.#count,
      p50Ms: quantile(sorted, 0.5),
      p95Ms: quantile(sorted, 0.95),
      p99Ms: quantile(sorted, 0.99),
      maxMs: quantile(sorted, 1),
    };
  }
}

/**
 * The discrete quantile, as everywhere in Tailrace: the value at rank ceil(q x n) of the ascending
 * list, always one that was measured. Null when the list is empty.
 */
export function quantile(sorted: ArrayLike<number>, q: number): number | null {
  const rank = Math.max(1, Math.ceil(q * sorted.length));
  return sorted[rank - 1] ?? null;
}

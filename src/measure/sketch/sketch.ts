/**
 * A mergeable latency histogram with a stated bound: base-2 exponential buckets at scale 6, so
 * every quantile is within 0.54 % of a value of the data (OpenTelemetry data model, exponential
 * histogram). Values are non-negative; the unit is the caller's.
 */
export interface Sketch {
  readonly count: number;
  readonly sum: number;
  /** Exact; NaN when empty. */
  readonly min: number;
  /** Exact; NaN when empty. */
  readonly max: number;
  add(value: number, count?: number): void;
  merge(other: Sketch): void;
  /** Value at rank ceil(q * count) (the discrete definition); NaN when empty. */
  quantile(q: number): number;
  /** Share of values at most `value`, 0..1; NaN when empty. */
  shareAtMost(value: number): number;
  /** Non-empty buckets, ascending: `upper` is the inclusive upper bound. */
  buckets(): Array<{ lower: number; upper: number; count: number }>;
  /** Sparse varint form, versioned; docs/formats/sketch.md. */
  toBytes(): Uint8Array;
}

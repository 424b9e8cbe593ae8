import type { Sketch } from '../measure/sketch/sketch.ts';

/**
 * Display buckets of the latency heatmap: 48 per metric, each 25 sketch buckets wide. A sketch
 * bucket ends at 2^(i/64) (scale 6), a display bucket at 2^(first + k * 25/64), so no sketch bucket
 * straddles two display buckets and the counts are exact. Ratio of neighbours: 2^(25/64) = 1.311.
 */
export const HEAT_BUCKETS = 48;
const WIDTH_LOG2 = 25 / 64;

export type LatencyMetric = 'ttft' | 'tpot' | 'e2e';

/** log2 of the first upper bound in ms: 2 ms to 11 min for ttft and e2e, 0.06 ms to 21 s for tpot. */
const FIRST_LOG2: Readonly<Record<LatencyMetric, number>> = { ttft: 1, e2e: 1, tpot: -4 };

const uppers = (metric: LatencyMetric): readonly number[] =>
  Array.from({ length: HEAT_BUCKETS }, (_, k) =>
    Number((2 ** (FIRST_LOG2[metric] + k * WIDTH_LOG2)).toPrecision(6)),
  );

const UPPERS_MS: Readonly<Record<LatencyMetric, readonly number[]>> = {
  ttft: uppers('ttft'),
  tpot: uppers('tpot'),
  e2e: uppers('e2e'),
};

/** Inclusive upper bounds, ms. The first bucket also holds all below it, the last all above it. */
export const heatUppersMs = (metric: LatencyMetric): readonly number[] => UPPERS_MS[metric];

/** Counts of one sketch over the display buckets of `metric`: always `HEAT_BUCKETS` pairs. */
export function heatOf(sketch: Sketch, metric: LatencyMetric): Array<[number, number]> {
  const heat = UPPERS_MS[metric].map((upper): [number, number] => [upper, 0]);
  for (const { lower, upper, count } of sketch.buckets()) {
    const middle = Math.sqrt(lower * upper);
    const at = Math.ceil((Math.log2(middle) - FIRST_LOG2[metric]) / WIDTH_LOG2);
    const pair = heat[Math.min(Math.max(at, 0), HEAT_BUCKETS - 1)];
    if (pair !== undefined) pair[1] += count;
  }
  return heat;
}

/** A metric over training steps, as TensorBoard and W&B export it. */
export interface MetricSeries {
  name: string;
  points: MetricPoint[];
}

export interface MetricPoint {
  step: number;
  /** Unix milliseconds; null where the export has no time. */
  atMs: number | null;
  /** Not finite values (NaN of a diverged loss) are kept as null: recorded, not known. */
  value: number | null;
}

/** Seconds per step between neighbouring points that have times, from first to last; null without. */
export function secondsPerStep({ points }: MetricSeries): number | null {
  const timed = points.flatMap(({ step, atMs }) => (atMs === null ? [] : [{ step, atMs }]));
  const first = timed[0];
  const last = timed.at(-1);
  if (first === undefined || last === undefined || last.step <= first.step) return null;
  return (last.atMs - first.atMs) / 1000 / (last.step - first.step);
}

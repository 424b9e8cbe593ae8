import type { Metric, SeriesStep } from '../api/types.ts';

/** Times in seconds, then p50, p95, p99 in ms; null is a gap. The form that uPlot takes. */
export type LineData = [number[], Array<number | null>, Array<number | null>, Array<number | null>];

/** A logarithmic axis has no place for zero. */
const positive = (ms: number | null): number | null => (ms !== null && ms > 0 ? ms : null);

/** Each step at its middle; a step that the series leaves out is a gap, not a bridge. */
export function lineData(steps: readonly SeriesStep[], stepMs: number, metric: Metric): LineData {
  const data: LineData = [[], [], [], []];
  let expectedMs: number | null = null;
  for (const step of steps) {
    if (expectedMs !== null && step.fromMs > expectedMs + stepMs / 2) {
      push(data, expectedMs + stepMs / 2, null);
    }
    push(data, (step.fromMs + step.toMs) / 2, step[metric]);
    expectedMs = step.toMs;
  }
  return data;
}

function push(data: LineData, atMs: number, values: SeriesStep['e2e'] | null): void {
  data[0].push(atMs / 1000);
  data[1].push(positive(values?.p50Ms ?? null));
  data[2].push(positive(values?.p95Ms ?? null));
  data[3].push(positive(values?.p99Ms ?? null));
}

/** Range of a logarithmic axis that holds the lines and the targets, with some air; ms. */
export function lineRange(data: LineData, targetsMs: readonly number[]): [number, number] {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = 0;
  for (const ms of [...data[1], ...data[2], ...data[3], ...targetsMs]) {
    if (ms === null) continue;
    lowest = Math.min(lowest, ms);
    highest = Math.max(highest, ms);
  }
  return highest === 0 ? [1, 1000] : [lowest / 1.3, highest * 1.3];
}

/** Where a known value has a gap, or the end, on both sides. */
export function isolated(values: ArrayLike<number | null | undefined>): number[] {
  const known = (index: number): boolean => typeof values[index] === 'number';
  return Array.from(values, (_value, index) => index).filter(
    (index) => known(index) && !known(index - 1) && !known(index + 1),
  );
}

/** The newest step's values that are known, for the legend. */
export function newest(data: LineData): number | null {
  const index = data[1].findLastIndex((ms) => ms !== null);
  return index === -1 ? null : index;
}

import type { Axis, PhaseMetric } from './predict-within-group.ts';

/** Bounds that a measurement lies between in nine cases of ten. */
export interface Interval {
  low: number;
  high: number;
}

type HalfWidths = Readonly<Record<PhaseMetric, number | null>>;

/**
 * Half-widths of 90 % intervals, as differences of logarithms. Along an axis: the 90 % point of the
 * errors over the shipped table with each interior level of that axis left out in turn; of the same
 * data, so without margin for other hardware. Measured: that of the repeats about their medians
 * (power was measured once a configuration, and at one reply length).
 */
const ALONG: Readonly<Record<Axis, HalfWidths>> = {
  promptTokens: { promptMs: 0.116, tokenMs: 0.02, powerShare: 0.049 },
  batch: { promptMs: 0.103, tokenMs: 0.055, powerShare: 0.049 },
  outputTokens: { promptMs: 0.008, tokenMs: 0.031, powerShare: null },
};
const MEASURED: HalfWidths = { promptMs: 0.031, tokenMs: 0.01, powerShare: null };

/**
 * Interval about a value interpolated along these axes (none: measured), whose half-widths add up.
 * Null where the error is not known.
 */
export function phaseInterval(
  metric: PhaseMetric,
  value: number,
  along: readonly Axis[],
): Interval | null {
  const parts = along.length === 0 ? [MEASURED] : along.map((axis) => ALONG[axis]);
  let halfWidth = 0;
  for (const { [metric]: part } of parts) {
    if (part === null) return null;
    halfWidth += part;
  }
  return { low: value / Math.exp(halfWidth), high: value * Math.exp(halfWidth) };
}

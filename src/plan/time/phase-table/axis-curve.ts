/** Measured values along one axis, by ascending level; at least one. */
export type Curve = ReadonlyArray<{ x: number; y: number }>;

/** How the space between two levels is filled: straight in x, or straight in log x. */
export type Spacing = 'linear' | 'logarithmic';

/**
 * Piecewise linear in x or in log x; beyond the ends the outermost piece goes on, never below a
 * tenth of the outermost value. One level answers itself everywhere.
 */
export function valueAt(curve: Curve, x: number, spacing: Spacing = 'linear'): number {
  const first = curve[0];
  if (first === undefined) return Number.NaN;
  const upperAt = curve.findIndex((level, i) => i > 0 && x <= level.x);
  const at = upperAt === -1 ? curve.length - 1 : upperAt;
  const upper = curve[at];
  const lower = curve[at - 1];
  if (upper === undefined || lower === undefined) return first.y;
  const scale = (value: number): number => (spacing === 'linear' ? value : Math.log(value));
  const share = (scale(x) - scale(lower.x)) / (scale(upper.x) - scale(lower.x));
  const value = lower.y + (upper.y - lower.y) * share;
  const end = share > 1 ? upper.y : lower.y;
  return Math.max(value, Math.min(end, upper.y) / 10);
}

/** Is x between the outermost levels (both included)? */
export function brackets(curve: Curve, x: number): boolean {
  const first = curve[0];
  const last = curve.at(-1);
  return first !== undefined && last !== undefined && first.x <= x && x <= last.x;
}

/** Sorts into a curve. */
export const toCurve = (points: Array<{ x: number; y: number }>): Curve =>
  points.sort((a, b) => a.x - b.x);

/**
 * What a form of paying costs per hour as a straight line over use: `fixedUsdPerHour` is due at
 * any use, `useUsdPerHour` is added in full at use 1 (every paid hour busy).
 */
export interface LinearCost {
  fixedUsdPerHour: number;
  useUsdPerHour: number;
}

/** US dollars per hour at a use of 0..1. */
export const hourlyUsd = (cost: LinearCost, use: number): number =>
  cost.fixedUsdPerHour + cost.useUsdPerHour * use;

/** The same cost `times` over. */
export const scaleCost = (cost: LinearCost, times: number): LinearCost => ({
  fixedUsdPerHour: cost.fixedUsdPerHour * times,
  useUsdPerHour: cost.useUsdPerHour * times,
});

/**
 * The use in (0, 1] above which `a` is no dearer than `b` while it was dearer below, or the reverse:
 * where the two lines cross. Null when they do not cross there (one is cheaper throughout) or are
 * the same line.
 */
export function crossingUse(a: LinearCost, b: LinearCost): number | null {
  const slope = a.useUsdPerHour - b.useUsdPerHour;
  if (slope === 0) return null;
  const use = (b.fixedUsdPerHour - a.fixedUsdPerHour) / slope;
  return use > 0 && use <= 1 ? use : null;
}

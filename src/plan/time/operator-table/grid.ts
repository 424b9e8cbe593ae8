/** A complete grid of values over ascending axes, flattened with the last axis fastest. */
export interface Grid {
  axes: ReadonlyArray<readonly number[]>;
  values: Float64Array;
}

/** Rounds in which gaps are closed from filled neighbours; more than any grid of this kind needs. */
const ROUNDS = 8;

/**
 * Fills what was not measured. Between measured cells (published grids are unions of several spacings) along the
 * axis whose two neighbours are nearest by ratio, linearly; then, at corners that do not fit in memory, from lower cells
 * along the last axis that has two of them. A slope beyond the measured is never taken as negative,
 * because more work does not take less time.
 */
export function completeGrid(
  axes: ReadonlyArray<readonly number[]>,
  measured: ReadonlyArray<number | null>,
): Grid {
  const strides = stridesOf(axes);
  const values = Float64Array.from(measured, (value) => value ?? Number.NaN);
  for (let round = 0; round < ROUNDS; round += 1) {
    const known = values.slice();
    let filled = 0;
    for (let cell = 0; cell < values.length; cell += 1) {
      if (!Number.isNaN(known[cell])) continue;
      const value = interpolate(axes, strides, known, cell);
      if (value === null) continue;
      values[cell] = value;
      filled += 1;
    }
    if (filled === 0) break;
  }
  for (let cell = 0; cell < values.length; cell += 1) {
    if (Number.isNaN(values[cell])) values[cell] = extrapolate(axes, strides, values, cell);
  }
  return { axes, values };
}

function stridesOf(axes: ReadonlyArray<readonly number[]>): number[] {
  const strides: number[] = [];
  let stride = 1;
  for (const axis of axes.toReversed()) {
    strides.unshift(stride);
    stride *= axis.length;
  }
  return strides;
}

/** Between the nearest known cells of one axis, the axis on which they are closest; null without such. */
function interpolate(
  axes: ReadonlyArray<readonly number[]>,
  strides: readonly number[],
  values: Float64Array,
  cell: number,
): number | null {
  let best: number | null = null;
  let bestRatio = Number.POSITIVE_INFINITY;
  for (const [dimension, axis] of axes.entries()) {
    const stride = strides[dimension] ?? 1;
    const at = Math.floor(cell / stride) % axis.length;
    const known = (index: number): boolean => !Number.isNaN(values[cell + (index - at) * stride]);
    let below = at - 1;
    while (below >= 0 && !known(below)) below -= 1;
    let above = at + 1;
    while (above < axis.length && !known(above)) above += 1;
    if (below < 0 || above >= axis.length) continue;
    const [x0 = 0, x = 0, x1 = 0] = [axis[below], axis[at], axis[above]];
    // From 0 the ratio says nothing; such a bracket is the last resort.
    const ratio = x0 === 0 ? Number.MAX_VALUE : x1 / x0;
    if (ratio >= bestRatio) continue;
    const y0 = values[cell + (below - at) * stride] ?? 0;
    const y1 = values[cell + (above - at) * stride] ?? 0;
    best = y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
    bestRatio = ratio;
  }
  return best;
}

function extrapolate(
  axes: ReadonlyArray<readonly number[]>,
  strides: readonly number[],
  values: Float64Array,
  cell: number,
): number {
  let nearest = 0;
  for (let dimension = axes.length - 1; dimension >= 0; dimension -= 1) {
    const axis = axes[dimension] ?? [];
    const stride = strides[dimension] ?? 1;
    const at = Math.floor(cell / stride) % axis.length;
    const one = values[cell - stride];
    if (at < 1 || one === undefined || Number.isNaN(one)) continue;
    nearest = Math.max(nearest, one);
    const two = values[cell - 2 * stride];
    if (at < 2 || two === undefined || Number.isNaN(two)) continue;
    const [x0 = 0, x1 = 0, x2 = 0] = [axis[at - 2], axis[at - 1], axis[at]];
    return one + Math.max(0, (one - two) / (x1 - x0)) * (x2 - x1);
  }
  return nearest;
}

/** Index of the cell of `axis` in which x lies: 0 below the axis, the last but one above it. */
export function bracket(axis: readonly number[], x: number): number {
  let low = 0;
  let high = axis.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((axis[middle] ?? 0) <= x) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

/** A complete grid of values over ascending axes, flattened with the last axis fastest. */
export interface Grid {
  axes: ReadonlyArray<readonly number[]>;
  values: Float64Array;
}

/** Rounds in which gaps are closed from what the rounds before have filled; more than any grid of this kind needs. */
const ROUNDS = 32;

/**
 * Fills what was not measured. Between measured cells (published grids are unions of several spacings) along the
 * axis whose two neighbours are nearest by ratio, linearly; then, at corners that do not fit in memory or in a
 * batch, along the axis on which the two next lower cells are nearest; then below the smallest measured cells, from the two
 * next higher ones. Each round sees only what the rounds before
 * have filled, so that guesses lean on measurements, not on guesses beside them. A slope beyond the
 * measured is never taken as negative, because more work does not take less time. Where no axis has a measured cell the value is 0.
 */
export function completeGrid(
  axes: ReadonlyArray<readonly number[]>,
  measured: ReadonlyArray<number | null>,
): Grid {
  const strides = stridesOf(axes);
  const values = Float64Array.from(measured, (value) => value ?? Number.NaN);
  let missing = [...values.keys()].filter((cell) => Number.isNaN(values[cell]));
  for (const fill of [interpolate, extrapolate, below, takeNearest, takeAbove]) {
    for (let round = 0; round < ROUNDS && missing.length > 0; round += 1) {
      const found = missing.map((cell) => fill(axes, strides, values, cell));
      for (const [i, cell] of missing.entries()) values[cell] = found[i] ?? Number.NaN;
      const left = missing.filter((cell) => Number.isNaN(values[cell]));
      if (left.length === missing.length) break;
      missing = left;
    }
  }
  return { axes, values: values.map((value) => (Number.isNaN(value) ? 0 : value)) };
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

/** Along the slope of the two next lower known cells, on the axis with the smallest step; null without such. */
function extrapolate(
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
    let one = at - 1;
    while (one >= 0 && Number.isNaN(values[cell + (one - at) * stride])) one -= 1;
    let two = one - 1;
    while (two >= 0 && Number.isNaN(values[cell + (two - at) * stride])) two -= 1;
    if (two < 0) continue;
    const [x0 = 0, x1 = 0, x2 = 0] = [axis[two], axis[one], axis[at]];
    // An empty batch is another kernel: its time says nothing of a slope.
    if (x0 === 0 || x2 / x1 >= bestRatio) continue;
    const [y0 = 0, y1 = 0] = [
      values[cell + (two - at) * stride],
      values[cell + (one - at) * stride],
    ];
    best = y1 + Math.max(0, (y1 - y0) / (x1 - x0)) * (x2 - x1);
    bestRatio = x2 / x1;
  }
  return best;
}

/**
 * Below what was measured, on the axis with the smallest step: along the slope of the two next higher known cells,
 * but not below the share of the work in the next one (a kernel has a floor, so less work costs more per unit) and not above the
 * next one. Null without two higher cells.
 */
function below(
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
    let one = at + 1;
    while (one < axis.length && !known(one)) one += 1;
    let two = one + 1;
    while (two < axis.length && !known(two)) two += 1;
    if (two >= axis.length) continue;
    const [x = 0, x1 = 0, x2 = 0] = [axis[at], axis[one], axis[two]];
    const ratio = x === 0 ? Number.MAX_VALUE : x1 / x;
    if (ratio >= bestRatio) continue;
    const y1 = values[cell + (one - at) * stride] ?? 0;
    const y2 = values[cell + (two - at) * stride] ?? 0;
    const slope = Math.max(0, (y2 - y1) / (x2 - x1));
    best = Math.max(y1 - slope * (x1 - x), (y1 * x) / x1);
    bestRatio = ratio;
  }
  return best;
}

/** The smallest of the next higher cells, where nothing lower is known. */
function takeAbove(
  axes: ReadonlyArray<readonly number[]>,
  strides: readonly number[],
  values: Float64Array,
  cell: number,
): number | null {
  let nearest: number | null = null;
  for (const [dimension, axis] of axes.entries()) {
    const stride = strides[dimension] ?? 1;
    const at = Math.floor(cell / stride) % axis.length;
    const value = at + 1 === axis.length ? Number.NaN : (values[cell + stride] ?? Number.NaN);
    if (!Number.isNaN(value)) nearest = Math.min(nearest ?? value, value);
  }
  return nearest;
}

/** The largest of the next lower cells, where nothing tells a slope. */
function takeNearest(
  axes: ReadonlyArray<readonly number[]>,
  strides: readonly number[],
  values: Float64Array,
  cell: number,
): number | null {
  let nearest: number | null = null;
  for (const [dimension, axis] of axes.entries()) {
    const stride = strides[dimension] ?? 1;
    const at = Math.floor(cell / stride) % axis.length;
    const value = at === 0 ? Number.NaN : (values[cell - stride] ?? Number.NaN);
    if (!Number.isNaN(value)) nearest = Math.max(nearest ?? 0, value);
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

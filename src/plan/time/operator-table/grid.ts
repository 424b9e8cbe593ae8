/** A complete grid of values over ascending axes, flattened with the last axis fastest. */
export interface Grid {
  axes: ReadonlyArray<readonly number[]>;
  values: Float64Array;
}

/**
 * Fills what was not measured (corners that do not fit in memory) from its neighbours: along the last axis that has
 * two lower cells by their slope, else with the nearest lower cell. A slope is never taken as negative, because
 * more work does not take less time.
 */
export function completeGrid(
  axes: ReadonlyArray<readonly number[]>,
  measured: ReadonlyArray<number | null>,
): Grid {
  const strides = stridesOf(axes);
  const values = Float64Array.from(measured, (value) => value ?? Number.NaN);
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

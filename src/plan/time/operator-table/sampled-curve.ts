/** A function over whole numbers from 0, linear between samples and beyond the last. */
export type RowFunction = (rows: number) => number;

/**
 * Samples piecewise linear curves at every whole number up to the last of `rows`, so that a look-up is one
 * array access. Operator times are linear in their rows between the steps of a kernel's tiles, which the
 * measured grid follows. Below the first sample the first value holds; beyond the last the last slope does.
 */
export function sampledCurve(rows: readonly number[], values: readonly number[]): RowFunction {
  const top = Math.ceil(rows.at(-1) ?? 0);
  const samples = new Float64Array(top + 1);
  let at = 0;
  for (let x = 0; x <= top; x += 1) {
    while (at + 2 < rows.length && (rows[at + 1] ?? 0) <= x) at += 1;
    samples[x] = between(rows, values, at, x);
  }
  const last = samples[top] ?? 0;
  const before = rows.at(-2) ?? 0;
  const slope = rows.length < 2 ? 0 : (last - (values.at(-2) ?? 0)) / (top - before);
  return (x) => {
    if (x <= top) return samples[x] ?? 0;
    return last + Math.max(0, slope) * (x - top);
  };
}

function between(rows: readonly number[], values: readonly number[], at: number, x: number) {
  const x0 = rows[at] ?? 0;
  const y0 = values[at] ?? 0;
  const x1 = rows[at + 1];
  const y1 = values[at + 1];
  if (x1 === undefined || y1 === undefined || x <= x0) return y0;
  return y0 + (y1 - y0) * Math.min(1, (x - x0) / (x1 - x0));
}

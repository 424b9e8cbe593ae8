/** One measured matrix product, m x k by k x n; microseconds. */
export interface GemmPoint {
  m: number;
  n: number;
  k: number;
  timeUs: number;
}

/**
 * Times of a product of any n and k over the measured rows m: bilinear in n and k between measured
 * sizes, linear beyond the largest. A product's arithmetic and its weights are both n x k, for which
 * that form is exact.
 */
export function gemmSurface(points: readonly GemmPoint[]) {
  const ms = ascending(points.map((point) => point.m));
  const ns = ascending(points.map((point) => point.n));
  const ks = ascending(points.map((point) => point.k));
  const times = new Map(points.map(({ m, n, k, timeUs }) => [`${m} ${n} ${k}`, timeUs]));
  const at = (m: number, n: number, k: number): number => times.get(`${m} ${n} ${k}`) ?? Number.NaN;

  return (n: number, k: number): { rows: number[]; timesUs: number[] } => {
    const [n0, n1, fn] = bracketOf(ns, n);
    const [k0, k1, fk] = bracketOf(ks, k);
    const rows: number[] = [];
    const timesUs: number[] = [];
    for (const m of ms) {
      const low = at(m, n0, k0) * (1 - fk) + at(m, n0, k1) * fk;
      const high = at(m, n1, k0) * (1 - fk) + at(m, n1, k1) * fk;
      const time = low * (1 - fn) + high * fn;
      if (!(time > 0)) continue;
      rows.push(m);
      timesUs.push(time);
    }
    return { rows, timesUs };
  };
}

const ascending = (values: number[]): number[] => [...new Set(values)].sort((a, b) => a - b);

/** The two sizes around x and its position between them, above 1 beyond the largest. */
function bracketOf(sizes: readonly number[], x: number): [number, number, number] {
  const above = sizes.findIndex((size) => size >= x);
  const i = above < 0 ? sizes.length - 1 : Math.max(1, above);
  const low = sizes[i - 1] ?? x;
  const high = sizes[i] ?? x;
  return [low, high, high === low ? 0 : (x - low) / (high - low)];
}

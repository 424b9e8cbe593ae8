import { factorize, invert, solve } from './cholesky.ts';
import { similarity, type Point, type SimilarityScale } from './similarity.ts';

/** Degrees of freedom of the measurement noise: heavy tails, since some repeats differ by a factor of 3. */
const FREEDOM = 4;
const REWEIGHTINGS = 3;

/** The errors of the physical form, learned: a Gaussian process with Student-t noise. */
export interface ResidualProcess {
  points: readonly Point[];
  scale: SimilarityScale;
  /** Weight of each point's similarity in a prediction. */
  alphas: Float64Array;
}

export interface FittedProcess extends ResidualProcess {
  /** Inverse covariance of the measurements with the final weights; n x n. */
  inverse: Float64Array;
}

/**
 * Fits residuals (logarithm of measured over physical) by expectation maximization over the precision of each
 * measurement (Lange, Little and Taylor, JASA 84(408), 1989). Four factorizations of n x n.
 */
export function fitResiduals(
  points: readonly Point[],
  residuals: Float64Array,
  scale: SimilarityScale,
): FittedProcess {
  const n = points.length;
  const covariance = covarianceOf(points, scale);
  const weights = new Float64Array(n).fill(1);
  let factor: Float64Array = new Float64Array(0);
  let alphas: Float64Array = new Float64Array(n);
  for (let round = 0; round <= REWEIGHTINGS; round += 1) {
    factor = covariance.slice();
    for (let i = 0; i < n; i += 1) {
      factor[i * n + i] = (covariance[i * n + i] ?? 0) + scale.noise / (weights[i] ?? 1);
    }
    factorize(factor, n);
    alphas = solve(factor, n, residuals);
    if (round === REWEIGHTINGS) break;
    for (let i = 0; i < n; i += 1) {
      // residual - mean = noise variance x alpha, by definition of the solution.
      const error = (scale.noise / (weights[i] ?? 1)) * (alphas[i] ?? 0);
      weights[i] = (FREEDOM + 1) / (FREEDOM + error ** 2 / scale.noise);
    }
  }
  return { points, scale, alphas, inverse: invert(factor, n) };
}

function covarianceOf(points: readonly Point[], scale: SimilarityScale): Float64Array {
  const n = points.length;
  const matrix = new Float64Array(n * n);
  points.forEach((a, i) => {
    for (let j = 0; j <= i; j += 1) {
      const b = points[j];
      const value = b === undefined ? 0 : similarity(a, b, scale);
      matrix[i * n + j] = value;
      matrix[j * n + i] = value;
    }
  });
  return matrix;
}

/** Expected residual at a point. One similarity per fitted point: tens of microseconds. */
export function residualAt(process: ResidualProcess, point: Point): number {
  let sum = 0;
  process.points.forEach((other, i) => {
    sum += similarity(point, other, process.scale) * (process.alphas[i] ?? 0);
  });
  return sum;
}

/**
 * What each measurement misses when its whole group is left out, without refitting: for a group g the error is
 * (inverse_gg)^-1 alpha_g (Dubrule, Math. Geology 15(6), 1983, for one point; the block form is the same algebra).
 */
export function leaveGroupOut(process: FittedProcess, groups: readonly string[]): Float64Array {
  const n = process.points.length;
  const members = new Map<string, number[]>();
  groups.forEach((group, i) => members.set(group, [...(members.get(group) ?? []), i]));
  const errors = new Float64Array(n);
  for (const rows of members.values()) {
    const size = rows.length;
    const block = new Float64Array(size * size);
    rows.forEach((row, i) => {
      rows.forEach((column, j) => {
        block[i * size + j] = process.inverse[row * n + column] ?? 0;
      });
    });
    const own = rows.map((row) => process.alphas[row] ?? 0);
    const solved = solve(factorize(block, size), size, own);
    rows.forEach((row, i) => {
      errors[row] = solved[i] ?? 0;
    });
  }
  return errors;
}

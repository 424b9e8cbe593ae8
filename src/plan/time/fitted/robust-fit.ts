import { factorize, solve } from './cholesky.ts';

/** Log residuals beyond this count less (soft L1): a fifth, the noise of repeated runs at its worst. */
const OUTLIER_SCALE = 0.2;
/** Standard deviation to which a log coefficient is shrunk, in units of the residual's. */
const SHRINKAGE = 0.15;
const MAX_STEPS = 60;
const DIFFERENCE = 1e-4;

export interface FitOptions {
  /** Over which slopes are taken, in units of a coefficient. */
  difference?: number;
  /** Pull of every coefficient to 0. */
  shrinkage?: number;
  maxSteps?: number;
  /** Log residuals beyond this count less (soft L1). */
  outlierScale?: number;
}

/**
 * Coefficients that bring `predict` near the logarithms of measured values: Levenberg-Marquardt
 * (Marquardt, SIAM J. Appl. Math. 11(2), 1963) with soft-L1 weights and a ridge that pulls every
 * coefficient to 0. `predict(q)` gives the logarithm per row; slopes are
 * taken over `difference`. Deterministic; bounded at `maxSteps`, by default 60.
 */
export function robustFit(
  predict: (q: readonly number[]) => Float64Array,
  measuredLog: Float64Array,
  size: number,
  options: FitOptions = {},
): number[] {
  const { difference = DIFFERENCE, shrinkage = SHRINKAGE, maxSteps = MAX_STEPS } = options;
  const { outlierScale = OUTLIER_SCALE } = options;
  let q: number[] = Array.from({ length: size }, () => 0);
  let at = predict(q);
  let cost = costOf(at, measuredLog, q, { shrinkage, outlierScale });
  let damping = 1e-2;
  for (let step = 0; step < maxSteps; step += 1) {
    const { hessian, gradient } = normalEquations(predict, {
      at,
      measuredLog,
      q,
      difference,
      shrinkage,
      outlierScale,
    });
    const damped = hessian.slice();
    for (let i = 0; i < size; i += 1) {
      damped[i * size + i] = (damped[i * size + i] ?? 0) * (1 + damping) + 1e-9;
    }
    const move = solve(factorize(damped, size), size, gradient);
    const tried = q.map((value, i) => value - (move[i] ?? 0));
    const there = predict(tried);
    const cheaper = costOf(there, measuredLog, tried, { shrinkage, outlierScale });
    if (cheaper < cost) {
      const gain = (cost - cheaper) / cost;
      q = tried;
      at = there;
      cost = cheaper;
      damping = Math.max(damping / 4, 1e-7);
      if (gain < 1e-7) break;
    } else {
      damping *= 6;
      if (damping > 1e8) break;
    }
  }
  return q;
}

function costOf(
  at: Float64Array,
  measuredLog: Float64Array,
  q: readonly number[],
  { shrinkage, outlierScale }: { shrinkage: number; outlierScale: number },
): number {
  let sum = 0;
  for (let i = 0; i < at.length; i += 1) {
    const scaled = ((at[i] ?? 0) - (measuredLog[i] ?? 0)) / outlierScale;
    sum += 2 * outlierScale ** 2 * (Math.sqrt(1 + scaled * scaled) - 1);
  }
  for (const value of q) sum += (shrinkage * value) ** 2;
  return Number.isFinite(sum) ? sum : Number.POSITIVE_INFINITY;
}

function normalEquations(
  predict: (q: readonly number[]) => Float64Array,
  now: Required<Omit<FitOptions, 'maxSteps'>> & {
    at: Float64Array;
    measuredLog: Float64Array;
    q: readonly number[];
  },
) {
  const { at, measuredLog, q, difference, shrinkage, outlierScale } = now;
  const size = q.length;
  const slopes = q.map((_, j) => {
    const there = predict(q.map((value, i) => (i === j ? value + difference : value)));
    return there.map((value, i) => (value - (at[i] ?? 0)) / difference);
  });
  const hessian = new Float64Array(size * size);
  const gradient = new Float64Array(size);
  for (let row = 0; row < at.length; row += 1) {
    const residual = (at[row] ?? 0) - (measuredLog[row] ?? 0);
    const weight = 1 / Math.sqrt(1 + (residual / outlierScale) ** 2);
    for (let i = 0; i < size; i += 1) {
      const slope = (slopes[i]?.[row] ?? 0) * weight;
      gradient[i] = (gradient[i] ?? 0) + slope * residual;
      for (let j = 0; j <= i; j += 1) {
        hessian[i * size + j] = (hessian[i * size + j] ?? 0) + slope * (slopes[j]?.[row] ?? 0);
      }
    }
  }
  for (let i = 0; i < size; i += 1) {
    hessian[i * size + i] = (hessian[i * size + i] ?? 0) + shrinkage ** 2;
    gradient[i] = (gradient[i] ?? 0) + shrinkage ** 2 * (q[i] ?? 0);
    for (let j = 0; j < i; j += 1) hessian[j * size + i] = hessian[i * size + j] ?? 0;
  }
  return { hessian, gradient };
}

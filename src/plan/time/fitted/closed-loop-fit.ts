import { TailraceError } from '../../../records/errors.ts';
import type { ClosedLoopQuery } from './closed-loop-query.ts';
import { closedLoopTerms, type ClosedLoopTerms } from './closed-loop-terms.ts';
import { logErrorQuantiles, type ErrorQuantiles } from './error-quantiles.ts';
import { meanTpotMs, meanTtftMs, TPOT_COEFFICIENTS, TTFT_COEFFICIENTS } from './mean-time.ts';
import { fitResiduals, type ResidualProcess } from './residual-process.ts';
import { robustFit } from './robust-fit.ts';
import { pointOf, type SimilarityScale } from './similarity.ts';

/** One measured closed loop. */
export interface ClosedLoopRun {
  query: ClosedLoopQuery;
  ttftMs: number;
  tpotMs: number;
}

/** One metric: the physical form's coefficients, what it misses, and how far predictions were off. */
export interface FittedMetric {
  coefficients: readonly number[];
  residuals: ResidualProcess;
  quantiles: ErrorQuantiles;
}

export interface ClosedLoopFit {
  ttft: FittedMetric;
  tpot: FittedMetric;
}

/** Effects by cross-validation over sweeps of the visible silicon sample; docs/planner.md has the figures. */
export const TPOT_SCALE: SimilarityScale = {
  all: 0.01,
  engine: 0.02,
  model: 0.03,
  accelerator: 0.02,
  modelQuantization: 0.01,
  deployment: 0.01,
  layout: 0.005,
  dataParallel: 0.01,
  smooth: 0.02,
  smoothAccelerator: 0.005,
  smoothDataParallel: 0.005,
  smoothModel: 0.04,
  smoothModelQuantization: 0.005,
  smoothDeployment: 0.02,
  smoothLayout: 0.01,
  lengths: [2, 5, 5, 2],
  noise: 0.005,
};
export const TTFT_SCALE: SimilarityScale = {
  all: 0.01,
  engine: 0.02,
  model: 0.03,
  accelerator: 0.02,
  modelQuantization: 0.025,
  deployment: 0.01,
  layout: 0.002,
  dataParallel: 0.01,
  smooth: 0.02,
  smoothAccelerator: 0.01,
  smoothDataParallel: 0.02,
  smoothModel: 0.02,
  smoothModelQuantization: 0.002,
  smoothDeployment: 0.005,
  smoothLayout: 0.002,
  lengths: [3, 3, 3, 2],
  noise: 0.02,
};

/** Twice the coefficients of the larger form. */
export const MIN_RUNS = 20;

/**
 * Fits both metrics to measured runs: coefficients first, then the errors they leave.
 * About 2 s for 700 runs. Throws TR_PLAN_INVALID when there are fewer than MIN_RUNS, or one cannot be described.
 */
export function fitClosedLoop(runs: readonly ClosedLoopRun[]): ClosedLoopFit {
  if (runs.length < MIN_RUNS) {
    throw new TailraceError(
      'TR_PLAN_INVALID',
      `a fit needs at least ${MIN_RUNS} measured runs, got ${runs.length}: add runs or use the shipped fit`,
      { field: 'runs' },
    );
  }
  const terms = runs.map((run) => termsOf(run.query));
  const points = runs.map((run) => pointOf(run.query));
  const queries = runs.map((run) => run.query);
  const fitMetric = (
    measured: readonly number[],
    size: number,
    scale: SimilarityScale,
    mean: (t: ClosedLoopTerms, q: readonly number[], row: number) => number,
  ): FittedMetric => {
    const logs = Float64Array.from(measured, (value) => Math.log(value));
    const predict = (q: readonly number[]) =>
      Float64Array.from(terms, (t, row) => Math.log(mean(t, q, row)));
    const coefficients = robustFit(predict, logs, size);
    const base = predict(coefficients);
    const residuals = logs.map((value, row) => value - (base[row] ?? 0));
    const fitted = fitResiduals(points, residuals, scale);
    const quantiles = logErrorQuantiles(fitted, queries);
    return { coefficients, residuals: { points, scale, alphas: fitted.alphas }, quantiles };
  };
  const tpot = fitMetric(
    runs.map((run) => run.tpotMs),
    TPOT_COEFFICIENTS,
    TPOT_SCALE,
    meanTpotMs,
  );
  const tpots = terms.map((t) => meanTpotMs(t, tpot.coefficients));
  const ttft = fitMetric(
    runs.map((run) => run.ttftMs),
    TTFT_COEFFICIENTS,
    TTFT_SCALE,
    (t, q, row) => meanTtftMs(t, q, tpots[row] ?? 0),
  );
  return { ttft, tpot };
}

function termsOf(query: ClosedLoopQuery): ClosedLoopTerms {
  const terms = closedLoopTerms(query);
  if (!terms.ok) throw terms.error;
  return terms.value;
}

import { fail, ok, type Result } from '../../../records/errors.ts';
import type { ClosedLoopFit, FittedMetric } from './closed-loop-fit.ts';
import { fitNameOf, largestFit, type ClosedLoopModel } from './closed-loop-model.ts';
import type { ClosedLoopQuery } from './closed-loop-query.ts';
import { closedLoopTerms } from './closed-loop-terms.ts';
import { noveltyOf, type Novelty } from './error-quantiles.ts';
import { meanTpotMs, meanTtftMs } from './mean-time.ts';
import { residualAt } from './residual-process.ts';
import { pointOf, type Point } from './similarity.ts';

/** A prediction in milliseconds with its 90 % interval. */
export interface PredictedMs {
  ms: number;
  lowMs: number;
  highMs: number;
}

export interface ClosedLoopPrediction {
  ttft: PredictedMs;
  tpot: PredictedMs;
  provenance: 'fitted';
  /** How new the query was; the interval follows it. */
  novelty: Novelty;
}

/**
 * TTFT and TPOT of a closed loop. An engine that no run was measured of is answered from the fit with
 * the most runs, with the interval of a new model. Fails with TR_PLAN_INVALID on a query that is no
 * number, or that the catalog cannot describe.
 */
export function predictClosedLoop(
  model: ClosedLoopModel,
  query: ClosedLoopQuery,
): Result<ClosedLoopPrediction> {
  const wrong = wrongField(query);
  if (wrong !== null) {
    return fail('TR_PLAN_INVALID', `${wrong} must be a finite number above 0`, { field: wrong });
  }
  const fit = model.fits.get(fitNameOf(query));
  if (fit !== undefined) return predictFromFit(fit, query);
  const largest = largestFit(model);
  return largest.ok ? predictFromFit(largest.value, query, 'new-model') : largest;
}

function wrongField({ inputTokens, outputTokens, concurrency }: ClosedLoopQuery): string | null {
  const numbers = Object.entries({ inputTokens, outputTokens, concurrency });
  return numbers.find(([, value]) => !Number.isFinite(value) || value <= 0)?.[0] ?? null;
}

/** TTFT and TPOT of a closed loop from one fit. Pure; about 0.1 ms. Fails as closedLoopTerms does. */
function predictFromFit(
  fit: ClosedLoopFit,
  query: ClosedLoopQuery,
  novelty: Novelty = noveltyOf(pointOf(query), fit.tpot.residuals.points),
): Result<ClosedLoopPrediction> {
  const described = closedLoopTerms(query);
  if (!described.ok) return described;
  const terms = described.value;
  const point = pointOf(query);
  const tpotMean = meanTpotMs(terms, fit.tpot.coefficients);
  const ttftMean = meanTtftMs(terms, fit.ttft.coefficients, tpotMean);
  return ok({
    ttft: corrected(fit.ttft, ttftMean, point, novelty),
    tpot: corrected(fit.tpot, tpotMean, point, novelty),
    provenance: 'fitted',
    novelty,
  });
}

function corrected(
  metric: FittedMetric,
  meanMs: number,
  point: Point,
  novelty: Novelty,
): PredictedMs {
  const ms = meanMs * Math.exp(residualAt(metric.residuals, point));
  const [low, high] = metric.quantiles[novelty];
  return { ms, lowMs: ms * Math.exp(low), highMs: ms * Math.exp(high) };
}

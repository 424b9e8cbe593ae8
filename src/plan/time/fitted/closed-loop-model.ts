import { fail, ok, type Result } from '../../../records/errors.ts';
import {
  fitClosedLoop,
  MIN_RUNS,
  type ClosedLoopFit,
  type ClosedLoopRun,
} from './closed-loop-fit.ts';
import type { ClosedLoopQuery } from './closed-loop-query.ts';

/** One fit per engine, and one over all engines for prefill on instances of its own. */
export interface ClosedLoopModel {
  fits: ReadonlyMap<string, ClosedLoopFit>;
}

const SPLIT = 'split prefill';

/** Runs of one engine share a fit; those with prefill apart are few and share one over all engines. */
export const fitNameOf = (query: ClosedLoopQuery): string =>
  query.prefillLayout === null ? query.engine : SPLIT;

/** Fits every group of runs that is large enough; smaller ones are left to the largest fit. */
export function fitClosedLoopModel(runs: readonly ClosedLoopRun[]): ClosedLoopModel {
  const groups = Map.groupBy(runs, (run) => fitNameOf(run.query));
  const large = [...groups].filter(([, members]) => members.length >= MIN_RUNS);
  return { fits: new Map(large.map(([name, members]) => [name, fitClosedLoop(members)])) };
}

/** The fit with the most runs, for an engine that has none. Fails with TR_PLAN_INVALID when there is no fit at all. */
export function largestFit(model: ClosedLoopModel): Result<ClosedLoopFit> {
  const [largest] = [...model.fits.values()].sort(
    (a, b) => b.tpot.residuals.points.length - a.tpot.residuals.points.length,
  );
  if (largest !== undefined) return ok(largest);
  const message = 'the fitted model has no runs: calibrate it with at least 20 of one engine';
  return fail('TR_PLAN_INVALID', message, { field: 'engine' });
}

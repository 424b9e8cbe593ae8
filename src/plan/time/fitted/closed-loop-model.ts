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

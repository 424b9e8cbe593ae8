import type { ClosedLoopQuery } from './closed-loop-query.ts';
import { leaveGroupOut, type FittedProcess } from './residual-process.ts';
import { pointOf, type Point } from './similarity.ts';

/** How new a query is to the fit. */
export type Novelty = 'known' | 'new-accelerator' | 'new-model';

/** Lower and upper 90 % bounds of log(measured / predicted), by how new the query is. */
export type ErrorQuantiles = Record<Novelty, readonly [number, number]>;

const LEVEL = 0.9;

export function noveltyOf(point: Point, seen: readonly Point[]): Novelty {
  if (!seen.some((other) => other.model === point.model)) return 'new-model';
  const known = seen.some((other) => other.accelerator === point.accelerator);
  return known ? 'known' : 'new-accelerator';
}

/**
 * Grouped conformal bounds (Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World, 2005; with groups,
 * Dunn, Wasserman and Ramdas, JASA 118, 2023): the errors made when a whole sweep, accelerator or model was
 * left out, so that the bound for a query is made of errors on things that were as new.
 */
export function logErrorQuantiles(
  process: FittedProcess,
  queries: readonly ClosedLoopQuery[],
): ErrorQuantiles {
  const points = queries.map(pointOf);
  const by = (group: (point: Point, query: ClosedLoopQuery) => string) => {
    const groups = queries.map((query, i) => {
      const point = points[i];
      return point === undefined ? '' : group(point, query);
    });
    return bounds(leaveGroupOut(process, groups));
  };
  const sweep = (p: Point, q: ClosedLoopQuery) =>
    [
      p.engine,
      p.model,
      p.accelerator,
      p.quantization,
      p.layout,
      q.inputTokens,
      q.outputTokens,
    ].join(' ');
  return {
    known: by(sweep),
    'new-accelerator': by((p) => p.accelerator),
    'new-model': by((p) => p.model),
  };
}

/** Central interval that holds 90 % of the errors, with the finite-sample (n + 1) rank. */
function bounds(errors: Float64Array): readonly [number, number] {
  const sorted = Float64Array.from(errors).sort();
  const n = sorted.length;
  const outside = ((1 - LEVEL) / 2) * (n + 1);
  const low = Math.max(0, Math.floor(outside) - 1);
  return [sorted[low] ?? 0, sorted[n - 1 - low] ?? 0];
}

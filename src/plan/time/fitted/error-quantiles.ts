import type { ClosedLoopQuery } from './closed-loop-query.ts';
import { leaveGroupOut, type FittedProcess } from './residual-process.ts';
import { sweepOf, type Point } from './similarity.ts';

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
  const without = (groups: readonly string[]) => leaveGroupOut(process, groups);
  const models = queries.map((query) => query.model.id);
  return {
    known: bounds(without(queries.map(sweepOf))),
    'new-accelerator': bounds(without(queries.map((query) => query.accelerator.id))),
    'new-model': groupBounds(without(models), models),
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

/**
 * As bounds, but a group of n measurements counts as sqrt(n): its errors have a part in common, and a new group is as likely
 * to be like a small one.
 */
function groupBounds(errors: Float64Array, groups: readonly string[]): readonly [number, number] {
  const sizes = new Map<string, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const weighted = groups
    .map((group, i) => ({ error: errors[i] ?? 0, weight: 1 / Math.sqrt(sizes.get(group) ?? 1) }))
    .sort((a, b) => a.error - b.error);
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  const outside = ((1 - LEVEL) / 2) * total;
  const reach = (rows: typeof weighted): number => {
    let sum = 0;
    for (const { error, weight } of rows) {
      sum += weight;
      if (sum >= outside) return error;
    }
    return 0;
  };
  return [reach(weighted), reach(weighted.toReversed())];
}

import type { Outcome } from '../../records/request-record.ts';
import { noFacts, type GroupKey } from '../ledger/cell-store.ts';
import type { Cell, PartialSum } from '../ledger/ledger.ts';

/** Slowest requests kept of a whole window: enough to speak of the tail, bounded for any window. */
const MAX_EXEMPLARS = 2048;

/** Cells added up. The cells themselves are left as they were. Sketch values are milliseconds. */
export type Totals = Omit<Cell, keyof GroupKey>;

export function totalsOf(cells: readonly Cell[]): Totals {
  const total: Totals = noFacts();
  for (const cell of cells) {
    total.requests += cell.requests;
    total.retriedRequests += cell.retriedRequests;
    total.simulatedRequests += cell.simulatedRequests;
    total.estimatedUsageRequests += cell.estimatedUsageRequests;
    for (const key of outcomeKeys(cell.outcomes)) {
      total.outcomes[key] = (total.outcomes[key] ?? 0) + (cell.outcomes[key] ?? 0);
    }
    for (const key of SUMS) {
      total[key].sum += cell[key].sum;
      total[key].unknownCount += cell[key].unknownCount;
    }
    for (const key of SKETCHES) total[key].merge(cell[key]);
  }
  total.slowest = cells
    .flatMap((cell) => cell.slowest)
    .sort((a, b) => b.e2eMs - a.e2eMs)
    .slice(0, MAX_EXEMPLARS);
  return total;
}

const SUMS = [
  'tokensIn',
  'tokensCachedIn',
  'tokensOut',
  'usageUsd',
  'acceleratorSeconds',
  'energyWh',
] as const;
const SKETCHES = ['ttft', 'tpot', 'e2e'] as const;

const outcomeKeys = (outcomes: Cell['outcomes']): Outcome[] => Object.keys(outcomes) as Outcome[];

/** The part of a sum that is known: null when no part is, so that nothing known never reads as 0. */
export function knownSum(part: PartialSum, requests: number): number | null {
  return requests > part.unknownCount ? part.sum : null;
}

/** The sum, or null unless every part is known. */
export function fullSum(part: PartialSum, requests: number): number | null {
  return requests > 0 && part.unknownCount === 0 ? part.sum : null;
}

/** A quotient, null where either side is unknown or there is nothing to divide by. */
export function per(value: number | null, count: number | null): number | null {
  return value === null || count === null || count <= 0 ? null : value / count;
}

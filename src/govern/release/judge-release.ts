/**
 * The release gate: may a change of a service go out, and may its canary go on? From the ledger, as it is now. It
 * must not change anything: whoever asks acts on its verdict (the command's exit code stops a pipeline).
 */
import type { ServiceConfig } from '../../config/schema.ts';
import { availabilityAnswer } from '../../measure/answers/availability-answer.ts';
import { totalsOf } from '../../measure/answers/totals.ts';
import type { Cell } from '../../measure/ledger/ledger.ts';

/** As in the answers: fewer replies than this do not carry a p99. */
const ENOUGH_FOR_P99 = 300;
/** A candidate is worse when its p99 is above that of the others by more than this; sketches err by 0.54 %. */
const WORSE_BY = 1.2;

export interface ReleaseVerdict {
  passed: boolean;
  /** Why not, or what could not be judged. */
  reasons: string[];
  /** Share of the error budget that is left, 1 none spent, below 0 overspent; null where it is not known. */
  budgetLeftShare: number | null;
  p99: { candidateMs: number; othersMs: number; worse: boolean } | null;
  simulated: boolean;
}

export interface ReleaseAsk {
  service: ServiceConfig;
  /** Of the error budget's window (30 days), of this service. */
  budgetCells: readonly Cell[];
  /** Of the canary's window, of this service. */
  canaryCells: readonly Cell[];
  candidate: string | null;
}

/** Passes only what it can see to be well: no objective, or too few replies of a candidate, is not well. */
export function judgeRelease(ask: ReleaseAsk): ReleaseVerdict {
  const { service, candidate } = ask;
  const budgetLeftShare = budgetLeft(ask.budgetCells, service.slo.availability ?? null);
  const reasons: string[] = [];
  if (service.slo.availability === undefined) {
    reasons.push(
      `${service.name} has no availability objective, so no error budget: set slo.availability`,
    );
  } else if (budgetLeftShare !== null && budgetLeftShare <= 0) {
    reasons.push(`the error budget of ${service.name} is spent`);
  }
  const p99 = candidate === null ? null : comparison(ask.canaryCells, candidate, reasons);
  return {
    passed: reasons.length === 0,
    reasons,
    budgetLeftShare,
    p99,
    simulated: [...ask.budgetCells, ...ask.canaryCells].some((one) => one.simulatedRequests > 0),
  };
}

/** Spent: failures over what the objective allows. An objective of 1 allows none. */
export function budgetLeft(cells: readonly Cell[], objective: number | null): number | null {
  const { actual } = availabilityAnswer(cells, objective);
  if (actual === null || objective === null) return null;
  const failed = 1 - actual;
  if (objective === 1) return failed === 0 ? 1 : 0;
  return 1 - failed / (1 - objective);
}

function comparison(
  cells: readonly Cell[],
  candidate: string,
  reasons: string[],
): ReleaseVerdict['p99'] {
  const isServed = (cell: Cell): boolean => (cell.outcomes.success ?? 0) > 0;
  const own = totalsOf(cells.filter((one) => one.engine === candidate && isServed(one))).e2e;
  const rest = totalsOf(
    cells.filter((one) => one.engine !== null && one.engine !== candidate && isServed(one)),
  ).e2e;
  for (const [who, { count }] of [
    [candidate, own],
    ['the other engines', rest],
  ] as const) {
    if (count >= ENOUGH_FOR_P99) continue;
    reasons.push(
      `${who}: ${count} replies of ${ENOUGH_FOR_P99} that a p99 needs; send more, or wait`,
    );
  }
  if (own.count < ENOUGH_FOR_P99 || rest.count < ENOUGH_FOR_P99) return null;
  const [candidateMs, othersMs] = [own.quantile(0.99), rest.quantile(0.99)];
  const worse = candidateMs > othersMs * WORSE_BY;
  if (worse) {
    const [a, b] = [Math.round(candidateMs), Math.round(othersMs)];
    reasons.push(`p99 of ${candidate} is ${a} ms, of the other engines ${b} ms`);
  }
  return { candidateMs, othersMs, worse };
}

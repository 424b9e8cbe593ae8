import { typicalLeadTime, type LeadTimeKind } from '../../catalog/lead-times.ts';
import { addWeeks, weeksBetween } from './calendar.ts';
import type { RunOut } from './run-out.ts';
import { ORDER_OF } from './site-element.ts';

/** Weeks as a site was told them, in place of the catalog's. */
export type LeadWeeks = Partial<Record<LeadTimeKind, { low: number; high: number }>>;

/** What must be ordered so that a limit is lifted in time. */
export interface Order {
  what: LeadTimeKind;
  /** The limit that it lifts. */
  path: string;
  neededBy: string;
  lowWeeks: number;
  highWeeks: number;
  /** neededBy less the longer lead time, and less the shorter. */
  orderBy: string;
  orderByAtBest: string;
  /** Weeks by which `today` is past orderBy; 0 when there is time. */
  lateWeeks: number;
  source: string;
}

/** Orders for every limit that runs out, by the day they are due. */
export function ordersFor(runOuts: readonly RunOut[], today: string, told: LeadWeeks): Order[] {
  return runOuts
    .flatMap((runOut) => {
      if (runOut.date === null) return [];
      const order = orderOf({ ...runOut, date: runOut.date }, today, told);
      return order === null ? [] : [order];
    })
    .toSorted((a, b) => a.orderBy.localeCompare(b.orderBy));
}

function orderOf(runOut: RunOut & { date: string }, today: string, told: LeadWeeks): Order | null {
  const what = ORDER_OF[runOut.kind];
  const own = told[what];
  const typical = typicalLeadTime(what);
  const weeks =
    own ?? (typical === null ? null : { low: typical.lowWeeks, high: typical.highWeeks });
  if (weeks === null) return null;
  const orderBy = addWeeks(runOut.date, -weeks.high);
  return {
    what,
    path: runOut.path,
    neededBy: runOut.date,
    lowWeeks: weeks.low,
    highWeeks: weeks.high,
    orderBy,
    orderByAtBest: addWeeks(runOut.date, -weeks.low),
    lateWeeks: Math.max(0, weeksBetween(orderBy, today)),
    source: own === undefined ? `${typical?.source ?? ''} (${typical?.asOf ?? ''})` : 'the plan',
  };
}

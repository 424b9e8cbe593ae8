import { availabilityAnswer } from '../../../measure/answers/availability-answer.ts';
import { totalsOf } from '../../../measure/answers/totals.ts';
import type { ServiceConfig } from '../../../config/schema.ts';
import type { Cell, Window } from '../../../measure/ledger/ledger.ts';
import type { EntryOf } from '../../../records/logbook-entry.ts';
import { percent, serviceCollector } from '../collector.ts';
import type { Facts } from '../facts.ts';

const MINUTE_MS = 60_000;
/** Fewer requests in a drill, and nobody would have noticed anything. */
const ENOUGH = 20;
/** The engine that fails has at most this share of what it served before, or the drill did not take place. */
const STILL_SERVED = 0.2;
/** Without an objective of the service. */
const AVAILABILITY = 0.99;
/** A slowdown is one where p50 rose by half. */
const SLOWER = 1.5;
/** An alert may come this much after the drill ended. */
const ALERT_LATE_MS = 300_000;

type Drill = EntryOf<'drill'>;

interface Seen {
  drill: Drill;
  during: Cell[];
  before: Cell[];
}

/** The newest drill of a kind that is over, with what the ledger has of it and of as long before it. */
async function newest(
  facts: Facts,
  window: Window,
  service: ServiceConfig,
  kind: Drill['drill'],
): Promise<Seen | null> {
  const drill = ((await facts.logbook('drill')) ?? []).findLast(
    (one) =>
      one.drill === kind &&
      one.service === service.name &&
      one.fromMs >= window.fromMs &&
      one.toMs + ALERT_LATE_MS <= facts.nowMs,
  );
  if (drill === undefined) return null;
  const fromMs = Math.ceil(drill.fromMs / MINUTE_MS) * MINUTE_MS;
  const toMs = Math.max(fromMs + MINUTE_MS, Math.floor(drill.toMs / MINUTE_MS) * MINUTE_MS);
  const cells = async (of: Window): Promise<Cell[]> =>
    (await facts.cells(of)).filter((one) => one.service === service.name);
  const beforeMs = Math.floor(drill.fromMs / MINUTE_MS) * MINUTE_MS;
  return {
    drill,
    during: await cells({ fromMs, toMs }),
    before: await cells({ fromMs: beforeMs - (toMs - fromMs), toMs: beforeMs }),
  };
}

const isSimulated = ({ during }: Seen): boolean => during.some((one) => one.simulatedRequests > 0);

/** Replies of one engine among cells. */
const repliesOf = (cells: readonly Cell[], engine: string): number =>
  cells
    .filter((one) => one.engine === engine)
    .reduce((sum, one) => sum + (one.outcomes.success ?? 0), 0);

/**
 * An engine was really gone for the time of a drill, and the service was not. Who declares a drill says only when and
 * which engine: that it fell out, and what came of it, is the ledger's.
 */
export const failureInjection = serviceCollector(
  {
    id: 'failure-injection',
    source: 'ledger',
    query: '/api/v1/logbook?kind=drill',
    combine: 'least',
  },
  async (facts, window, service) => {
    const seen = await newest(facts, window, service, 'engine-failure');
    if (seen === null) return null;
    const { drill, during, before } = seen;
    const objective = service.slo.availability ?? AVAILABILITY;
    const asked = totalsOf(during).requests;
    const had = repliesOf(before, drill.engine);
    const has = repliesOf(during, drill.engine);
    const actual = availabilityAnswer(during, objective).actual ?? 0;
    const wasGone = had > 0 && has <= STILL_SERVED * had;
    const words = wasGone
      ? `without ${drill.engine}, ${percent(actual)} of ${asked} requests were served.`
      : `${drill.engine} did not fall out: ${has} replies in the drill, ${had} before it.`;
    return {
      value: wasGone && asked >= ENOUGH && actual >= objective ? 1 : 0,
      coverage: 1,
      simulated: isSimulated(seen),
      statement: words,
      atMs: drill.toMs,
    };
  },
);

/** Replies became slower in a drill, and an alert was raised that was not there before. */
export const alertProven = serviceCollector(
  { id: 'alert-proven', source: 'ledger', query: '/api/v1/logbook?kind=alert', combine: 'least' },
  async (facts, window, service) => {
    const seen = await newest(facts, window, service, 'slowdown');
    if (seen === null) return null;
    const { drill, during, before } = seen;
    const [now, then] = [totalsOf(during).e2e, totalsOf(before).e2e];
    const rose =
      Math.min(now.count, then.count) < ENOUGH ? null : now.quantile(0.5) / then.quantile(0.5);
    const alert = ((await facts.logbook('alert')) ?? []).find(
      (one) =>
        one.service === service.name &&
        one.objective === 'latency' &&
        one.atMs >= drill.fromMs &&
        one.atMs <= drill.toMs + ALERT_LATE_MS,
    );
    const slower = rose !== null && rose >= SLOWER;
    const how =
      rose === null ? `too few replies (${now.count})` : `p50 rose ${rose.toFixed(2)} times`;
    const told = alert === undefined ? 'no alert was raised' : `alert: ${alert.message}`;
    return {
      value: slower && alert !== undefined ? 1 : 0,
      coverage: 1,
      simulated: isSimulated(seen),
      statement: `${how}; ${told}`,
      atMs: drill.toMs,
    };
  },
);

import { availabilityAnswer } from '../../../measure/answers/availability-answer.ts';
import { totalsOf } from '../../../measure/answers/totals.ts';
import type { Cell } from '../../../measure/ledger/ledger.ts';
import type { EntryOf } from '../../../records/logbook-entry.ts';
import { percent, serviceCollector } from '../collector.ts';
import type { Facts } from '../facts.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** A test has to go above the highest hour by this much. */
const ABOVE_PEAK = 1.2;
/** Fewer replies do not carry a p99; more failures than this and the test was of something broken. */
const ENOUGH_FOR_P99 = 300;
const SERVED = 0.99;

/**
 * p99 over p50 of E2E while the newest `tailrace load` ran at 1.2 times the highest other hour. The load run says only
 * when it was: rate and latency are the ledger's.
 */
export const loadTest = serviceCollector(
  { id: 'load-test', source: 'ledger', query: '/api/v1/logbook?kind=load', combine: 'most' },
  async (facts, window, service) => {
    const runs = ((await facts.logbook('load')) ?? []).filter((one) => one.fromMs >= window.fromMs);
    const run = await lastOf(facts, runs, service.name);
    if (run === null) return null;
    const { served, perS, entry } = run;
    const peakPerS = await peakOf(facts, runs, service.name, window);
    const simulated = served.simulatedRequests > 0;
    const about = { coverage: 1, simulated, atMs: entry.toMs };
    const rates = `${perS.toFixed(2)} requests a second, the highest hour ${peakPerS.toFixed(2)}`;
    const { actual } = availabilityAnswer(run.cells, null);
    if (peakPerS === 0) {
      const statement =
        'no hour without a load test is known yet, so there is no peak to go above.';
      return { value: null, statement, ...about };
    }
    if (perS < ABOVE_PEAK * peakPerS) {
      const statement = `the load test was too light: ${rates}; 1.2 times that is asked.`;
      return { value: null, statement, ...about };
    }
    if (served.e2e.count < ENOUGH_FOR_P99 || (actual ?? 0) < SERVED) {
      const statement = `the load test had ${served.e2e.count} replies, ${percent(actual ?? 0)} served; 300 and 99 % are asked.`;
      return { value: null, statement, ...about };
    }
    const times = served.e2e.quantile(0.99) / served.e2e.quantile(0.5);
    const statement = `p99 was ${times.toFixed(2)} times p50 at ${rates}.`;
    return { value: times, statement, ...about };
  },
);

async function lastOf(facts: Facts, runs: ReadonlyArray<EntryOf<'load'>>, service: string) {
  for (const entry of runs.toReversed()) {
    // Whole minutes inside the run: the ledger rolls up by the minute.
    const fromMs = Math.ceil(entry.fromMs / MINUTE_MS) * MINUTE_MS;
    const toMs = Math.floor(entry.toMs / MINUTE_MS) * MINUTE_MS;
    if (toMs <= fromMs) continue;
    const cells = of(await facts.cells({ fromMs, toMs }), service);
    const served = totalsOf(cells);
    if (served.requests === 0) continue;
    return { entry, cells, served, perS: served.requests / ((toMs - fromMs) / 1000) };
  }
  return null;
}

const of = (cells: readonly Cell[], service: string): Cell[] =>
  cells.filter((one) => one.service === service);

/** Requests a second of the highest hour in which no load test ran. */
async function peakOf(
  facts: Facts,
  runs: ReadonlyArray<EntryOf<'load'>>,
  service: string,
  window: { fromMs: number; toMs: number },
): Promise<number> {
  const steps = await facts.steps(window, HOUR_MS);
  const hours = steps.filter((step) =>
    runs.every((run) => run.toMs <= step.window.fromMs || run.fromMs >= step.window.toMs),
  );
  const counts = hours.map((step) =>
    of(step.cells, service).reduce((sum, one) => sum + one.requests, 0),
  );
  return Math.max(0, ...counts) / 3600;
}

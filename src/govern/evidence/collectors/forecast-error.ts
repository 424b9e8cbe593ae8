import type { ServiceConfig } from '../../../config/schema.ts';
import type { Window } from '../../../measure/ledger/ledger.ts';
import type { EntryOf } from '../../../records/logbook-entry.ts';
import { cameIn } from '../../days/forecast.ts';
import { percent, serviceCollector, type Collector, type Observation } from '../collector.ts';
import type { Facts } from '../facts.ts';

/** What was expected of a week, beside what came. */
interface Pair {
  fromMs: number;
  toMs: number;
  expected: number;
  came: number;
  simulated: boolean;
}

type Figure = 'requests' | 'usd';

/**
 * Mean absolute percentage error of the forecasts whose week is over. Weeks in which nothing came are left out: the
 * percentage of nothing is not defined.
 */
const errorOf = (pairs: readonly Pair[]): number | null => {
  const known = pairs.filter((one) => one.came > 0);
  if (known.length === 0) return null;
  const sum = known.reduce((all, one) => all + Math.abs(one.expected - one.came) / one.came, 0);
  return sum / known.length;
};

/** Share of a window that lies in the weeks of pairs. */
export function coveredBy(window: Window, spans: readonly Window[]): number {
  let covered = 0;
  let untilMs = window.fromMs;
  for (const { fromMs, toMs } of spans.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const end = Math.min(toMs, window.toMs);
    covered += Math.max(0, end - Math.max(fromMs, untilMs));
    untilMs = Math.max(untilMs, end);
  }
  return covered / (window.toMs - window.fromMs);
}

async function pairsOf(
  facts: Facts,
  window: Window,
  service: ServiceConfig,
  figure: Figure,
): Promise<Pair[]> {
  const mine = <One extends { service: string }>(all: One[] | null): One[] =>
    (all ?? []).filter((one) => one.service === service.name);
  const days: Array<EntryOf<'day'>> = mine(await facts.logbook('day'));
  const forecasts = mine(await facts.logbook('forecast'));
  return forecasts
    .filter((one) => one.toMs <= window.toMs && one.toMs > window.fromMs && one.atMs <= one.fromMs)
    .flatMap((one) => {
      const came = cameIn(days, one)?.[figure] ?? null;
      const expected = one[figure];
      if (came === null || expected === null) return [];
      return [{ fromMs: one.fromMs, toMs: one.toMs, expected, came, simulated: one.simulated }];
    });
}

const forecastError = (id: string, figure: Figure): Collector =>
  serviceCollector(
    { id, source: 'logbook', query: '/api/v1/logbook?kind=forecast', combine: 'most' },
    async (facts, window, service): Promise<Observation | null> => {
      const pairs = await pairsOf(facts, window, service, figure);
      const value = errorOf(pairs);
      if (value === null) return null;
      // The day that is not over belongs to no week yet; a week that is not over is not missing.
      return {
        value,
        coverage: Math.min(1, coveredBy(window, pairs) / SETTLED_SHARE),
        simulated: pairs.some((one) => one.simulated),
        statement:
          `${pairs.length} forecasts of a week were off by ${percent(value)} on average ` +
          `(${figure === 'usd' ? 'spend' : 'requests'}).`,
      };
    },
  );

/** Of a window of 30 days, 29 whole days can be over. */
const SETTLED_SHARE = 29 / 30;

/** Of requests: what has to be carried. */
export const trafficForecast = forecastError('traffic-forecast', 'requests');
/** Of money. */
export const spendForecast = forecastError('spend-forecast', 'usd');

import { serviceCollector } from '../collector.ts';
import { outagesIn } from '../outages.ts';

const HOUR_MS = 3_600_000;

/** Mean length of outages, hours, to a quarter of an hour; 0 when there was none. */
export const restoreTime = serviceCollector(
  { id: 'restore-time', source: 'ledger', query: '/api/v1/series?since=30d', combine: 'most' },
  async (facts, window, service) => {
    const found = await outagesIn(facts, window, service.name);
    if (found === null) return null;
    const hours = found.outages.map(({ fromMs, toMs }) => (toMs - fromMs) / HOUR_MS);
    const mean = hours.length === 0 ? 0 : hours.reduce((a, b) => a + b, 0) / hours.length;
    return {
      value: mean,
      coverage: await facts.coverage(window),
      simulated: found.simulated,
      statement:
        hours.length === 0
          ? 'no outage was seen.'
          : `${hours.length} outages, ${mean.toFixed(2)} hours on average.`,
    };
  },
);

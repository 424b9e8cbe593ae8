import type { ServiceConfig } from '../../../config/schema.ts';
import { isServed } from '../../../measure/answers/service-facts.ts';
import { totalsOf, type Totals } from '../../../measure/answers/totals.ts';
import { percent, serviceCollector } from '../collector.ts';

/**
 * Goodput is known: replies within every objective, of all requests. An objective counts with its p99 bound, else its
 * p95. Metrics are not known to fail together, so it is at least 1 minus the sum of their misses.
 */
export const goodput = serviceCollector(
  { id: 'goodput', source: 'ledger', query: '/api/v1/answers?since=30d', combine: 'share' },
  async (facts, window, service) => {
    const cells = (await facts.cells(window)).filter((cell) => cell.service === service.name);
    const asked = cells.reduce((sum, cell) => sum + cell.requests, 0);
    const served = totalsOf(cells.filter(isServed));
    const share = withinObjectives(served, service);
    if (asked === 0) return null;
    const good = share === null ? null : (share * served.requests) / asked;
    return {
      value: good === null ? 0 : 1,
      coverage: await facts.coverage(window),
      simulated: cells.some((cell) => cell.simulatedRequests > 0),
      statement:
        good === null
          ? 'goodput is unknown: no objective, or no reply that has its metric.'
          : `at least ${percent(good)} of ${asked} requests got a reply within every objective.`,
    };
  },
);

function withinObjectives(served: Totals, { slo }: ServiceConfig): number | null {
  const pairs = [
    [served.ttft, slo.ttftMs],
    [served.tpot, slo.tpotMs],
    [served.e2e, slo.e2eMs],
  ] as const;
  const asked = pairs.filter(([, target]) => (target?.p99 ?? target?.p95) !== undefined);
  if (asked.length === 0 || asked.some(([sketch]) => sketch.count === 0)) return null;
  const missed = asked.map(
    ([sketch, target]) => 1 - sketch.shareAtMost(target?.p99 ?? target?.p95 ?? 0),
  );
  return Math.max(0, 1 - missed.reduce((a, b) => a + b, 0));
}

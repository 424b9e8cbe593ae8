import { serviceCollector } from '../collector.ts';

/** p99 of TTFT and of TPOT are known, and with them p50 and p95. */
export const tailKnown = serviceCollector(
  { id: 'tail-known', source: 'ledger', query: '/api/v1/answers?since=30d', combine: 'share' },
  async (facts, window, service) => {
    const answer = await facts.answer(window, service.name);
    if (answer === null) return null;
    const tails = answer.latency.filter((one) => one.metric !== 'e2e');
    const missing = tails.filter((one) => one.p99Ms === null).map((one) => one.metric);
    const words = tails
      .map(
        (one) =>
          `${one.metric} p99 ${one.p99Ms === null ? 'unknown' : `${Number(one.p99Ms.toPrecision(3))} ms`}`,
      )
      .join(', ');
    return {
      value: missing.length === 0 ? 1 : 0,
      coverage: await facts.coverage(window),
      simulated: answer.simulated !== 'none',
      statement: `${words} over ${answer.requests.total} requests.`,
    };
  },
);

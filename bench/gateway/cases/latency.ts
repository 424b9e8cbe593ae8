import { quantile } from '../../../src/plan/load/quantiles.ts';
import { openLoop } from '../open-loop.ts';
import { requestBody } from '../wire.ts';
import type { Case } from './case.ts';

export const latency: Case = {
  name: 'latency',
  what: 'unary chat, open loop (Poisson) at half of what Tailrace can carry: latency at the client',
  contenders: ['direct', 'nginx', 'tailrace', 'smg'],
  async measure(running, { seconds, ratePerS }) {
    const rate = ratePerS ?? 1000;
    const options = { ratePerS: rate, seconds };
    const { latenciesMs, sent, failed } = await openLoop(
      running.endpoint,
      requestBody(null),
      options,
    );
    return {
      ratePerS: sent / seconds,
      p50Ms: quantile(latenciesMs, 0.5) ?? Number.NaN,
      p99Ms: quantile(latenciesMs, 0.99) ?? Number.NaN,
      failed: failed + (sent - failed - latenciesMs.length),
    };
  },
};

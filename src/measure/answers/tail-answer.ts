import type { z } from 'zod';
import type { Exemplar } from '../ledger/ledger.ts';
import type { tailAnswer } from './answers.ts';
import { ENOUGH_FOR_P95 } from './latency-answer.ts';
import type { Totals } from './totals.ts';

export type TailAnswer = z.infer<typeof tailAnswer>;
type Cause = TailAnswer['causes'][number]['cause'];

/** Largest relative error of a sketch's quantile (measure/sketch). */
export const PERCENTILE_ERROR_BOUND = 0.0054;

/**
 * Where the time of the slow requests went: the kept exemplars at or above the window's p95 of e2e
 * (less the sketch's error, so that the request at p95 itself is in), time added up by cause. At
 * most 16 exemplars are kept of a cell and rollup block, the slowest, so in a busy hour this speaks of its
 * far tail. Empty when the sample cannot carry a p95.
 */
export function tailOf(served: Totals): TailAnswer {
  if (served.e2e.count < ENOUGH_FOR_P95) return { sampleCount: 0, causes: [] };
  const fromMs = served.e2e.quantile(0.95) * (1 - PERCENTILE_ERROR_BOUND);
  const slow = served.slowest.filter((one) => one.e2eMs >= fromMs);
  const sums = new Map<Cause, number>();
  let wholeMs = 0;
  for (const exemplar of slow) {
    for (const [cause, ms] of splitOf(exemplar)) {
      sums.set(cause, (sums.get(cause) ?? 0) + ms);
      wholeMs += ms;
    }
  }
  const causes = [...sums]
    .filter(([, ms]) => ms > 0)
    .sort((a, b) => b[1] - a[1])
    .map(([cause, ms]) => ({ cause, share: ms / wholeMs, meanMs: ms / slow.length }));
  return { sampleCount: slow.length, causes };
}

/**
 * Splits one request's e2e time, to the last millisecond. Queue, retries and gateway are the
 * gateway's own clock. The rest is the winning attempt: by the engine's own report where it sent
 * one (what is left after its queue and prefill is decode, the network included; a report in faster
 * simulated time is scaled to the time that passed), else the time to first token against the rest.
 */
function splitOf(one: Exemplar): Array<[Cause, number]> {
  const own = one.queueMs + one.retryMs + one.gatewayMs;
  const upstreamMs = Math.max(0, one.e2eMs - own);
  const gateway: Array<[Cause, number]> = [
    ['queue', one.queueMs],
    ['retries', one.retryMs],
    ['gateway', one.gatewayMs],
  ];
  if (one.engineQueueMs === null || one.prefillMs === null) {
    const ttftMs = one.ttftMs ?? one.e2eMs;
    const firstMs = Math.min(upstreamMs, Math.max(0, ttftMs - own));
    return [...gateway, ['first-token', firstMs], ['decode', upstreamMs - firstMs]];
  }
  const reportedMs = one.engineQueueMs + one.prefillMs + (one.decodeMs ?? 0);
  const scale = reportedMs > upstreamMs ? upstreamMs / reportedMs : 1;
  const engineQueueMs = one.engineQueueMs * scale;
  const prefillMs = one.prefillMs * scale;
  return [
    ...gateway,
    ['engine-queue', engineQueueMs],
    ['prefill', prefillMs],
    ['decode', Math.max(0, upstreamMs - engineQueueMs - prefillMs)],
  ];
}

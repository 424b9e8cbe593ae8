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
  const sums = noTime();
  for (const exemplar of slow) addSplit(sums, exemplar);
  const named = Object.entries(sums) as Array<[Cause, number]>;
  const wholeMs = named.reduce((sum, [, ms]) => sum + ms, 0);
  const causes = named
    .filter(([, ms]) => ms > 0)
    .sort((a, b) => b[1] - a[1])
    .map(([cause, ms]) => ({ cause, share: ms / wholeMs, meanMs: ms / slow.length }));
  return { sampleCount: slow.length, causes };
}

const noTime = (): Record<Cause, number> => ({
  queue: 0,
  retries: 0,
  gateway: 0,
  'engine-queue': 0,
  prefill: 0,
  'first-token': 0,
  decode: 0,
});

/**
 * Splits one request's e2e time, to the last millisecond, and adds the parts. Queue, retries and gateway are the
 * gateway's own clock. The rest is the winning attempt: by the engine's own report where it sent
 * one (what is left after its queue and prefill is decode, the network included; a report in faster
 * simulated time is scaled to the time that passed), else the time to first token against the rest.
 */
function addSplit(sums: Record<Cause, number>, one: Exemplar): void {
  const own = one.queueMs + one.retryMs + one.gatewayMs;
  const upstreamMs = Math.max(0, one.e2eMs - own);
  sums.queue += one.queueMs;
  sums.retries += one.retryMs;
  sums.gateway += one.gatewayMs;
  if (one.engineQueueMs === null || one.prefillMs === null) {
    const ttftMs = one.ttftMs ?? one.e2eMs;
    const firstMs = Math.min(upstreamMs, Math.max(0, ttftMs - own));
    sums['first-token'] += firstMs;
    sums.decode += upstreamMs - firstMs;
    return;
  }
  const reportedMs = one.engineQueueMs + one.prefillMs + (one.decodeMs ?? 0);
  const scale = reportedMs > upstreamMs ? upstreamMs / reportedMs : 1;
  const engineQueueMs = one.engineQueueMs * scale;
  const prefillMs = one.prefillMs * scale;
  sums['engine-queue'] += engineQueueMs;
  sums.prefill += prefillMs;
  sums.decode += Math.max(0, upstreamMs - engineQueueMs - prefillMs);
}

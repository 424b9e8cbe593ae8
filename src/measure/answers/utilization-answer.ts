import type { z } from 'zod';
import type { EngineUse } from '../ledger/ledger.ts';
import type { utilizationAnswer } from './answers.ts';
import type { EngineMoney } from './cost-answer.ts';
import { batchOccupancy, timeShares, type UtilizationCause } from './engine-time.ts';
import type { ServiceFacts } from './service-facts.ts';

export type UtilizationAnswer = z.infer<typeof utilizationAnswer>;
type Cause = UtilizationAnswer['causes'][number] & { cause: UtilizationCause };

/** Utilization of the engines a service pays for by time; a public API's is its provider's matter. */
export function utilizationOf(
  facts: ServiceFacts,
  money: readonly EngineMoney[],
): UtilizationAnswer {
  const own = money.filter((one) => one.kind !== 'api');
  const windowMs = facts.window.toMs - facts.window.fromMs;
  const uses = own.flatMap((one) => one.facts.use ?? []);
  const causes = causesOf(own);
  const busyShare = weightedBusy(own);
  return {
    engines: uses.map((use) => engineView(use, windowMs)),
    busyShare,
    causes,
    sentence: sentenceOf(facts, own, busyShare, causes),
  };
}

function engineView(use: EngineUse, windowMs: number): UtilizationAnswer['engines'][number] {
  return {
    engine: use.engine,
    simulated: use.simulated,
    acceleratorHours: use.acceleratorSeconds === null ? null : use.acceleratorSeconds / 3600,
    busyShare: use.busyShare,
    idleShare: use.busyShare === null ? null : 1 - use.busyShare,
    runningMean: use.runningMean,
    batchOccupancy: batchOccupancy(use),
    kvUsageShare: use.kvUsageShare,
    waitingMean: use.waitingMean,
    preemptions: use.preemptions,
    sampledShare: windowMs <= 0 ? 0 : Math.min(1, use.sampledMs / windowMs),
  };
}

/** How much of the service's paid time an engine stands for: money, else accelerator time, else 1. */
function weights(own: readonly EngineMoney[]): number[] {
  const forms = [
    own.map((one) => one.allocatedUsd),
    own.map((one) => {
      const seconds = one.facts.use?.acceleratorSeconds ?? null;
      return seconds === null ? null : seconds * one.facts.share;
    }),
  ];
  for (const form of forms) {
    const known = form.flatMap((weight) => weight ?? []);
    if (known.length === own.length && known.some((weight) => weight > 0)) return known;
  }
  return own.map(() => 1);
}

function causesOf(own: readonly EngineMoney[]): Cause[] {
  const each = weights(own);
  const whole = each.reduce((a, b) => a + b, 0);
  const shares = new Map<UtilizationCause, number>();
  const usd = new Map<UtilizationCause, number | null>();
  own.forEach((one, i) => {
    const { use } = one.facts;
    const times = use === null ? { unknown: 1 } : timeShares(use);
    for (const [name, share] of Object.entries(times)) {
      const cause = name as UtilizationCause;
      shares.set(cause, (shares.get(cause) ?? 0) + (share * (each[i] ?? 0)) / whole);
      const sum = usd.has(cause) ? (usd.get(cause) ?? null) : 0;
      const { allocatedUsd } = one;
      usd.set(cause, sum === null || allocatedUsd === null ? null : sum + share * allocatedUsd);
    }
  });
  return [...shares]
    .filter(([, share]) => share > 0)
    .map(([cause, share]) => ({ cause, share, usd: usd.get(cause) ?? null }))
    .sort((a, b) => b.share - a.share);
}

/** Busy share of the paid time; null unless every engine's is known. */
function weightedBusy(own: readonly EngineMoney[]): number | null {
  const each = weights(own);
  let sum = 0;
  let whole = 0;
  for (const [i, one] of own.entries()) {
    const { use } = one.facts;
    if (use === null || use.busyShare === null || use.sampledMs <= 0) return null;
    const weight = each[i] ?? 0;
    sum += weight * use.busyShare * Math.min(1, use.upMs / use.sampledMs);
    whole += weight;
  }
  return whole > 0 ? sum / whole : null;
}

const LOSS: Record<Exclude<UtilizationCause, 'busy' | 'unknown'>, string> = {
  'no-demand': 'no demand (idle while nothing waits)',
  'engine-down': 'an engine that did not answer',
  'small-batch': 'small batches (busy, but with few requests at once)',
  'kv-full': 'full KV memory (requests wait while batch places are empty)',
  'queue-wait': 'waiting in the engine (requests queue while batch places are empty)',
};

function sentenceOf(
  facts: ServiceFacts,
  own: readonly EngineMoney[],
  busyShare: number | null,
  causes: readonly Cause[],
): string {
  if (facts.engines.length === 0) return 'Utilization is unknown: no engine serves this service.';
  if (own.length === 0) {
    return 'All engines are public APIs billed by the token: there is no idle time to pay for.';
  }
  const names = own.map((one) => one.facts.engine.name).join(', ');
  const loss = causes.find((one) => one.cause !== 'busy' && one.cause !== 'unknown');
  const lossText =
    loss === undefined || !isLoss(loss.cause)
      ? null
      : `the largest loss is ${LOSS[loss.cause]}: ${percent(loss.share)}${moneyOf(loss, own)}`;
  if (busyShare === null) {
    const known = lossText === null ? '' : `; of what is known, ${lossText}`;
    return `How busy ${names} was is unknown${known}.`;
  }
  const allSimulated = own.every((one) => one.facts.engine.simulated !== undefined);
  const busy = `${names}${allSimulated ? ' (simulated)' : ''} was busy ${percent(busyShare)} of the time paid for`;
  return lossText === null ? `${busy}; no time was lost.` : `${busy}; ${lossText}.`;
}

const isLoss = (cause: UtilizationCause): cause is keyof typeof LOSS => cause in LOSS;

function moneyOf(loss: Cause, own: readonly EngineMoney[]): string {
  if (loss.usd !== null) return ` or ${dollars(loss.usd)} of this window`;
  const missing = own.find((one) => one.allocatedUsd === null)?.missing[0];
  return missing === undefined ? ', money unknown' : `, money unknown (missing: ${missing})`;
}

/** Whole percent, but never 0 % or 100 % for what is not. */
function percent(share: number): string {
  const whole = Math.round(share * 100);
  if (share > 0 && whole === 0) return 'under 1 %';
  if (share < 1 && whole === 100) return 'over 99 %';
  return `${whole} %`;
}

function dollars(usd: number): string {
  if (usd === 0) return '$0';
  if (usd < 0.01) return `$${usd.toPrecision(2)}`;
  return `$${usd.toFixed(2)}`;
}

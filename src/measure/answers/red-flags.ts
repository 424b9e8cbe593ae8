import type { ServiceAnswer } from './answers.ts';
import type { EngineMoney } from './cost-answer.ts';
import { ENOUGH_FOR_P95, ENOUGH_FOR_P99, type LatencyAnswer } from './latency-answer.ts';
import type { ServiceFacts } from './service-facts.ts';

type RedFlag = ServiceAnswer['redFlags'][number];

/** A red flag is a question of the three that has no answer: what is missing, and how to supply it. */
export function redFlagsOf(
  facts: ServiceFacts,
  parts: {
    latency: readonly LatencyAnswer[];
    money: readonly EngineMoney[];
    usageUsd: number | null;
  },
): RedFlag[] {
  return [
    ...latencyFlags(facts, parts.latency),
    ...costFlags(facts, parts.money, parts.usageUsd),
    ...utilizationFlags(parts.money),
  ];
}

const NAMES = { ttft: 'TTFT', tpot: 'TPOT', e2e: 'E2E' } as const;

function latencyFlags(facts: ServiceFacts, latency: readonly LatencyAnswer[]): RedFlag[] {
  const flags: RedFlag[] = [];
  const at = `services[${facts.service.name}].slo`;
  const targets = latency.filter((one) => one.targetP95Ms !== null || one.targetP99Ms !== null);
  if (targets.length === 0) {
    const message = `No latency target is set: set ttftMs, tpotMs or e2eMs in ${at}.`;
    flags.push({ code: 'no-target', message });
  }
  if (facts.served.requests === 0) {
    const message =
      facts.all.requests === 0
        ? 'No request in this window, so there is no real latency.'
        : `None of ${facts.all.requests} requests in this window got a reply: no real latency.`;
    return [...flags, { code: 'no-data', message }];
  }
  for (const one of targets) {
    const name = NAMES[one.metric];
    if (one.count === 0) {
      const message = `${name} has a target but no values: only streamed replies have it.`;
      flags.push({ code: 'latency-missing', message });
      continue;
    }
    const [which, needed] =
      one.targetP95Ms !== null && one.p95TooFew
        ? ['p95', ENOUGH_FOR_P95]
        : ['p99', one.targetP99Ms !== null && one.p99TooFew ? ENOUGH_FOR_P99 : 0];
    if (needed === 0) continue;
    const message = `Too few ${name} values for a ${which}: ${one.count} of ${needed} needed.`;
    flags.push({ code: 'too-few', message });
  }
  return flags;
}

function costFlags(
  facts: ServiceFacts,
  money: readonly EngineMoney[],
  usageUsd: number | null,
): RedFlag[] {
  const missing = [...new Set(money.flatMap((one) => one.missing))];
  const flags: RedFlag[] = [];
  if (missing.length > 0) {
    const message = `Cost is not fully known; missing: ${missing.join('; ')}.`;
    flags.push({ code: 'cost-unknown', message });
  } else if (usageUsd === null) {
    flags.push({ code: 'cost-unknown', message: 'Cost is unknown: nothing ran in this window.' });
  }
  // Requests that failed may honestly have no price; those that got a reply must have one.
  const { unknownCount } = facts.served.usageUsd;
  if (usageUsd !== null && unknownCount > 0 && unknownCount < facts.served.requests) {
    const message = `${unknownCount} of ${facts.served.requests} replies have no known cost: the true sum is higher.`;
    flags.push({ code: 'cost-partial', message });
  }
  return flags;
}

function utilizationFlags(money: readonly EngineMoney[]): RedFlag[] {
  return money.flatMap(({ kind, facts: { engine, use } }) => {
    if (kind === 'api') return [];
    const at = `engines[${engine.name}]`;
    if (use === null || use.sampledMs <= 0) {
      const message = `Utilization of ${engine.name} is unknown: no samples in this window (${at}.metricsUrl).`;
      return [{ code: 'utilization-unknown', message }];
    }
    if (use.busyShare !== null || use.upMs <= 0) return [];
    const message = `Utilization of ${engine.name} is unknown: its metrics do not say how long it was busy.`;
    return [{ code: 'utilization-unknown', message }];
  });
}

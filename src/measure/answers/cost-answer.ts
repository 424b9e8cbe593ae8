import type { z } from 'zod';
import type { EngineConfig } from '../../config/schema.ts';
import { weakestBasis, type Basis } from '../../records/basis.ts';
import { marginalCost } from '../cost/marginal-cost.ts';
import { outputWeight, splitByTokens } from '../cost/token-split.ts';
import { windowCost, type WindowCost } from '../cost/window-cost.ts';
import type { Cell } from '../ledger/ledger.ts';
import type { costAnswer } from './answers.ts';
import type { EngineFacts, ServiceFacts } from './service-facts.ts';
import { fullSum, knownSum, per } from './totals.ts';

export type CostAnswer = z.infer<typeof costAnswer>;

/** One engine's money for this service. */
export interface EngineMoney extends WindowCost {
  facts: EngineFacts;
}

export function engineMoney(facts: ServiceFacts): EngineMoney[] {
  return facts.engines.map((one) => ({
    ...windowCost(one.engine, {
      acceleratorSeconds: one.use?.acceleratorSeconds ?? null,
      share: one.share,
      replies: one.mineServed.requests,
      usageUsd: knownSum(one.mine.usageUsd, one.mine.requests),
    }),
    facts: one,
  }));
}

/**
 * Money of the window. Per request: over the requests that an engine was asked for, so failures are
 * carried by all. usageUsd leaves out requests whose cost is unknown (a red flag counts them).
 */
export function costOf(
  facts: ServiceFacts,
  money: readonly EngineMoney[],
  featureCells: readonly Cell[],
): CostAnswer {
  const { asked, served } = facts;
  const usageUsd = asked.requests === 0 && noneAllocated(money) ? null : sumKnown(money);
  const allocatedUsd = money.length === 0 || usageUsd === null ? null : sumAll(money);
  const wholeUsd = allocatedUsd ?? usageUsd;
  const priced = asked.requests - asked.usageUsd.unknownCount;
  const requests = allocatedUsd === null ? priced : asked.requests;
  const perRequestUsd = per(wholeUsd, requests);
  const tokensIn = knownSum(served.tokensIn, served.requests);
  const tokensOut = knownSum(served.tokensOut, served.requests);
  const tokens = tokensIn === null || tokensOut === null ? null : tokensIn + tokensOut;
  return {
    kind: kindOf(money),
    basis: basisOf(facts, money, wholeUsd),
    usageUsd,
    allocatedUsd,
    idleUsd: usageUsd === null || allocatedUsd === null ? null : allocatedUsd - usageUsd,
    perRequestUsd,
    per1kRequestsUsd: perRequestUsd === null ? null : perRequestUsd * 1000,
    perMTokenUsd: perMillion(per(wholeUsd, tokens)),
    ...perDirection(facts, wholeUsd, tokensIn, tokensOut),
    usagePerRequestUsd: per(usageUsd, priced),
    byFeature: byFeature(featureCells, allocatedUsd),
    marginal: marginalCost(money.map(loadOf)),
    missing: [...new Set(money.flatMap((one) => one.missing))],
  };
}

const perMillion = (usd: number | null): number | null => (usd === null ? null : usd * 1e6);

const noneAllocated = (money: readonly EngineMoney[]): boolean =>
  money.every((one) => one.kind === 'api' || one.allocatedUsd === null);

function sumKnown(money: readonly EngineMoney[]): number | null {
  // An engine without requests adds nothing, and says nothing about what the others' requests cost.
  const known = money.flatMap((one) => one.usageUsd ?? []);
  const priced = money.some((one) => one.usageUsd !== null && one.facts.mine.requests > 0);
  const anyRequests = money.some((one) => one.facts.mine.requests > 0);
  return known.length === 0 || (anyRequests && !priced) ? null : known.reduce((a, b) => a + b, 0);
}

function sumAll(money: readonly EngineMoney[]): number | null {
  let sum = 0;
  for (const one of money) {
    if (one.allocatedUsd === null) return null;
    sum += one.allocatedUsd;
  }
  return sum;
}

function kindOf(money: readonly EngineMoney[]): CostAnswer['kind'] {
  const busy = money.filter((one) => one.facts.mine.requests > 0);
  const kinds = new Set((busy.length > 0 ? busy : money).map((one) => one.kind));
  const [only] = kinds;
  return kinds.size > 1 ? 'mixed' : (only ?? 'unknown');
}

function basisOf(
  facts: ServiceFacts,
  money: readonly EngineMoney[],
  wholeUsd: number | null,
): Basis {
  if (wholeUsd === null) return 'unknown';
  const busy = money.filter((one) => one.facts.mine.requests > 0);
  const bases = (busy.length > 0 ? busy : money).map((one) => engineBasis(one.facts.engine));
  if (facts.asked.estimatedUsageRequests > 0) bases.push('estimated');
  return weakestBasis(bases);
}

/** As the meter labels it: a bill is measured, simulated time modelled, roofline time estimated. */
function engineBasis(engine: EngineConfig): Basis {
  if (engine.cost?.basis === 'api') return 'measured';
  return engine.simulated === undefined ? 'estimated' : 'modelled';
}

function perDirection(
  facts: ServiceFacts,
  wholeUsd: number | null,
  tokensIn: number | null,
  tokensOut: number | null,
): { perMInputTokenUsd: number | null; perMOutputTokenUsd: number | null } {
  const none = { perMInputTokenUsd: null, perMOutputTokenUsd: null };
  if (wholeUsd === null || tokensIn === null || tokensOut === null) return none;
  const uses = facts.engines.flatMap(({ engine }) =>
    modelsAt(engine, facts.cells).map((model) => ({ engine, model })),
  );
  const weight = outputWeight(uses, facts.window.toMs);
  const split =
    weight === null ? null : splitByTokens(wholeUsd, { in: tokensIn, out: tokensOut }, weight);
  if (split === null) return none;
  return {
    perMInputTokenUsd: split.usdPerInputToken * 1e6,
    perMOutputTokenUsd: split.usdPerOutputToken * 1e6,
  };
}

const modelsAt = (engine: EngineConfig, cells: readonly Cell[]): Array<string | null> => [
  ...new Set(cells.filter((cell) => cell.engine === engine.name).map((cell) => cell.model)),
];

/** Allocated money by feature, in proportion to accelerator time, else usage cost, else requests. */
function byFeature(cells: readonly Cell[], allocatedUsd: number | null): CostAnswer['byFeature'] {
  const weights = [
    cells.map((cell) => fullSum(cell.acceleratorSeconds, cell.requests)),
    cells.map((cell) => knownSum(cell.usageUsd, cell.requests)),
    cells.map((cell) => cell.requests),
  ].find((some) => some.every((w) => w !== null) && some.some((w) => w !== null && w > 0));
  const whole = weights?.reduce<number>((sum, w) => sum + (w ?? 0), 0) ?? 0;
  return cells
    .map((cell, i) => ({
      feature: cell.feature ?? '(none)',
      requests: cell.requests,
      usageUsd: knownSum(cell.usageUsd, cell.requests),
      allocatedUsd:
        allocatedUsd === null || whole <= 0 ? null : (allocatedUsd * (weights?.[i] ?? 0)) / whole,
    }))
    .sort((a, b) => (b.usageUsd ?? 0) - (a.usageUsd ?? 0) || b.requests - a.requests);
}

const loadOf = ({ facts, usageUsd }: EngineMoney) => ({
  engine: facts.engine,
  requests: facts.mineServed.requests,
  usageUsd,
  busyShare: facts.use?.busyShare ?? null,
  share: facts.share,
  sampledMs: facts.use?.sampledMs ?? 0,
});

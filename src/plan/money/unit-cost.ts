import { splitByTokens } from '../../measure/cost/token-split.ts';
import type { RequestTokens } from './api-cost.ts';

/** Money per unit of what is served, US dollars. Token prices are null where there is no such token. */
export interface UnitCosts {
  perRequestUsd: number;
  per1000RequestsUsd: number;
  perMillionInputUsd: number | null;
  perMillionCachedUsd: number | null;
  perMillionOutputUsd: number | null;
}

/**
 * What a token of each kind weighs when a fleet's money is split over them: by the accelerator time
 * it takes. A cached input token takes none of the prefill.
 */
export interface TokenWeights {
  /** Output token in uncached input tokens. */
  output: number;
  /** Cached input token in uncached input tokens. */
  cached: number;
}

/**
 * Splits an hourly cost over requests and tokens at a rate. Null without traffic: idle money has no
 * unit to be charged to. The parts add up: tokens x prices = perRequestUsd.
 */
export function unitCosts(
  usdPerHour: number,
  ratePerS: number,
  tokens: RequestTokens,
  weights: TokenWeights,
): UnitCosts | null {
  if (ratePerS <= 0) return null;
  const perRequestUsd = usdPerHour / 3600 / ratePerS;
  const fresh = tokens.inputTokens - tokens.cachedTokens;
  const weightedIn = fresh + tokens.cachedTokens * weights.cached;
  const split = splitByTokens(
    perRequestUsd,
    { in: weightedIn, out: tokens.outputTokens },
    weights.output,
  );
  const million = (usd: number | null, count: number): number | null =>
    usd === null || count === 0 ? null : usd * 1e6;
  const inputUsd = split?.usdPerInputToken ?? null;
  return {
    perRequestUsd,
    per1000RequestsUsd: perRequestUsd * 1000,
    perMillionInputUsd: million(inputUsd, fresh),
    perMillionCachedUsd: million(
      inputUsd === null ? null : inputUsd * weights.cached,
      tokens.cachedTokens,
    ),
    perMillionOutputUsd: million(split?.usdPerOutputToken ?? null, tokens.outputTokens),
  };
}

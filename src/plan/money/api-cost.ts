import type { LinearCost } from './linear-cost.ts';

/** List prices of a public API, US dollars per million tokens. */
export interface ApiTerms {
  usdPerMillionInput: number;
  usdPerMillionCachedInput: number;
  usdPerMillionOutput: number;
}

/** Tokens of one request; `cachedTokens` are a part of the input. */
export interface RequestTokens {
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
}

/** US dollars of one request. */
export const apiRequestUsd = (terms: ApiTerms, tokens: RequestTokens): number =>
  ((tokens.inputTokens - tokens.cachedTokens) * terms.usdPerMillionInput +
    tokens.cachedTokens * terms.usdPerMillionCachedInput +
    tokens.outputTokens * terms.usdPerMillionOutput) /
  1e6;

/** Cost over use of the traffic that an own fleet of this capacity would carry at use 1. */
export const apiCost = (
  terms: ApiTerms,
  tokens: RequestTokens,
  capacityPerS: number,
): LinearCost => ({
  fixedUsdPerHour: 0,
  useUsdPerHour: apiRequestUsd(terms, tokens) * capacityPerS * 3600,
});

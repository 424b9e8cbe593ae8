import { findApiPrices } from '../../catalog/prices.ts';
import type { EngineConfig } from '../../config/schema.ts';

/**
 * What one output token weighs in input tokens on self-hosted accelerators where prefill and decode
 * are not metered apart: the default of Google's GKE inference recommender.
 */
const SELF_HOSTED_OUTPUT_WEIGHT = 4;

/** Money per token of each direction; the two add up to the whole over the tokens given. */
export interface TokenSplit {
  usdPerInputToken: number;
  usdPerOutputToken: number;
}

/** usd/out = usd / (in / weight + out), usd/in = usd/out / weight. Null without tokens. */
export function splitByTokens(
  usd: number,
  tokens: { in: number; out: number },
  outputWeight: number,
): TokenSplit | null {
  const inOutputs = tokens.in / outputWeight + tokens.out;
  if (inOutputs <= 0) return null;
  const usdPerOutputToken = usd / inOutputs;
  return { usdPerInputToken: usdPerOutputToken / outputWeight, usdPerOutputToken };
}

/**
 * The weight that holds for all of these engine-model pairs: list price of output over input for a
 * public API (base tier), the constant above for accelerators. Null where they differ by more than
 * a hundredth or a price is unknown: then no split is honest.
 */
export function outputWeight(
  uses: ReadonlyArray<{ engine: EngineConfig; model: string | null }>,
  wallMs: number,
): number | null {
  let common: number | null = null;
  for (const { engine, model } of uses) {
    const weight = weightOf(engine, model, wallMs);
    if (weight === null) return null;
    if (common !== null && Math.abs(common / weight - 1) > 0.01) return null;
    common ??= weight;
  }
  return common;
}

function weightOf(engine: EngineConfig, model: string | null, wallMs: number): number | null {
  if (engine.cost?.basis !== 'api') return SELF_HOSTED_OUTPUT_WEIGHT;
  if (model === null) return null;
  const found = findApiPrices({ provider: engine.cost.provider, url: engine.url, model });
  const price = found?.at(wallMs);
  const input = price?.input?.base ?? 0;
  const output = price?.output?.base ?? 0;
  return input > 0 && output > 0 ? output / input : null;
}

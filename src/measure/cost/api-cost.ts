import type { ApiPrice, Rate } from '../../catalog/prices.ts';
import type { Basis } from '../../records/basis.ts';
import type { TokenCounts } from '../../records/request-record.ts';

/** The bill for one request to a public API, US dollars; null when a needed count is unknown. */
export interface ApiCost {
  usageUsd: number | null;
  basis: Basis;
}

const UNKNOWN: ApiCost = { usageUsd: null, basis: 'unknown' };

/**
 * usd = sum over classes of tokens x price / 1e6. The tier is chosen by the request's whole prompt
 * (uncached, cached and cache writes together) and applied to all of its tokens, as the providers'
 * price pages say; so requests must be priced one by one, never summed first.
 *
 * A count that has a price of its own but was not reported (cached, cache write, reasoning) is
 * billed with the class around it and the basis becomes `estimated`: the true bill may be lower (or,
 * for cache writes, higher). Counts that contradict each other price to unknown.
 */
export function apiCost(price: ApiPrice, tokens: TokenCounts): ApiCost {
  const inputTotal = tokens.in;
  if (inputTotal === null) return UNKNOWN;
  const out = tokens.out;
  if (price.output !== null && out === null) return UNKNOWN;
  const cached = price.cachedIn === null ? 0 : (tokens.cachedIn ?? 0);
  const written = price.cacheWrite === null ? 0 : (tokens.cacheWrite ?? 0);
  const reasoning = price.reasoning === null ? 0 : (tokens.reasoning ?? 0);
  const plainIn = inputTotal - cached - written;
  const plainOut = (out ?? 0) - reasoning;
  if (plainIn < 0 || plainOut < 0) return UNKNOWN;
  const millionths =
    plainIn * usdPerMTok(price.input, inputTotal) +
    cached * usdPerMTok(price.cachedIn, inputTotal) +
    written * usdPerMTok(price.cacheWrite, inputTotal) +
    plainOut * usdPerMTok(price.output, inputTotal) +
    reasoning * usdPerMTok(price.reasoning, inputTotal);
  const assumed =
    (price.cachedIn !== null && tokens.cachedIn === null && inputTotal > 0) ||
    (price.reasoning !== null && tokens.reasoning === null && (out ?? 0) > 0);
  return {
    usageUsd: millionths / 1e6 + price.usdPerRequest,
    basis: assumed ? 'estimated' : 'measured',
  };
}

function usdPerMTok(rate: Rate | null, inputTotal: number): number {
  if (rate === null) return 0;
  let usd = rate.base;
  for (const tier of rate.tiers) {
    if (inputTotal > tier.aboveInputTokens) usd = tier.usdPerMTok;
  }
  return usd;
}

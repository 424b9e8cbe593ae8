import { calcPrice, type ConditionalPrice, type ModelPrice } from '@pydantic/genai-prices';

// Public token prices, from the data embedded in that package (MIT; its version is pinned in package.json
// and dates the figures). Nothing is fetched.

/**
 * US dollars per million tokens of one class. The last tier whose `aboveInputTokens` is less than
 * the request's whole prompt holds, and then for all of its tokens.
 */
export interface Rate {
  base: number;
  /** Ascending. */
  tiers: ReadonlyArray<{ aboveInputTokens: number; usdPerMTok: number }>;
}

/** What one request to one model costs; a class that is null is billed with the class around it. */
export interface ApiPrice {
  provider: string;
  model: string;
  input: Rate | null;
  /** Null: cached prompt tokens cost what input costs. */
  cachedIn: Rate | null;
  /** Null: prompt tokens written to a cache cost what input costs. */
  cacheWrite: Rate | null;
  /** Null: output is not billed (embeddings). */
  output: Rate | null;
  /** Null: reasoning tokens cost what output costs. */
  reasoning: Rate | null;
  usdPerRequest: number;
}

/** The prices of one model over time: a list price may change on a date or with the hour (UTC). */
export interface ApiPriceList {
  at(wallMs: number): ApiPrice;
}

type Condition = (wallMs: number) => boolean;

/**
 * Looks the prices of a model up, by provider id or, without one, by the base URL of the engine.
 * Null when the catalog has no such provider or model. Costs a fraction of a millisecond: keep the
 * result. Text tokens only: audio, images and tool fees of the catalog are not in a request record.
 */
export function findApiPrices(query: {
  provider?: string | undefined;
  url?: string | undefined;
  model: string;
}): ApiPriceList | null {
  const found = lookUp(query);
  if (found === null) return null;
  const { provider, model } = found;
  const compile = (prices: ModelPrice): ApiPrice => compilePrice(provider.id, model.id, prices);
  if (!Array.isArray(model.prices)) {
    const only = compile(model.prices);
    return { at: () => only };
  }
  // The source lists the default first and lets the last condition that holds win.
  const choices = model.prices
    .map((entry) => ({ holds: condition(entry), price: compile(entry.prices) }))
    .toReversed();
  const fallback = choices.at(-1)?.price;
  if (fallback === undefined) return null;
  return { at: (wallMs) => choices.find((one) => one.holds(wallMs))?.price ?? fallback };
}

function lookUp(query: {
  provider?: string | undefined;
  url?: string | undefined;
  model: string;
}): ReturnType<typeof calcPrice> {
  const { provider, url, model } = query;
  try {
    if (provider !== undefined) return calcPrice({}, model, { providerId: provider });
    return url === undefined ? null : calcPrice({}, model, { providerApiUrl: url });
  } catch {
    // The package throws on an entry of its own data that it cannot price: no price is known then.
    return null;
  }
}

function compilePrice(provider: string, model: string, prices: ModelPrice): ApiPrice {
  const perKilo = prices['requests_kcount'];
  return {
    provider,
    model,
    input: rate(prices['input_mtok']),
    cachedIn: rate(prices['cache_read_mtok']),
    cacheWrite: rate(prices['cache_write_mtok']),
    output: rate(prices['output_mtok']),
    reasoning: rate(prices['output_reasoning_mtok']),
    usdPerRequest: typeof perKilo === 'number' ? perKilo / 1000 : 0,
  };
}

function rate(price: ModelPrice[string]): Rate | null {
  if (price === undefined) return null;
  if (typeof price === 'number') return { base: price, tiers: [] };
  const tiers = price.tiers
    .map((tier) => ({ aboveInputTokens: tier.start, usdPerMTok: tier.price }))
    .sort((a, b) => a.aboveInputTokens - b.aboveInputTokens);
  return { base: price.base, tiers };
}

function condition(entry: ConditionalPrice): Condition {
  const constraint = entry.constraint;
  if (constraint === undefined) return () => true;
  if (constraint.type === 'start_date') {
    const startMs = Date.parse(constraint.start_date);
    return (wallMs) => wallMs >= startMs;
  }
  const startS = secondsOfDay(constraint.start_time);
  const endS = secondsOfDay(constraint.end_time);
  return (wallMs) => {
    const nowS = (wallMs % 86_400_000) / 1000;
    return endS < startS ? nowS >= startS || nowS < endS : nowS >= startS && nowS < endS;
  };
}

/** Seconds after midnight UTC of a time such as `16:30:00Z` or `00:30:00+08:00`. */
function secondsOfDay(time: string): number {
  return (Date.parse(`1970-01-02T${time}`) % 86_400_000) / 1000;
}

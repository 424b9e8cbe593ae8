import { findApiPrices, type ApiPriceList } from '../../catalog/prices.ts';
import type { CostConfig, EngineConfig } from '../../config/schema.ts';
import { weakestBasis } from '../../records/basis.ts';
import type {
  RequestCost,
  RequestEnergy,
  TokenCounts,
  UsageSource,
} from '../../records/request-record.ts';
import type { SimulationReport } from '../../records/simulation.ts';
import { requestEnergy } from '../energy/request-energy.ts';
import { acceleratorHourUsd } from './accelerator-hour.ts';
import { apiCost } from './api-cost.ts';
import { rooflineShare } from './roofline-share.ts';

/** Model names come from clients, so what is remembered of them is bounded; the oldest goes first. */
const MAX_CACHED_MODELS = 1024;

/** What is known of a finished request when it is priced. Fits serve's MeterFacts, which it serves. */
export interface PricedFacts {
  engine: string;
  modelServed: string;
  startedAtMs: number;
  tokens: TokenCounts;
  /** Absent: the engine's own report. */
  usageSource?: UsageSource;
  /** Requests in flight at the same engine from this worker, this one included. */
  inFlight: number;
  simulation: SimulationReport | null;
}

/** Fits serve's Meter. */
export interface RequestMeter {
  price(facts: PricedFacts): { cost: RequestCost; energy: RequestEnergy };
}

type PriceRequest = (facts: PricedFacts) => RequestCost;

const UNKNOWN: RequestCost = Object.freeze({
  kind: 'unknown',
  usageUsd: null,
  acceleratorSeconds: null,
  basis: 'unknown',
});

/**
 * Prices requests at settle: what the request's own work cost, without the idle time of fixed-cost
 * engines (see window-cost). All catalog look-ups happen here or on the first request for a model
 * (a fraction of a millisecond); after that `price` takes about a microsecond.
 * `workers`: gateway processes that share the engines evenly; scales one worker's in-flight count.
 */
export function createMeter(
  engines: readonly EngineConfig[],
  options: { workers?: number } = {},
): RequestMeter {
  const workers = options.workers ?? 1;
  const pricers = new Map(engines.map((engine) => [engine.name, pricerOf(engine, workers)]));
  return {
    price(facts) {
      const cost = pricers.get(facts.engine)?.(facts) ?? UNKNOWN;
      return { cost, energy: requestEnergy(facts.simulation) };
    },
  };
}

function pricerOf(engine: EngineConfig, workers: number): PriceRequest {
  const { cost } = engine;
  if (cost === undefined) return unpriced(engine, workers);
  if (cost.basis === 'api') return apiPricer(engine, cost);
  return timePricer(engine, cost.basis, (acceleratorHourUsd(cost) ?? 0) / 3600, workers);
}

/** Without a cost basis there is no money, but the accelerator time may still be known. */
function unpriced(engine: EngineConfig, workers: number): PriceRequest {
  const withTime = timePricer(engine, 'rented', 0, workers);
  return (facts) => ({ ...UNKNOWN, acceleratorSeconds: withTime(facts).acceleratorSeconds });
}

function apiPricer(engine: EngineConfig, cost: CostConfig & { basis: 'api' }): PriceRequest {
  const cache = new Map<string, ApiPriceList | null>();
  const pricesOf = (model: string): ApiPriceList | null => {
    const known = cache.get(model);
    if (known !== undefined) return known;
    const found = findApiPrices({ provider: cost.provider, url: engine.url, model });
    const oldest = cache.size >= MAX_CACHED_MODELS ? cache.keys().next().value : undefined;
    if (oldest !== undefined) cache.delete(oldest);
    cache.set(model, found);
    return found;
  };
  return (facts) => {
    const prices = pricesOf(facts.modelServed);
    if (prices === null) return { ...UNKNOWN, kind: 'api' };
    const bill = apiCost(prices.at(facts.startedAtMs), facts.tokens);
    const basis =
      facts.usageSource === 'estimated' ? weakestBasis([bill.basis, 'estimated']) : bill.basis;
    return { kind: 'api', usageUsd: bill.usageUsd, acceleratorSeconds: null, basis };
  };
}

function timePricer(
  engine: EngineConfig,
  kind: 'rented' | 'owned',
  usdPerSecond: number,
  workers: number,
): PriceRequest {
  const roofline = engine.hardware === undefined ? null : rooflineShare(engine.hardware);
  return (facts) => {
    const reported = facts.simulation?.acceleratorSeconds;
    const seconds = reported ?? roofline?.(facts.tokens, facts.inFlight * workers) ?? null;
    if (seconds === null)
      return { kind, usageUsd: null, acceleratorSeconds: null, basis: 'unknown' };
    return {
      kind,
      usageUsd: seconds * usdPerSecond,
      acceleratorSeconds: seconds,
      basis: reported === undefined ? 'estimated' : 'modelled',
    };
  };
}

import type { EngineConfig } from '../../config/schema.ts';
import { weakestBasis, type Basis } from '../../records/basis.ts';
import { acceleratorHourUsd } from './accelerator-hour.ts';

/**
 * Room kept free when it is judged whether an engine can take more: a tenth for the unevenness of
 * arrivals, and no engine is planned beyond 90 % busy, where queues grow without bound.
 */
const SAFETY = 1.1;
const BUSY_CEILING = 0.9;

/** What one engine did for the service over the window. */
export interface EngineLoad {
  engine: EngineConfig;
  /** Requests of this service that got a reply here. */
  requests: number;
  usageUsd: number | null;
  /** Share of paid time that the engine worked, all services together. */
  busyShare: number | null;
  /** This service's part of that work, 0..1. */
  share: number;
  sampledMs: number;
}

/** Cost of one more request if the service's traffic doubled; null with what is missing. */
export interface MarginalCost {
  perRequestUsd: number | null;
  basis: Basis;
  explanation: string;
  missing: string[];
}

/** Extra money over the window and why; extraUsd null is unknown. */
interface Extra {
  extraUsd: number | null;
  basis: Basis;
  reason: string;
  missing: string[];
}

/**
 * Marginal cost of doubling = (cost of the fleet at twice the traffic - cost now) / extra requests,
 * for the same mix of requests and the same engines. Nothing for an engine with room, one more
 * replica for one without: a step, spread over the extra requests. The planner's fleet search
 * replaces this rule of one engine.
 */
export function marginalCost(loads: readonly EngineLoad[]): MarginalCost {
  const working = loads.filter((load) => load.requests > 0);
  const requests = working.reduce((sum, load) => sum + load.requests, 0);
  if (requests === 0) {
    return {
      perRequestUsd: null,
      basis: 'unknown',
      explanation: 'No request was served in this window, so there is no traffic to double.',
      missing: ['requests'],
    };
  }
  const extras = working.map(extraOf);
  const missing = extras.flatMap((extra) => extra.missing);
  const explanation = extras.map((extra) => extra.reason).join(' ');
  let extraUsd = 0;
  for (const extra of extras) {
    if (extra.extraUsd === null) {
      return { perRequestUsd: null, basis: 'unknown', explanation, missing };
    }
    extraUsd += extra.extraUsd;
  }
  const basis = weakestBasis(extras.map((extra) => extra.basis));
  return { perRequestUsd: extraUsd / requests, basis, explanation, missing };
}

function extraOf(load: EngineLoad): Extra {
  const { engine } = load;
  const at = `engines[${engine.name}]`;
  if (engine.cost === undefined) {
    return unknown(`What ${engine.name} costs is not configured.`, `${at}.cost`);
  }
  if (engine.cost.basis === 'api') return perToken(load);
  const rate = acceleratorHourUsd(engine.cost) ?? 0;
  if (load.busyShare === null) {
    return unknown(
      `How busy ${engine.name} is, is not measured, so its spare room is unknown.`,
      `busy share of ${at}`,
    );
  }
  const doubled = load.busyShare * (1 + load.share) * SAFETY;
  if (doubled < BUSY_CEILING) return roomLeft(load, doubled);
  return oneMore(load, doubled, rate);
}

function perToken(load: EngineLoad): Extra {
  if (load.usageUsd === null) {
    return unknown(
      `The price of the models at ${load.engine.name} is not known.`,
      `a price for the models of engines[${load.engine.name}] (cost.provider)`,
    );
  }
  return {
    extraUsd: load.usageUsd,
    basis: 'measured',
    reason: `${load.engine.name} bills by the token: each further request costs what one costs now.`,
    missing: [],
  };
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

function roomLeft(load: EngineLoad, doubled: number): Extra {
  return {
    extraUsd: 0,
    basis: 'modelled',
    reason:
      `${load.engine.name} is ${percent(load.busyShare ?? 0)} busy; at twice this service's traffic ` +
      `it would be ${percent(doubled)} (with a tenth for safety), under ${percent(BUSY_CEILING)}: ` +
      'the price is fixed, so more requests cost no more accelerator money.',
    missing: [],
  };
}

function oneMore(load: EngineLoad, doubled: number, rateUsdPerHour: number): Extra {
  const accelerators = load.engine.hardware?.tensorParallel ?? 1;
  const extraUsd = (accelerators * rateUsdPerHour * load.sampledMs) / 3_600_000;
  const what = accelerators === 1 ? 'one more accelerator' : `${accelerators} more accelerators`;
  return {
    extraUsd,
    basis: 'modelled',
    reason:
      `${load.engine.name} is ${percent(load.busyShare ?? 0)} busy; at twice this service's traffic ` +
      `it would need ${percent(doubled)} of its time (with a tenth for safety), so ${what} at ` +
      `$${rateUsdPerHour.toFixed(2)}/h, spread over the extra requests.`,
    missing: [],
  };
}

const unknown = (reason: string, missing: string): Extra => ({
  extraUsd: null,
  basis: 'unknown',
  reason,
  missing: [missing],
});

import type { Config, EngineConfig, ServiceConfig } from '../../config/schema.ts';
import type { ServiceLoad } from './service-load.ts';
import { simulatedConstants } from '../live/simulated-efficiency.ts';
import { planSchema, type Plan } from '../plan-file/plan-schema.ts';

/** A plan for a service as it is served now, or the fields of the configuration that it lacks. */
export type ServicePlan =
  | { kind: 'plan'; plan: Plan; engine: EngineConfig }
  | { kind: 'missing'; fields: string[] }
  /** The planner has no form for it: a public API, or engines that differ. */
  | { kind: 'other' };

/** Requests that are simulated for an answer: enough for a p99 to within its own noise, in a tenth of a second. */
const REQUESTS = 1000;

/** Replicas beyond those in use that a doubling may ask for. */
const HEADROOM = 8;

/**
 * The plan that a service's engines describe: the same accelerator, model and form, any number of replicas. Engines of one
 * route must be alike; a route with a public API costs by the token and needs no plan.
 */
export function servicePlan(
  service: ServiceConfig,
  config: Config,
  load: ServiceLoad,
): ServicePlan {
  const route = config.routes.find((one) => one.name === service.route);
  const names = new Set(route?.engines.map(({ engine }) => engine) ?? []);
  const engines = config.engines.filter(({ name }) => names.has(name));
  const [engine] = engines;
  if (engine === undefined || engines.some(({ cost }) => cost?.basis === 'api')) {
    return { kind: 'other' };
  }
  const fields = engines.flatMap((one) => [
    ...(one.hardware === undefined ? [`engines[${one.name}].hardware`] : []),
    ...(one.cost === undefined ? [`engines[${one.name}].cost`] : []),
  ]);
  if (fields.length > 0) return { kind: 'missing', fields };
  if (engines.some((one) => !isAlike(one, engine))) return { kind: 'other' };
  const plan = planFor(service, engine, engines.length, load);
  return plan === null ? { kind: 'other' } : { kind: 'plan', plan, engine };
}

function isAlike(one: EngineConfig, other: EngineConfig): boolean {
  const text = ({ hardware, cost }: EngineConfig): string => JSON.stringify([hardware, cost]);
  return text(one) === text(other);
}

function planFor(
  service: ServiceConfig,
  { hardware, cost, simulated }: EngineConfig,
  engines: number,
  load: ServiceLoad,
): Plan | null {
  if (hardware === undefined || cost === undefined || cost.basis === 'api') return null;
  const { accelerator, model, quantization, tensorParallel, count } = hardware;
  const replicas = engines * Math.max(1, Math.floor(count / tensorParallel));
  const { ttftMs, tpotMs, e2eMs } = service.slo;
  const parsed = planSchema.safeParse({
    workload: {
      model,
      requestsPerS: load.ratePerS,
      inputTokens: Math.max(1, Math.round(load.inputTokens)),
      outputTokens: Math.max(1, Math.round(load.outputTokens)),
    },
    slo: { ttftMs, tpotMs, e2eMs },
    deployment: {
      accelerator,
      quantization,
      tensorParallel,
      replicas,
      maxSequences: simulated?.maxSequences ?? 256,
      maxBatchedTokens: simulated?.maxBatchedTokens ?? 8192,
      gpuMemoryShare: simulated?.gpuMemoryShare ?? 0.9,
    },
    search: {
      accelerators: [accelerator],
      quantizations: [quantization],
      tensorParallel: [tensorParallel],
      maxSequences: [simulated?.maxSequences ?? 256],
      maxBatchedTokens: [simulated?.maxBatchedTokens ?? 8192],
      gpuMemoryShare: [simulated?.gpuMemoryShare ?? 0.9],
      maxReplicas: 2 * replicas + HEADROOM,
    },
    money: moneyOf(accelerator, cost),
    facility: cost.basis === 'owned' ? { pue: cost.pue } : {},
    simulation: { requests: REQUESTS },
    stepTimes: simulated === undefined ? [] : [simulatedTimes(hardware, simulated)],
  });
  return parsed.success ? parsed.data : null;
}

/** By how much a simulated engine's steps may differ from its settings: rounding of the roofline's smaller terms. */
const SIMULATED_ERROR_SHARE = 0.02;

/** How long its steps take is what a simulated engine is configured with, not what the named hardware would do. */
function simulatedTimes(
  { accelerator, model, quantization, tensorParallel }: NonNullable<EngineConfig['hardware']>,
  { efficiency }: NonNullable<EngineConfig['simulated']>,
): Plan['stepTimes'][number] {
  const { computeShare, bandwidthShare, stepOverheadMs } = simulatedConstants(efficiency);
  const shares = { computeShare, bandwidthShare, stepOverheadMs };
  const errorShare = SIMULATED_ERROR_SHARE;
  return { model, accelerator, quantization, tensorParallel, ...shares, errorShare };
}

function moneyOf(
  accelerator: string,
  cost: Exclude<NonNullable<EngineConfig['cost']>, { basis: 'api' }>,
): unknown {
  if (cost.basis === 'rented') {
    return { rentUsdPerHour: { [accelerator]: cost.usdPerAcceleratorHour } };
  }
  return {
    basis: 'own',
    tariffUsdPerKwh: cost.tariffUsdPerKwh,
    own: {
      [accelerator]: {
        capexUsdPerAccelerator: cost.capexUsdPerAccelerator,
        lifeYears: cost.lifeYears,
        ratePercent: cost.ratePercent,
        hostingUsdPerAcceleratorHour: cost.hostingUsdPerAcceleratorHour,
      },
    },
  };
}

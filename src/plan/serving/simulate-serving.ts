import { ok, type Result } from '../../records/errors.ts';
import type { RoutingPolicy } from '../../serve/routing/pick-engine.ts';
import type { FleetSettings } from '../cluster/fleet-settings.ts';
import type { EngineSettings } from '../engine/create-engine.ts';
import type { PowerModel } from '../time/power.ts';
import type { StepTimeModel } from '../time/step-time.ts';
import { checkServing } from './check-serving.ts';
import type { PipelineSettings } from './pipeline.ts';
import { runFleet } from './run-fleet.ts';
import type { ServingRequest } from './serving-request.ts';
import type { ServingResult } from './serving-result.ts';
import { summarize } from './summarize.ts';

/** One replica of a fleet: an engine on `accelerators` accelerators. */
export interface ReplicaSpec {
  engine: EngineSettings;
  time: StepTimeModel;
  /** Watts of one accelerator; null leaves energy unknown. */
  power: PowerModel | null;
  accelerators: number;
  /** Share of the traffic under `weighted`; default 1. */
  weight?: number;
  /** Stages over which its layers are spread; `accelerators` counts all of them, `time` is that of all layers. Default none. */
  pipeline?: PipelineSettings;
}

/** Bounds that a request must meet; null where there is none. Milliseconds. */
export interface ServingSlo {
  ttftMs: number | null;
  tpotMs: number | null;
  e2eMs: number | null;
}

export interface ServingOptions extends FleetSettings {
  replicas: readonly ReplicaSpec[];
  /** In order of arrival. */
  requests: readonly ServingRequest[];
  router?: RoutingPolicy;
  seed?: number;
  slo?: ServingSlo | null;
  /** Events (steps, arrivals, failures ...) after which the run stops, incomplete. Default 50 million. */
  maxEvents?: number;
  /** Skips steps whose outcome is determined; the result is the same. Default true. */
  fastPath?: boolean;
}

/**
 * Simulates a fleet under a workload: continuous batching on every replica, step times from its time model. Pure: the
 * same options give the same result, byte for byte. Cost: about 0.5 us per step and 15 ns per sequence in it.
 */
export function simulateServing(options: ServingOptions): Result<ServingResult> {
  const problem = checkServing(options);
  if (problem !== null) return { ok: false, error: problem };
  return ok(summarize(options, runFleet(options)));
}

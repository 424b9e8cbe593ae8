import { pickEngine } from '../../serve/routing/pick-engine.ts';
import { createRandom } from '../core/random.ts';
import { createEngine } from '../engine/create-engine.ts';
import { createReplica, type Replica } from './replica.ts';
import { createRequestLog, type RequestLog } from './request-log.ts';
import type { ServingOptions } from './simulate-serving.ts';

/** What happened, before it is summed up. */
export interface FleetRun {
  log: RequestLog;
  replicas: readonly Replica[];
  /** False when the bound on steps ended the run. */
  complete: boolean;
}

const MAX_STEPS = 50_000_000;

/** Runs the events of a fleet in order of time: arrivals, which are routed, and ends of steps. */
export function runFleet(options: ServingOptions): FleetRun {
  const { requests, fastPath = true, maxSteps = MAX_STEPS } = options;
  const log = createRequestLog(requests.length);
  const replicas = options.replicas.map((spec) =>
    createReplica({ ...spec, ...createEngine(spec.engine) }, log, { fastPath }),
  );
  const route = createRoute(options, replicas);
  let next = 0;
  let steps = 0;
  for (;;) {
    const arrivalS = requests[next]?.arrivalS ?? Number.POSITIVE_INFINITY;
    const soonest = earliest(replicas);
    if (soonest === undefined || arrivalS <= soonest.endS) {
      const request = requests[next];
      if (request === undefined) return { log, replicas, complete: true };
      log.arrivedS[next] = arrivalS;
      log.outputTokens[next] = request.outputTokens;
      route()?.submit(next, request, arrivalS);
      next += 1;
      continue;
    }
    // Replicas act on one another only through arrivals, so the next arrival is all that counts.
    soonest.advance(arrivalS);
    steps += 1;
    if (steps >= maxSteps) return { log, replicas, complete: false };
  }
}

/** The replica whose step ends first; undefined when none runs. */
function earliest(replicas: readonly Replica[]): Replica | undefined {
  let first: Replica | undefined;
  let firstS = Number.POSITIVE_INFINITY;
  for (const replica of replicas) {
    const { endS } = replica;
    if (endS >= firstS) continue;
    first = replica;
    firstS = endS;
  }
  return first;
}

function createRoute(
  { replicas: specs, router = 'least-outstanding', seed = 1 }: ServingOptions,
  replicas: readonly Replica[],
): () => Replica | undefined {
  const random = createRandom(seed);
  if (replicas.length === 1) return () => replicas[0];
  const candidates = specs.map((spec, i) => ({
    engine: String(i),
    weight: spec.weight ?? 1,
    outstanding: 0,
    healthShare: 1,
  }));
  return () => {
    for (const [i, candidate] of candidates.entries()) {
      candidate.outstanding = replicas[i]?.outstanding() ?? 0;
    }
    const picked = pickEngine(router, candidates, () => random.uniform());
    return picked === null ? undefined : replicas[Number(picked.engine)];
  };
}

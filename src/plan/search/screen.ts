import { findAccelerator } from '../../catalog/accelerators.ts';
import type { Plan } from '../plan-file/plan-schema.ts';
import { acceleratorsOf, type Candidate } from './candidate.ts';
import { candidateBounds, type CandidateBounds } from './candidate-bounds.ts';
import { peakKw } from './candidate-price.ts';
import { targetsOf } from './constraints.ts';
import { objectiveLowest } from './objective.ts';
import { replicaModel, type ReplicaModel } from './replica-model.ts';
import type { Workload } from './workload-requests.ts';

/** Why a candidate was discarded without a simulation. */
export type DiscardReason = 'memory' | 'load' | 'latency' | 'power' | 'price';

/** A candidate that may be the winner, with the least that its objective can be. */
export interface Screened {
  candidate: Candidate;
  objectiveLowest: number;
}

export interface Screening {
  /** By ascending bound of the objective. */
  kept: Screened[];
  discarded: Record<DiscardReason, number>;
  /** The message of the first candidate that could not be built; what to say when none can. */
  firstProblem: string | null;
}

/** Discards what breaks a constraint whatever happens; see candidate-bounds.ts for why that is certain. */
export function screen(
  plan: Plan,
  workload: Workload,
  candidates: readonly Candidate[],
): Screening {
  const requests = workload.requests(plan.simulation.requests);
  const spanS = (requests.at(-1)?.arrivalS ?? 0) - (requests[0]?.arrivalS ?? 0);
  const secondsPerRequest = spanS / requests.length;
  const models = new Map<string, ReturnType<typeof replicaModel>>();
  const bounds = new Map<string, CandidateBounds>();
  const discarded = { memory: 0, load: 0, latency: 0, power: 0, price: 0 };
  const kept: Screened[] = [];
  let firstProblem: string | null = null;
  for (const candidate of candidates) {
    const key = engineKey(candidate);
    const model = models.get(key) ?? replicaModel(plan, candidate, workload.model);
    models.set(key, model);
    if (!model.ok) {
      firstProblem ??= model.error.message;
      discarded.memory += 1;
      continue;
    }
    const one =
      bounds.get(key) ?? candidateBounds(candidate, model.value, requests, workload.ratePerS);
    bounds.set(key, one);
    const reason = discardReason(plan, candidate, model.value, one);
    if (reason !== null) {
      discarded[reason] += 1;
      continue;
    }
    const lowest = objectiveLowest(plan, candidate, model.value, one, secondsPerRequest);
    if (lowest === Number.POSITIVE_INFINITY || isTooDear(plan, lowest)) discarded.price += 1;
    else kept.push({ candidate, objectiveLowest: lowest });
  }
  kept.sort((a, b) => a.objectiveLowest - b.objectiveLowest);
  return { kept, discarded, firstProblem };
}

/** Candidates that differ only in their number of replicas and routing share models and bounds. */
const engineKey = (c: Candidate): string =>
  [
    c.accelerator,
    c.quantization,
    c.tensorParallel,
    c.maxSequences,
    c.maxBatchedTokens,
    c.gpuMemoryShare,
  ].join(' ');

function discardReason(
  plan: Plan,
  candidate: Candidate,
  model: ReplicaModel,
  bounds: CandidateBounds,
): DiscardReason | null {
  if (!bounds.fits) return 'memory';
  if (bounds.loadLowest / candidate.replicas > 1) return 'load';
  const isOutOfReach = targetsOf(plan).some(
    ({ metric, percentile, limitMs }) => bounds.best[metric][percentile] > limitMs,
  );
  if (isOutOfReach) return 'latency';
  return isTooPowerful(plan, candidate, model) ? 'power' : null;
}

function isTooPowerful(
  { limits }: Plan,
  candidate: Candidate,
  { hardware }: ReplicaModel,
): boolean {
  const accelerator = findAccelerator(hardware.accelerator.id);
  const peak = accelerator === null ? null : peakKw(accelerator);
  if (peak === null) return limits.kwPerNode !== undefined || limits.siteKw !== undefined;
  const replicaKw = peak * candidate.tensorParallel;
  return (
    replicaKw > (limits.kwPerNode ?? Number.POSITIVE_INFINITY) ||
    replicaKw > (limits.kwPerRack ?? Number.POSITIVE_INFINITY) ||
    peak * acceleratorsOf(candidate) > (limits.siteKw ?? Number.POSITIVE_INFINITY)
  );
}

const isTooDear = (plan: Plan, lowest: number): boolean =>
  plan.objective === 'cost' && lowest > (plan.limits.usdPerHour ?? Number.POSITIVE_INFINITY);

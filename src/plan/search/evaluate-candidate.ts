import { ok, type Result } from '../../records/errors.ts';
import { siteFactors } from '../facility/site-factors.ts';
import { hourlyUsd } from '../money/linear-cost.ts';
import type { Plan } from '../plan-file/plan-schema.ts';
import type { ServingResult } from '../serving/serving-result.ts';
import { simulateServing } from '../serving/simulate-serving.ts';
import { acceleratorsOf, type Candidate } from './candidate.ts';
import { hostKw, peakKw, priceOf } from './candidate-price.ts';
import { constraintReadings, judge } from './constraints.ts';
import type { Evaluation } from './evaluation.ts';
import { replicaModel, slowed, type ReplicaModel } from './replica-model.ts';
import type { Workload } from './workload-requests.ts';

/**
 * Simulates one candidate under the first `requests` requests of a workload, prices it and judges it
 * against the plan's hard constraints. `slowdown` multiplies every step time: the ends of the model's interval.
 * Fails when the candidate cannot be built.
 */
export function evaluateCandidate(
  plan: Plan,
  workload: Workload,
  candidate: Candidate,
  requests: number,
  slowdown = 1,
): Result<Evaluation> {
  const model = replicaModel(plan, candidate, workload.model);
  if (!model.ok) return model;
  const factors = siteFactors(plan.facility);
  const price = priceOf(plan, candidate.accelerator, factors.pue);
  if (!price.ok) return price;
  const spec = slowdown === 1 ? model.value.spec : slowed(model.value.spec, slowdown);
  const simulated = simulateServing({
    replicas: Array.from({ length: candidate.replicas }, () => spec),
    requests: workload.requests(requests),
    router: candidate.routing,
    seed: plan.simulation.seed,
  });
  if (!simulated.ok) return simulated;
  const result = simulated.value;
  const accelerators = acceleratorsOf(candidate);
  const usdPerHour = accelerators * hourlyUsd(price.value, busyShare(result));
  const measured = {
    candidate,
    requests,
    accelerators,
    usdPerHour,
    priceSource: price.value.source,
    ttftMs: result.ttftMs,
    tpotMs: result.tpotMs,
    e2eMs: result.e2eMs,
    utilization: result.utilization,
    meanRunning: result.batch.meanRunning,
    kvShareMean: result.batch.kvShareMean,
    preemptions: result.preemptions,
    prefixHitShare: result.prefixHitShare,
    provenance: result.provenance,
    stepFactors: { low: model.value.time.lowFactor, high: model.value.time.highFactor },
    ...powerOf(model.value, candidate, result, factors),
  };
  const readings = constraintReadings(plan, measured);
  const lost = result.requests.refused + result.requests.unfinished;
  if (lost > 0 || !result.complete) {
    readings.push({
      field: 'requests lost',
      value: lost,
      limit: 0,
      over: Number.POSITIVE_INFINITY,
    });
  }
  return ok({ ...measured, ...judge(readings) });
}

const busyShare = ({ utilization }: ServingResult): number => Math.min(1, 1 - utilization.idle);

function powerOf(
  { hardware }: ReplicaModel,
  candidate: Candidate,
  result: ServingResult,
  factors: { pue: number; gPerKwh: number | null },
): Pick<
  Evaluation,
  'replicaKw' | 'fleetKw' | 'meanFacilityKw' | 'whPerRequest' | 'carbonKgPerHour'
> {
  const peak = peakKw(hardware.accelerator);
  const host = hostKw(hardware.accelerator);
  const accelerators = acceleratorsOf(candidate);
  const hours = result.spanS / 3600;
  const { energy } = result;
  const meanItKw =
    energy === null || host === null || hours === 0
      ? null
      : energy.totalWh / 1000 / hours + host * accelerators;
  const meanFacilityKw = meanItKw === null ? null : meanItKw * factors.pue;
  const finished = result.requests.finished;
  return {
    replicaKw: peak === null ? null : peak * candidate.tensorParallel,
    fleetKw: peak === null ? null : peak * accelerators,
    meanFacilityKw,
    whPerRequest:
      meanFacilityKw === null || finished === 0 ? null : (meanFacilityKw * hours * 1000) / finished,
    carbonKgPerHour:
      meanFacilityKw === null || factors.gPerKwh === null
        ? null
        : (meanFacilityKw * factors.gPerKwh) / 1000,
  };
}

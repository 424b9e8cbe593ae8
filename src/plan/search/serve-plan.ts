import { fail, ok, type Result } from '../../records/errors.ts';
import { siteFactors, type SourcedFactors } from '../facility/site-factors.ts';
import type { UnitCosts } from '../money/unit-cost.ts';
import type { Plan } from '../plan-file/plan-schema.ts';
import type { Estimate } from '../serving/serving-result.ts';
import { KV_BLOCK_TOKENS } from '../time/footprint.ts';
import { candidateOf, type Candidate } from './candidate.ts';
import { evaluateCandidate } from './evaluate-candidate.ts';
import type { Evaluation } from './evaluation.ts';
import { fittedOpinion, type FittedOpinion } from './fitted-opinion.ts';
import { loadStepTimes } from './load-step-times.ts';
import { payingForms, type PayingForms } from './paying-forms.ts';
import { prefixReuse, type PrefixReuse } from './prefix-reuse.ts';
import { replicaModel, type ReplicaModel } from './replica-model.ts';
import { saturationPerS } from './saturation.ts';
import { meanTokens, unitCostsOf } from './unit-costs-of.ts';
import type { Workload } from './workload-requests.ts';

/** A latency percentile with all that is not known about it. Milliseconds; null is unknown. */
export interface PredictedLatency {
  value: number | null;
  /** Span over the interval of the step times and that of the samples. */
  lowest: number | null;
  highest: number | null;
}

/** One deployment under the plan's workload: latency, cost, utilization, energy, and how sure that is. */
export interface ServePlan {
  ratePerS: number;
  evaluation: Evaluation;
  /** How far step times may be off, as a share. */
  modelErrorShare: number;
  latency: Record<'ttftMs' | 'tpotMs' | 'e2eMs', Record<'p50' | 'p95' | 'p99', PredictedLatency>>;
  /** Null without traffic. */
  units: UnitCosts | null;
  /** The rate beyond which its queue only grows; null when the workload does not run. */
  saturationPerS: number | null;
  /** What a fit to published runs says; null where it cannot describe the replica. */
  fitted: FittedOpinion | null;
  kvTokens: number;
  /** What prompts that begin alike save; null where the workload says nothing of their texts. */
  prefix: PrefixReuse | null;
  /** Rent, own and API; null when the capacity is unknown. */
  paying: PayingForms | null;
  factors: SourcedFactors;
  /** Where the prediction leaves what its models were checked on, in words. */
  notes: string[];
}

/** Predicts the deployment of a plan. TR_PLAN_INVALID names what is missing or cannot be built. */
export async function planServe(plan: Plan, workload: Workload): Promise<Result<ServePlan>> {
  if (plan.deployment === undefined) {
    return fail(
      'TR_PLAN_INVALID',
      'deployment: is missing: say on which accelerator, or let `tailrace plan search` choose',
      { field: 'deployment' },
    );
  }
  const candidate = candidateOf(plan.deployment);
  await loadStepTimes(plan, workload.model, [candidate]);
  return predictCandidate(plan, workload, candidate);
}

/** Predicts one candidate three times: at its step times, and at both ends of their interval. */
async function predictCandidate(
  plan: Plan,
  workload: Workload,
  candidate: Candidate,
): Promise<Result<ServePlan>> {
  const { requests } = plan.simulation;
  const model = replicaModel(plan, candidate, workload.model);
  if (!model.ok) return model;
  const longest = longestOf(workload, requests);
  const most = Math.min(model.value.spec.engine.maxContext, model.value.kvBlocks * KV_BLOCK_TOKENS);
  if (longest > most) return tooLong(longest, most);
  const middle = evaluateCandidate(plan, workload, candidate, requests);
  if (!middle.ok) return middle;
  const { lowFactor, highFactor } = model.value.time;
  const fast = evaluateCandidate(plan, workload, candidate, requests, lowFactor);
  const slow = evaluateCandidate(plan, workload, candidate, requests, highFactor);
  if (!fast.ok) return fast;
  if (!slow.ok) return slow;
  const tokens = meanTokens(workload, requests);
  const capacity = saturationPerS(model.value, candidate, workload);
  return ok({
    ratePerS: workload.ratePerS,
    evaluation: middle.value,
    modelErrorShare: Math.max(1 - lowFactor, highFactor - 1),
    latency: latencyOf(middle.value, fast.value, slow.value),
    units: unitCostsOf(
      model.value.spec.time,
      middle.value,
      middle.value.usdPerHour,
      workload.ratePerS,
      tokens,
    ),
    saturationPerS: capacity,
    fitted: await fittedOpinion(model.value, middle.value, tokens),
    kvTokens: model.value.kvBlocks * KV_BLOCK_TOKENS,
    prefix: prefixReuse(plan, model.value, workload, middle.value),
    paying: capacity === null ? null : payingForms(plan, candidate, capacity, tokens),
    factors: siteFactors(plan.facility),
    notes: notesOf(model.value, middle.value, slow.value, workload.ratePerS, capacity),
  });
}

const tooLong = (longest: number, most: number): Result<never> =>
  fail(
    'TR_PLAN_INVALID',
    `workload: a request of ${longest} tokens does not fit: context and KV cache of a replica hold ${most}; ` +
      'shorten inputTokens or outputTokens, or raise deployment.tensorParallel',
    { field: 'workload.inputTokens' },
  );

const longestOf = (workload: Workload, count: number): number =>
  workload
    .requests(count)
    .reduce((longest, one) => Math.max(longest, one.promptTokens + one.outputTokens), 0);

function latencyOf(middle: Evaluation, fast: Evaluation, slow: Evaluation): ServePlan['latency'] {
  const one = (
    metric: 'ttftMs' | 'tpotMs' | 'e2eMs',
    percentile: 'p50' | 'p95' | 'p99',
  ): PredictedLatency => {
    const estimates = [fast, middle, slow].map((run) => run[metric][percentile]);
    const known = (pick: (one: Estimate) => number | null): number[] =>
      estimates.flatMap((one) => pick(one) ?? one.value ?? []);
    const lows = known((one) => one.lowest);
    const highs = known((one) => one.highest);
    return {
      value: middle[metric][percentile].value,
      lowest: lows.length === 0 ? null : Math.min(...lows),
      highest: highs.length === 0 ? null : Math.max(...highs),
    };
  };
  const all = (metric: 'ttftMs' | 'tpotMs' | 'e2eMs') => ({
    p50: one(metric, 'p50'),
    p95: one(metric, 'p95'),
    p99: one(metric, 'p99'),
  });
  return { ttftMs: all('ttftMs'), tpotMs: all('tpotMs'), e2eMs: all('e2eMs') };
}

/** From here on small errors in step times move the tail by much. */
const NEAR_SATURATION = 0.9;

function notesOf(
  { hardware }: ReplicaModel,
  middle: Evaluation,
  slow: Evaluation,
  ratePerS: number,
  capacityPerS: number | null,
): string[] {
  const notes: string[] = [];
  if (middle.provenance.includes('roofline')) {
    notes.push(
      `Extrapolated: no measured step times of ${hardware.model.name} on ${hardware.accelerator.name} are at hand, ` +
        'so they follow from published peak figures (roofline).',
    );
  }
  if (middle.provenance.includes('measured-table')) {
    notes.push(
      'Step times are sums of measured operators; host work beside them and this engine as a whole were not measured.',
    );
  }
  if (middle.provenance.includes('fitted')) {
    notes.push(
      'Step times are fitted to runs of engines; the HTTP server, tokenizing and the client are not in them.',
    );
  }
  if (capacityPerS !== null && ratePerS > capacityPerS) {
    notes.push(
      `Overloaded: ${ratePerS} requests a second arrive and at most ${capacityPerS.toFixed(1)} can leave, ` +
        'so the queue grows as long as this lasts; latencies are those of the simulated time only.',
    );
  } else if (capacityPerS !== null && ratePerS > NEAR_SATURATION * capacityPerS) {
    notes.push('Near saturation: a small error in step times moves the tail by much.');
  }
  if (middle.violations.length === 0 && slow.violations.length > 0) {
    const [first] = slow.violations;
    notes.push(`At the slow end of the interval ${first?.field ?? 'a constraint'} is broken.`);
  }
  return notes;
}

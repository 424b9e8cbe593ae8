import type { ServingRequest } from '../serving/serving-request.ts';
import { reusableTokens } from '../workload/reusable-tokens.ts';
import { quantile } from '../load/quantiles.ts';
import { KV_BLOCK_TOKENS } from '../time/footprint.ts';
import { causalPairs, noWork, type StepTimeModel, type StepWork } from '../time/step-time.ts';
import type { Candidate } from './candidate.ts';
import type { ReplicaModel } from './replica-model.ts';

/** p95 and p99 of the best case of one latency over the requests, milliseconds; 0 where none has it. */
export interface BestCase {
  p95: number;
  p99: number;
}

/**
 * What no schedule can beat, from the step-time model alone. Each bound needs only that a step of more work does not
 * take less time (property tests check that of the models, and the bounds against simulated runs):
 *
 * - `fits`: every request, alone, within the KV cache and the context. One that does not is refused.
 * - best cases, request by request: what no prefix cache has of its prompt takes at least the steps of that alone, each later token at
 *   least one step of one decode with the prompt as context. What is less at each request is less at each percentile.
 * - `loadLowest`, of one replica: a step holds at most the budget of tokens and at most the places (or what KV holds)
 *   of decodes, so a token costs at least the least of t(n) / n over the n that fit. Rate x least engine time per
 *   request is the load; by Little's law a queue at load above 1 grows without bound, and no percentile of it exists.
 */
export interface CandidateBounds {
  fits: boolean;
  best: { ttftMs: BestCase; tpotMs: BestCase; e2eMs: BestCase };
  loadLowest: number;
}

const EMPTY: StepWork = Object.freeze(noWork());

export function candidateBounds(
  candidate: Candidate,
  { spec, kvBlocks }: ReplicaModel,
  requests: readonly ServingRequest[],
  ratePerS: number,
): CandidateBounds {
  const most = Math.min(spec.engine.maxContext, kvBlocks * KV_BLOCK_TOKENS);
  const fits = requests.every((one) => one.promptTokens + one.outputTokens <= most);
  if (!fits) return { fits, best: { ttftMs: NEVER, tpotMs: NEVER, e2eMs: NEVER }, loadLowest: 0 };
  const reusable = reusableTokens(requests);
  const budget = candidate.maxBatchedTokens;
  const remembered = new Map<number, (tokens: number) => number>();
  const prompt = (tokens: number, i: number): number => {
    const found = reusable[i] ?? 0;
    const timed =
      remembered.get(found) ?? remember((all) => promptTime(spec.time, budget, all, found));
    remembered.set(found, timed);
    return timed(tokens);
  };
  const decode = remember((context) => decodeTime(spec.time, 1, context));
  const sure = certainty(spec.time);
  const ttftMs = requests.map((one, i) => sure * prompt(one.promptTokens, i));
  const tpotMs = requests.flatMap((one) =>
    one.outputTokens > 1 ? [sure * decode(one.promptTokens)] : [],
  );
  const e2eMs = requests.map(
    (one, i) =>
      sure *
      (prompt(one.promptTokens, i) + Math.max(0, one.outputTokens - 1) * decode(one.promptTokens)),
  );
  const engineMs = leastEngineMs(candidate, spec.time, kvBlocks, requests, reusable);
  return {
    fits,
    best: { ttftMs: bestCase(ttftMs), tpotMs: bestCase(tpotMs), e2eMs: bestCase(e2eMs) },
    loadLowest: (ratePerS * sure * engineMs) / 1000,
  };
}

/**
 * Measured times are not quite monotone (repeats of an operator differ by a few percent), so bounds from them keep a
 * tenth back.
 */
const certainty = ({ provenance }: StepTimeModel): number => (provenance === 'roofline' ? 1 : 0.9);

const NEVER: BestCase = { p95: Number.POSITIVE_INFINITY, p99: Number.POSITIVE_INFINITY };

function bestCase(valuesMs: number[]): BestCase {
  const sorted = valuesMs.toSorted((a, b) => a - b);
  return { p95: quantile(sorted, 0.95) ?? 0, p99: quantile(sorted, 0.99) ?? 0 };
}

/** Requests of equal size are computed once. */
function remember(compute: (tokens: number) => number): (tokens: number) => number {
  const known = new Map<number, number>();
  return (tokens) => {
    const value = known.get(tokens) ?? compute(tokens);
    known.set(tokens, value);
    return value;
  };
}

/** Duration of a prompt after its first `found` tokens, alone in an engine; whole steps of the budget come first. */
function promptTime(time: StepTimeModel, budget: number, tokens: number, found: number): number {
  let totalMs = 0;
  for (let done = found; done < tokens; done += budget) {
    const chunk = Math.min(budget, tokens - done);
    totalMs += time.stepTime({
      ...EMPTY,
      prefillTokens: chunk,
      prefillSequences: 1,
      prefillPairs: causalPairs(chunk, done),
      prefillContextTokens: done + chunk,
      sampledTokens: done + chunk === tokens ? 1 : 0,
    }).totalMs;
  }
  return totalMs;
}

const decodeTime = (time: StepTimeModel, sequences: number, contextTokens: number): number =>
  time.stepTime({
    ...EMPTY,
    decodeTokens: sequences,
    decodeContextTokens: sequences * contextTokens,
    decodeLongestTokens: contextTokens,
    sampledTokens: sequences,
  }).totalMs;

/** Mean engine milliseconds that a request takes at the very least, whoever shares its steps. */
function leastEngineMs(
  candidate: Candidate,
  time: StepTimeModel,
  kvBlocks: number,
  requests: readonly ServingRequest[],
  reusable: readonly number[],
): number {
  const shortest = requests.reduce(
    (least, one) => Math.min(least, one.promptTokens),
    Number.POSITIVE_INFINITY,
  );
  const blocks = Math.ceil((shortest + 1) / KV_BLOCK_TOKENS);
  const { maxSequences, maxBatchedTokens } = candidate;
  const places = Math.max(
    1,
    Math.min(maxSequences, maxBatchedTokens, Math.floor(kvBlocks / blocks)),
  );
  const decodeMs = leastPerToken(places, (n) => decodeTime(time, n, shortest));
  const prefillMs = leastPerToken(
    maxBatchedTokens,
    (n) => time.stepTime({ ...EMPTY, prefillTokens: n, prefillSequences: 1 }).totalMs,
  );
  const count = requests.length;
  const decodes = requests.reduce((sum, one) => sum + Math.max(0, one.outputTokens - 1), 0);
  const prompts = requests.reduce((sum, one, i) => sum + one.promptTokens - (reusable[i] ?? 0), 0);
  // Prompts and decodes may share steps, so the larger of the two bounds holds, not their sum.
  return Math.max(decodes * decodeMs, prompts * prefillMs) / count;
}

const GROWTH = 1.05;

/** A lower bound of t(n) / n over n = 1..most: between grid points t is at least that of the lower one. */
function leastPerToken(most: number, timeMs: (n: number) => number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let n = 1; n <= most;) {
    const next = Math.max(n + 1, Math.floor(n * GROWTH));
    const upTo = Math.min(most, next - 1);
    least = Math.min(least, timeMs(n) / upTo);
    n = next;
  }
  return least;
}

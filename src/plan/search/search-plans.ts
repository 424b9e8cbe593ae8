import { TailraceError } from '../../records/errors.ts';
import type { Plan } from '../plan-file/plan-schema.ts';
import { candidatesOf, keyOf, type Candidate } from './candidate.ts';
import { isFeasible, type Evaluation } from './evaluation.ts';
import { compareEvaluations, objectiveOf } from './objective.ts';
import { isLost, rungsOf } from './rungs.ts';
import { screen, type DiscardReason, type Screened } from './screen.ts';
import { loadStepTimes } from './load-step-times.ts';
import type { Workload } from './workload-requests.ts';

export interface SearchTask {
  candidate: Candidate;
  requests: number;
}

/** Simulates candidates, in the order given; null where one cannot be simulated. */
export type Evaluate = (tasks: readonly SearchTask[]) => Promise<Array<Evaluation | null>>;

export interface SearchProgress {
  /** Candidates of which nothing more is to be learnt, of all. */
  settled: number;
  total: number;
  simulated: number;
}

export interface SearchOptions {
  plan: Plan;
  workload: Workload;
  evaluate: Evaluate;
  /** Plans beside the best, each on other hardware. Default 4. */
  runnerUps?: number;
  onProgress?: (progress: SearchProgress) => void;
  signal?: AbortSignal;
}

export interface SearchOutcome {
  /** Null when no candidate meets every constraint. */
  best: Evaluation | null;
  runnerUps: Evaluation[];
  /** Simulated and found to break a constraint; the closest first. Some stopped early, see `requests`. */
  failed: Evaluation[];
  /** Simulated in full and feasible, best first. */
  feasible: Evaluation[];
  /** Not simulated because a bound shows that they cannot win; they are what the front is looked for in. */
  unseen: Screened[];
  counts: {
    candidates: number;
    discarded: Record<DiscardReason, number>;
    /** Candidates simulated at all, and all simulated requests. */
    simulated: number;
    simulatedRequests: number;
    /** Left out because their bound is above what was found already. */
    bounded: number;
  };
  firstProblem: string | null;
}

/** Candidates that are simulated together; fixed, so that the result does not depend on the cores. */
const BATCH = 16;

interface State {
  feasible: Evaluation[];
  failed: Evaluation[];
  unseen: Screened[];
  simulated: number;
  simulatedRequests: number;
}

/**
 * Finds the candidate with the least objective that meets every hard constraint, with proof by bounds: candidates are
 * taken by ascending bound of their objective, and once the next bound is above the best that was
 * found, nothing behind it can win. Those that are taken are simulated on the same requests (common random
 * numbers) for as long as they may still meet the percentiles (successive halving, see rungs.ts). The result equals
 * that of simulating every candidate in full. Throws TR_PLAN_CANCELLED when `signal` aborts.
 */
export async function searchPlans(options: SearchOptions): Promise<SearchOutcome> {
  const { plan, workload, runnerUps = 4, signal } = options;
  const candidates = candidatesOf(plan);
  await loadStepTimes(plan, workload.model, candidates);
  const { kept, discarded, firstProblem } = screen(plan, workload, candidates);
  const state: State = { feasible: [], failed: [], unseen: [], simulated: 0, simulatedRequests: 0 };
  let next = 0;
  while (next < kept.length) {
    if (signal?.aborted === true) throw cancelled();
    const batch: Screened[] = [];
    for (; next < kept.length && batch.length < BATCH; next += 1) {
      const one = kept[next];
      if (one === undefined) break;
      // Whoever asks for one plan only gains nothing from dearer ones: equals alone go together.
      const first = batch[0] ?? one;
      if (runnerUps === 0 && one.objectiveLowest > first.objectiveLowest) break;
      if (mayMatter(plan, state, one, runnerUps)) batch.push(one);
      else state.unseen.push(one);
    }
    await simulateBatch(options, state, batch);
    const settled = candidates.length - kept.length + next;
    options.onProgress?.({ settled, total: candidates.length, simulated: state.simulated });
  }
  const feasible = state.feasible.toSorted(compareEvaluations(plan));
  return {
    best: feasible[0] ?? null,
    runnerUps: onOtherHardware(feasible).slice(0, runnerUps),
    failed: state.failed.toSorted(byCloseness),
    feasible,
    unseen: state.unseen,
    counts: {
      candidates: candidates.length,
      discarded,
      simulated: state.simulated,
      simulatedRequests: state.simulatedRequests,
      bounded: state.unseen.length,
    },
    firstProblem,
  };
}

/** A candidate can still be the best plan, or the best of its hardware among the runner-ups. */
function mayMatter(plan: Plan, state: State, one: Screened, runnerUps: number): boolean {
  const objective = (evaluation: Evaluation): number => objectiveOf(plan, evaluation);
  const hardware = hardwareOf(one.candidate);
  const same = state.feasible.filter(({ candidate }) => hardwareOf(candidate) === hardware);
  if (same.some((found) => objective(found) < one.objectiveLowest)) return false;
  const bests = [...bestByHardware(plan, state.feasible).values()].toSorted((a, b) => a - b);
  const last = bests[runnerUps];
  return last === undefined || one.objectiveLowest <= last;
}

function bestByHardware(plan: Plan, feasible: readonly Evaluation[]): Map<string, number> {
  const best = new Map<string, number>();
  for (const evaluation of feasible) {
    const hardware = hardwareOf(evaluation.candidate);
    const value = objectiveOf(plan, evaluation);
    best.set(hardware, Math.min(value, best.get(hardware) ?? Number.POSITIVE_INFINITY));
  }
  return best;
}

async function simulateBatch(
  { plan, evaluate, signal }: SearchOptions,
  state: State,
  batch: readonly Screened[],
): Promise<void> {
  let alive = batch.map(({ candidate }) => candidate);
  state.simulated += alive.length;
  const rungs = rungsOf(plan);
  for (const requests of rungs) {
    if (alive.length === 0) return;
    if (signal?.aborted === true) throw cancelled();
    const evaluations = await evaluate(alive.map((candidate) => ({ candidate, requests })));
    state.simulatedRequests += requests * alive.length;
    const isLast = requests === rungs.at(-1);
    const next: Candidate[] = [];
    for (const evaluation of evaluations) {
      if (evaluation === null) continue;
      if (isLast) (isFeasible(evaluation) ? state.feasible : state.failed).push(evaluation);
      else if (isLost(plan, evaluation)) state.failed.push(evaluation);
      else next.push(evaluation.candidate);
    }
    alive = next;
  }
}

/** What is bought, whatever its number and settings. */
export const hardwareOf = (c: Candidate): string =>
  `${c.accelerator} ${c.quantization} tp${c.tensorParallel}`;

/** The best of each hardware but the first's own, in order. */
function onOtherHardware(sorted: readonly Evaluation[]): Evaluation[] {
  const seen = new Set<string>();
  return sorted.filter(({ candidate }) => {
    const hardware = hardwareOf(candidate);
    const isNew = !seen.has(hardware);
    seen.add(hardware);
    return isNew && seen.size > 1;
  });
}

const byCloseness = (a: Evaluation, b: Evaluation): number =>
  (a.tightest?.over ?? 0) - (b.tightest?.over ?? 0) ||
  keyOf(a.candidate).localeCompare(keyOf(b.candidate));

const cancelled = (): TailraceError =>
  new TailraceError('TR_PLAN_CANCELLED', 'the search was cancelled');

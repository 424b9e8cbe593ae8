import type { Plan } from '../plan-file/plan-schema.ts';
import { shapeOf } from './candidate.ts';
import { isFeasible, type Evaluation, type Violation } from './evaluation.ts';
import { objectiveOf } from './objective.ts';
import type { Evaluate, SearchOutcome } from './search-plans.ts';

/** A plan that would win if one constraint were relaxed: the next best change. */
export interface NextChange {
  evaluation: Evaluation;
  /** What stands in the way, with the value that it would have to allow. */
  constraint: Violation;
  savesUsdPerHour: number;
}

/** What a search is told as. */
export interface SearchReport {
  best: Evaluation | null;
  runnerUps: Evaluation[];
  /** No member is beaten in cost, energy and tail at once by another plan that was simulated in full. */
  front: Evaluation[];
  /** The constraint with the least room at the best plan; null without constraints. */
  binds: Violation | null;
  /** Why the next cheaper plan is not the best; null when there is none. */
  cheaperFails: Evaluation | null;
  nextChange: NextChange | null;
  /** When nothing is feasible: the plan that comes closest. */
  closest: Evaluation | null;
  counts: SearchOutcome['counts'];
  /** Why candidates could not be built, in the words of the first; null when all could. */
  firstProblem: string | null;
}

/** Plans whose quick simulation is looked at for the front. */
const FRONT_SAMPLE = 64;
const FRONT_REQUESTS = 400;

/**
 * Adds to a search what people ask next. The front is looked for beyond the best: one plan for each hardware and number
 * of replicas is simulated shortly, and those that are not beaten are simulated in full.
 */
export async function searchReport(
  plan: Plan,
  outcome: SearchOutcome,
  evaluate: Evaluate,
): Promise<SearchReport> {
  const { best, failed, counts, firstProblem, runnerUps } = outcome;
  const extra = best === null ? [] : await frontCandidates(plan, outcome, evaluate);
  const cheaper = failed.filter((one) => best !== null && one.usdPerHour < best.usdPerHour);
  const close = await inFull(plan, cheaper.slice(0, CLOSE_PLANS), evaluate);
  return {
    best,
    runnerUps,
    front: frontOf(plan, [...outcome.feasible, ...extra.filter(isFeasible)]),
    binds: best?.tightest ?? null,
    cheaperFails: cheaper.toSorted((a, b) => b.usdPerHour - a.usdPerHour)[0] ?? null,
    nextChange: best === null ? null : nextChange(best, close),
    closest: best === null ? (failed[0] ?? null) : null,
    counts,
    firstProblem,
  };
}

/** Plans that fail by least, of which is asked what would make them pass. */
const CLOSE_PLANS = 6;

/** The same plans simulated to the end, where they were stopped early. */
async function inFull(
  plan: Plan,
  evaluations: readonly Evaluation[],
  evaluate: Evaluate,
): Promise<Evaluation[]> {
  const { requests } = plan.simulation;
  const short = evaluations.filter((one) => one.requests < requests);
  const full = await evaluate(short.map(({ candidate }) => ({ candidate, requests })));
  const known = evaluations.filter((one) => one.requests >= requests);
  return [...known, ...full.filter((one) => one !== null)];
}

async function frontCandidates(
  plan: Plan,
  { feasible, unseen }: SearchOutcome,
  evaluate: Evaluate,
): Promise<Evaluation[]> {
  const seen = new Set(feasible.map(({ candidate }) => shapeOf(candidate)));
  const sample = unseen
    .filter(({ candidate }) => {
      const shape = shapeOf(candidate);
      const isNew = !seen.has(shape);
      seen.add(shape);
      return isNew;
    })
    .slice(0, FRONT_SAMPLE);
  const requests = Math.min(FRONT_REQUESTS, plan.simulation.requests);
  const quick = await evaluate(sample.map(({ candidate }) => ({ candidate, requests })));
  const known = quick.flatMap((one) => (one !== null && isFeasible(one) ? [one] : []));
  const promising = frontOf(plan, [...feasible, ...known]).filter((one) => known.includes(one));
  const full = await evaluate(
    promising.map(({ candidate }) => ({ candidate, requests: plan.simulation.requests })),
  );
  return full.filter((one) => one !== null);
}

/** Cost, energy and tail of a plan; an unknown energy counts as none known to be lower. */
function objectives(plan: Plan, evaluation: Evaluation): number[] {
  const tail = objectiveOf({ ...plan, objective: 'latency' }, evaluation);
  const energy = evaluation.whPerRequest ?? Number.POSITIVE_INFINITY;
  return [evaluation.usdPerHour, energy, tail];
}

/**
 * Members that no other beats in one objective without losing in another; by cost. Of plans that buy the same,
 * the one with the shortest tail stands for all.
 */
export function frontOf(plan: Plan, evaluations: readonly Evaluation[]): Evaluation[] {
  const ofShape = new Map<string, { one: Evaluation; values: number[] }>();
  for (const one of evaluations) {
    const values = objectives(plan, one);
    const known = ofShape.get(shapeOf(one.candidate));
    const tail = values.at(-1) ?? 0;
    if (known === undefined || tail < (known.values.at(-1) ?? 0)) {
      ofShape.set(shapeOf(one.candidate), { one, values });
    }
  }
  const valued = [...ofShape.values()];
  return valued
    .filter(({ values }) => !valued.some((other) => dominates(other.values, values)))
    .map(({ one }) => one)
    .toSorted((a, b) => a.usdPerHour - b.usdPerHour);
}

const dominates = (a: readonly number[], b: readonly number[]): boolean =>
  a.every((value, i) => value <= (b[i] ?? 0)) && a.some((value, i) => value < (b[i] ?? 0));

/** A target that would have to be more than twice as loose is not a change anyone makes. */
const NEAR = 2;

/** The cheapest plan that one constraint alone stands in the way of, and the value it would need. */
function nextChange(best: Evaluation, cheaper: readonly Evaluation[]): NextChange | null {
  const single = cheaper
    .filter((one) => one.violations.length === 1 && over(one) <= NEAR)
    .toSorted((a, b) => a.usdPerHour - b.usdPerHour || over(a) - over(b));
  const [first] = single;
  const constraint = first?.violations[0];
  if (first === undefined || constraint === undefined) return null;
  return {
    evaluation: first,
    constraint,
    savesUsdPerHour: best.usdPerHour - first.usdPerHour,
  };
}

const over = (evaluation: Evaluation): number => evaluation.tightest?.over ?? 0;

import { ok, type Result } from '../../records/errors.ts';
import type { TraceRow } from '../../records/traces/trace-row.ts';
import type { UnitCosts } from '../money/unit-cost.ts';
import type { Plan } from '../plan-file/plan-schema.ts';
import type { Evaluation } from './evaluation.ts';
import { searchPlans, type Evaluate, type SearchOutcome } from './search-plans.ts';
import { replicaModel } from './replica-model.ts';
import { meanTokens, unitCostsOf, type MeanTokens } from './unit-costs-of.ts';
import { workloadOf } from './workload-of.ts';

/** The cheapest plan at one load. */
export interface LoadPoint {
  ratePerS: number;
  /** Null: no plan of the space meets the constraints at this load. */
  best: Evaluation | null;
  usdPerHour: number | null;
  averageUsdPer1000: number | null;
  /** The same by request and by token. */
  average: UnitCosts | null;
  /** The constraint that the cheapest failing plan below it breaks: why it costs this much. */
  bindsField: string | null;
}

/** What twice the traffic costs. */
export interface Doubling {
  fromPerS: number;
  toPerS: number;
  /** cost(cheapest plan for 2L) - cost(cheapest for L); null when either has no plan. */
  extraUsdPerHour: number | null;
  extraAccelerators: number | null;
  /** Extra money over the extra requests. */
  marginalUsdPer1000: number | null;
  /** The same by request and by token, split as at twice the load. */
  marginal: UnitCosts | null;
}

export interface DoublePlan {
  /** By ascending load. */
  points: LoadPoint[];
  doublings: Doubling[];
}

export interface DoubleOptions {
  plan: Plan;
  rows: readonly TraceRow[] | null;
  /** Simulates at a rate; see simulation-pool.ts. */
  at: (ratePerS: number | null) => Evaluate;
  /** Loads to plan for, requests a second; the doubling of each that is followed by its double is given. */
  rates: readonly number[];
  onProgress?: (progress: { done: number; total: number }) => void;
  signal?: AbortSignal;
}

/** Loads from a quarter of a rate to four times it, four to a doubling: `double` looks at these by default. */
export function ratesAround(ratePerS: number, perDoubling = 2): number[] {
  const steps = 4 * perDoubling;
  return Array.from({ length: steps + 1 }, (_, i) => {
    const rate = ratePerS * 2 ** ((i - 2 * perDoubling) / perDoubling);
    return Number(rate.toPrecision(6));
  });
}

/**
 * Marginal cost when traffic doubles, from the cheapest plan that meets every constraint at each load. A more
 * expensive plan for less traffic is a plan for it too only if it is searched, so costs never fall with load
 * except by what a simulation of another sample shows. TR_PLAN_INVALID as workloadOf.
 */
export async function doublePlan(options: DoubleOptions): Promise<Result<DoublePlan>> {
  const { plan, rows, at, rates, signal } = options;
  const sorted = [...new Set(rates)].toSorted((a, b) => a - b);
  const points: LoadPoint[] = [];
  // Requests are the same at every rate, so the last rate's split holds for all.
  let split: Split = () => null;
  for (const ratePerS of sorted) {
    const workload = workloadOf(plan, rows, ratePerS);
    if (!workload.ok) return workload;
    const outcome = await searchPlans({
      plan: { ...plan, objective: 'cost' },
      workload: workload.value,
      evaluate: at(ratePerS),
      runnerUps: 0,
      ...(signal === undefined ? {} : { signal }),
    });
    const tokens = meanTokens(workload.value, plan.simulation.requests);
    split = (one, usdPerHour, rate) =>
      splitCost(plan, workload.value.model, one, usdPerHour, rate, tokens);
    points.push(pointOf(ratePerS, outcome, split));
    options.onProgress?.({ done: points.length, total: sorted.length });
  }
  return ok({ points, doublings: doublingsOf(points, split) });
}

/** An hourly amount by request and token, as an evaluation uses its accelerators. */
type Split = (evaluation: Evaluation, usdPerHour: number, ratePerS: number) => UnitCosts | null;

function splitCost(
  plan: Plan,
  modelId: string,
  evaluation: Evaluation,
  usdPerHour: number,
  ratePerS: number,
  tokens: MeanTokens,
): UnitCosts | null {
  const model = replicaModel(plan, evaluation.candidate, modelId);
  if (!model.ok) return null;
  return unitCostsOf(model.value.spec.time, evaluation, usdPerHour, ratePerS, tokens);
}

function pointOf(ratePerS: number, { best, failed }: SearchOutcome, split: Split): LoadPoint {
  const usdPerHour = best?.usdPerHour ?? null;
  const cheaper = failed.find((one) => one.usdPerHour < (usdPerHour ?? Number.POSITIVE_INFINITY));
  return {
    ratePerS,
    best,
    usdPerHour,
    averageUsdPer1000: usdPerHour === null ? null : per1000(usdPerHour, ratePerS),
    average: best === null ? null : split(best, best.usdPerHour, ratePerS),
    bindsField: cheaper?.tightest?.field ?? null,
  };
}

const per1000 = (usdPerHour: number, ratePerS: number): number =>
  (usdPerHour / 3600 / ratePerS) * 1000;

/** Rates that are twice one another, to the rounding of ratesAround. */
const isDouble = (from: number, to: number): boolean => Math.abs(to / from / 2 - 1) < 1e-4;

function doublingsOf(points: readonly LoadPoint[], split: Split): Doubling[] {
  return points.flatMap((from) => {
    const to = points.find(({ ratePerS }) => isDouble(from.ratePerS, ratePerS));
    if (to === undefined) return [];
    const extraUsdPerHour =
      from.usdPerHour === null || to.usdPerHour === null ? null : to.usdPerHour - from.usdPerHour;
    const extraPerS = to.ratePerS - from.ratePerS;
    return [
      {
        fromPerS: from.ratePerS,
        toPerS: to.ratePerS,
        extraUsdPerHour,
        extraAccelerators:
          from.best === null || to.best === null
            ? null
            : to.best.accelerators - from.best.accelerators,
        marginalUsdPer1000: extraUsdPerHour === null ? null : per1000(extraUsdPerHour, extraPerS),
        marginal:
          extraUsdPerHour === null || to.best === null
            ? null
            : split(to.best, extraUsdPerHour, extraPerS),
      },
    ];
  });
}

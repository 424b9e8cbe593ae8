import { fail, ok, type Result } from '../../records/errors.ts';
import { isoDate } from '../facility/calendar.ts';
import { planFacility, type FacilityPlan } from '../facility/plan-facility.ts';
import { parsePlan } from '../plan-file/parse-plan.ts';
import type { PlanSource } from '../plan-file/parse-yaml-plan.ts';
import type { Plan } from '../plan-file/plan-schema.ts';
import { doublePlan, ratesAround, type DoublePlan } from '../search/double-plan.ts';
import { searchPlans } from '../search/search-plans.ts';
import { searchReport, type SearchReport } from '../search/search-report.ts';
import type { ServePlan } from '../search/serve-plan.ts';
import { createSimulationPool } from '../search/simulation-pool.ts';
import { workloadOf } from '../search/workload-of.ts';
import { parseTrainingPlan } from '../training/parse-training-plan.ts';
import type { TrainingReport } from '../training/training-report.ts';
import type { TrainingSetup } from '../training/training-setup.ts';

export const planKinds = ['serve', 'search', 'double', 'facility', 'train'] as const;
export type PlanKind = (typeof planKinds)[number];

/** What a job is asked: a plan as in plan.yaml (of `train`, with its `train` section), and for `double` the loads. */
export interface PlanAsk {
  kind: PlanKind;
  plan: unknown;
  rates?: readonly number[] | undefined;
}

export type PlanResult = ServePlan | SearchReport | DoublePlan | FacilityPlan | TrainingReport;

export interface RunOptions {
  wallMs: number;
  signal: AbortSignal;
  onProgress(done: number, total: number): void;
}

/**
 * Checks a plan that came over the API, as text of a file is. TR_PLAN_INVALID names the field. Files of this
 * machine are not for a caller to name, so a trace is refused.
 */
export function checkAsk({ plan, kind }: PlanAsk): Result<Plan> {
  const parsed = parsePlan({ file: 'plan', text: JSON.stringify(plan ?? {}), overrides: [] });
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  if (value.workload?.trace !== undefined) {
    return fail('TR_PLAN_INVALID', 'workload.trace: names a file; over the API give a rate', {
      field: 'workload.trace',
    });
  }
  if (kind !== 'facility' && value.workload === undefined) {
    return fail('TR_PLAN_INVALID', 'workload: is missing: give a model and a rate', {
      field: 'workload',
    });
  }
  return ok(value);
}

/** Checks a training plan that came over the API. TR_PLAN_INVALID names the field. */
export function checkTrainingAsk(ask: PlanAsk): Result<TrainingSetup> {
  return parseTrainingPlan(trainingSource(ask));
}

const trainingSource = ({ plan }: PlanAsk): PlanSource => ({
  file: 'plan',
  text: JSON.stringify(plan ?? {}),
  overrides: [],
});

/** Simulates a training run in a worker thread; the plan was checked. Rejects as the command does. */
export async function runTrainingAsk(ask: PlanAsk, { signal }: RunOptions): Promise<PlanResult> {
  const pool = createSimulationPool(null, { signal, threads: 1 });
  try {
    return await pool.train(trainingSource(ask));
  } finally {
    await pool.close();
  }
}

/** Runs a checked plan over the cores; rejects with the TailraceError that a command would print. */
export async function runAsk(
  ask: PlanAsk & { kind: Exclude<PlanKind, 'train'> },
  plan: Plan,
  options: RunOptions,
): Promise<PlanResult> {
  if (ask.kind === 'facility') return unwrap(planFacility(plan, isoDate(options.wallMs)));
  const pool = createSimulationPool({ plan, rows: null }, { signal: options.signal });
  try {
    switch (ask.kind) {
      case 'serve':
        return await pool.serve();
      case 'search': {
        const workload = unwrap(workloadOf(plan, null));
        const evaluate = pool.at(null);
        const outcome = await searchPlans({
          plan,
          workload,
          evaluate,
          signal: options.signal,
          onProgress: ({ settled, total }) => options.onProgress(settled, total),
        });
        return await searchReport(plan, outcome, evaluate);
      }
      case 'double': {
        const rates = ask.rates ?? ratesAround(plan.workload?.requestsPerS ?? 1);
        const result = await doublePlan({
          plan,
          rows: null,
          rates,
          at: (ratePerS) => pool.at(ratePerS),
          signal: options.signal,
          onProgress: ({ done, total }) => options.onProgress(done, total),
        });
        return unwrap(result);
      }
    }
  } finally {
    await pool.close();
  }
}

function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw result.error;
  return result.value;
}

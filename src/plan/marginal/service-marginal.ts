import { TailraceError } from '../../records/errors.ts';
import type { Plan } from '../plan-file/plan-schema.ts';
import { doublePlan, type DoublePlan, type LoadPoint } from '../search/double-plan.ts';
import { createSimulationPool } from '../search/simulation-pool.ts';

/** The marginal cost of a service as the answers carry it. */
export interface ServiceMarginal {
  perRequestUsd: number | null;
  basis: 'modelled' | 'unknown';
  explanation: string;
  missing: string[];
}

/**
 * Finds the cheapest fleets at the plan's rate and at twice it, in a worker thread, and says what the
 * difference is. About half a second.
 */
export async function serviceMarginal(plan: Plan): Promise<ServiceMarginal> {
  const rate = plan.workload?.requestsPerS ?? 0;
  const pool = createSimulationPool({ plan, rows: null }, { threads: 1 });
  try {
    const at = (ratePerS: number | null) => pool.at(ratePerS);
    const result = await doublePlan({ plan, rows: null, rates: [rate, 2 * rate], at });
    if (!result.ok) throw result.error;
    return marginalOf(plan, result.value);
  } finally {
    await pool.close();
  }
}

function marginalOf(plan: Plan, { points, doublings }: DoublePlan): ServiceMarginal {
  const [now, twice] = points;
  const [doubling] = doublings;
  if (now === undefined || twice === undefined || doubling === undefined) {
    throw new TailraceError('TR_INTERNAL', 'two loads give one doubling');
  }
  const explanation = words(plan, now, twice);
  if (doubling.marginalUsdPer1000 === null) {
    return {
      perRequestUsd: null,
      basis: 'unknown',
      explanation,
      missing: ['a plan that meets the targets'],
    };
  }
  const perRequestUsd = doubling.marginalUsdPer1000 / 1000;
  return { perRequestUsd, basis: 'modelled', explanation, missing: [] };
}

function words(plan: Plan, now: LoadPoint, twice: LoadPoint): string {
  const hasTarget = Object.values(plan.slo).some((target) => Object.keys(target).length > 0);
  const targets = hasTarget ? 'the targets' : 'saturation alone (no target is set)';
  const fleet = ({ best, ratePerS }: LoadPoint): string => {
    const load = `${Number(ratePerS.toPrecision(2))} requests/s`;
    if (best === null) return `at ${load} no fleet of these accelerators meets ${targets}`;
    const n = best.accelerators;
    return `${load} need ${n} ${n === 1 ? 'accelerator' : 'accelerators'} ($${best.usdPerHour.toFixed(2)}/h)`;
  };
  const how = `planned against ${targets} with step times from ${timesOf(now.best ?? twice.best)}`;
  return `${fleet(now)}; ${fleet(twice)}; ${how}.`;
}

function timesOf(best: LoadPoint['best']): string {
  if (best === null) return 'no model';
  const percent = (factor: number): number => Math.round(100 * (factor - 1));
  const { low, high } = best.stepFactors;
  return `${best.provenance.join(', ')} (${percent(low)} to +${percent(high)} %)`;
}

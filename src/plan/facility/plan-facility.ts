import { fail, ok, type Result } from '../../records/errors.ts';
import { siteUsdPerYear } from '../money/yearly-capital.ts';
import type { Plan } from '../plan-file/plan-schema.ts';
import { siteElementOf } from '../plan-file/site-element-of.ts';
import { checkSite, type SiteCheck } from './check-site.ts';
import { ordersFor, type Order } from './orders.ts';
import { siteResources, type SiteResources } from './resources.ts';
import { runOuts, type RunOut } from './run-out.ts';
import { siteFactors, type SourcedFactors } from './site-factors.ts';

const HOURS_PER_YEAR = 8760;

/** Whether a site carries its nodes, what binds first, until when, and what to order. */
export interface FacilityPlan {
  check: SiteCheck;
  /** Earliest first; empty without growth. */
  runOuts: RunOut[];
  orders: Order[];
  factors: SourcedFactors;
  /** A year at the load of the tree: an upper bound, since ratings are peaks. */
  yearly: SiteResources;
  /** Capital recovery and operation of an owned site; null when the plan does not tell its capital. */
  costUsdPerYear: number | null;
}

/** `today` is a day as `2026-11-27`. TR_PLAN_INVALID when the plan has no site. */
export function planFacility(plan: Plan, today: string): Result<FacilityPlan> {
  const { site, growth, leadWeeks } = plan.facility;
  if (site === undefined) {
    return fail(
      'TR_PLAN_INVALID',
      'facility.site: is missing: describe the power tree in a plan file, or give --feed and --nodes',
      { field: 'facility.site' },
    );
  }
  const check = checkSite(siteElementOf(site));
  const outs = growth === undefined ? [] : runOuts(check.readings, check.itKw, growth);
  const told = Object.fromEntries(
    Object.entries(leadWeeks).flatMap(([kind, weeks]) =>
      weeks === undefined ? [] : [[kind, weeks]],
    ),
  );
  const factors = siteFactors(plan.facility);
  return ok({
    check,
    runOuts: outs,
    orders: ordersFor(outs, today, told),
    factors,
    yearly: siteResources(check.itKw * HOURS_PER_YEAR, factors),
    costUsdPerYear: costOf(plan),
  });
}

function costOf({ facility }: Plan): number | null {
  const { capital } = facility;
  if (capital === undefined) return null;
  const assets = capital.assets.map(({ capexUsd, lifeYears, residualPercent }) => ({
    capexUsd,
    lifeYears,
    residualUsd: (capexUsd * residualPercent) / 100,
  }));
  const { operationUsdPerYear, ratePercent } = capital;
  return siteUsdPerYear({ assets, operationUsdPerYear, ratePercent });
}

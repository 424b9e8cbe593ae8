import { systemOf } from '../../catalog/power-systems.ts';
import { findAccelerator, type Accelerator } from '../../catalog/accelerators.ts';
import { fail, type Result } from '../../records/errors.ts';
import {
  acceleratorCost,
  type AcceleratorCost,
  type AcceleratorTerms,
} from '../money/accelerator-cost.ts';
import type { Plan } from '../plan-file/plan-schema.ts';

/**
 * IT power of one accelerator with its share of the host, kW: the published peak of the system that holds
 * it, or TDP x 1.8 where the catalog has no system (DGX A100, H100 and B200 have 1.8 to 2.0). Null
 * without a published TDP.
 */
export function peakKw(accelerator: Accelerator): number | null {
  const system = systemOf(accelerator.id);
  if (system !== null) return system.maxKw / system.accelerators;
  return accelerator.tdpW === null ? null : (accelerator.tdpW * HOST_FACTOR) / 1000;
}

const HOST_FACTOR = 1.8;

/** Power that the host adds to each accelerator, busy or not, kW; null without a published TDP. */
export function hostKw(accelerator: Accelerator): number | null {
  const peak = peakKw(accelerator);
  return peak === null || accelerator.tdpW === null
    ? null
    : Math.max(0, peak - accelerator.tdpW / 1000);
}

/** What one accelerator of the plan costs an hour over use. TR_PLAN_INVALID names the missing terms. */
export function priceOf(plan: Plan, acceleratorId: string, pue: number): Result<AcceleratorCost> {
  const { money } = plan;
  const accelerator = findAccelerator(acceleratorId);
  if (money.basis === 'rent') {
    return acceleratorCost(acceleratorId, {
      basis: 'rent',
      usdPerAcceleratorHour: entryOf(money.rentUsdPerHour, acceleratorId),
      paidWhenIdle: true,
    });
  }
  const own = entryOf(money.own, acceleratorId);
  const busyKw = accelerator === null ? null : peakKw(accelerator);
  if (own === null || accelerator === null || busyKw === null) {
    return fail(
      'TR_PLAN_INVALID',
      `money.own: has no terms for ${acceleratorId}: give capexUsdPerAccelerator, or leave it out of the search`,
      { field: 'money.own' },
    );
  }
  const idleKw = (hostKw(accelerator) ?? 0) + (accelerator.idleW ?? 0) / 1000;
  const terms: AcceleratorTerms = {
    basis: 'own',
    ...own,
    busyKw,
    idleKw,
    pue,
    tariffUsdPerKwh: money.tariffUsdPerKwh,
  };
  return acceleratorCost(acceleratorId, terms);
}

/** An entry by the catalog's id, whatever alias it was written under. */
function entryOf<T>(entries: Readonly<Record<string, T>>, id: string): T | null {
  for (const [name, value] of Object.entries(entries)) {
    if ((findAccelerator(name)?.id ?? name) === id) return value;
  }
  return null;
}

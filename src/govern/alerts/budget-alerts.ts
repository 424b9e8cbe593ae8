import type { Config } from '../../config/schema.ts';
import type { EntryOf } from '../../records/logbook-entry.ts';
import type { Alert } from './find-alerts.ts';

/** Shares of a monthly budget at which its owner is told. */
const STEPS = [0.5, 0.8, 1];

/** The first moment of the calendar month (UTC) of a time. */
export function monthStart(nowMs: number): number {
  const now = new Date(nowMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
}

/**
 * Budgets of which a step was passed this month, the highest of each. Spend is that of the whole days of the month
 * so far; a day whose cost is not known counts nothing, and the message says so. `burnRate` is the share spent.
 */
export function budgetAlerts(
  config: Config,
  days: ReadonlyArray<EntryOf<'day'>>,
  nowMs: number,
): Alert[] {
  const fromMs = monthStart(nowMs);
  return config.services.flatMap(({ name, budgetUsdPerMonth: budgetUsd }): Alert[] => {
    if (budgetUsd === undefined) return [];
    const month = days.filter((one) => one.service === name && one.fromMs >= fromMs);
    const spentUsd = month.reduce((sum, one) => sum + (one.usd ?? 0), 0);
    const unknown = month.filter((one) => one.usd === null).length;
    const passed = STEPS.findLast((step) => spentUsd >= step * budgetUsd);
    if (passed === undefined) return [];
    const rest = unknown === 0 ? '' : `; the cost of ${unknown} days is not known`;
    return [
      {
        service: name,
        objective: 'budget',
        burnRate: spentUsd / budgetUsd,
        message: `${name} spent ${passed * 100} % of its budget of $${budgetUsd} this month${rest}`,
        simulated: month.some((one) => one.simulated),
      },
    ];
  });
}

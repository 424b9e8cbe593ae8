import type { CostConfig } from '../../config/schema.ts';

/** Hours in a year of 365 days, as the capital recovery literature counts them. */
const HOURS_PER_YEAR = 8760;

/**
 * Share of a purchase that falls due each year so that it is paid back with interest over its life:
 * r (1 + r)^n / ((1 + r)^n - 1), and 1 / n when r is 0 (straight line). `rate` is a fraction a year.
 * Source: the capital recovery factor of engineering economics, as in NREL's Annual Technology Baseline
 * definitions and in IEA levelised-cost work.
 */
export function capitalRecoveryFactor(rate: number, years: number): number {
  if (rate === 0) return 1 / years;
  // expm1/log1p keep the factor exact for rates near zero, where (1 + r)^n - 1 loses its digits.
  const growth = Math.expm1(years * Math.log1p(rate));
  return (rate * (growth + 1)) / growth;
}

/**
 * What one accelerator costs per hour, busy or not, US dollars: the rent, or for an owned one
 * capital (capex x CRF / 8760) + energy (kW x PUE x tariff) + hosting. Null for a public API, which
 * has no such price.
 */
export function acceleratorHourUsd(cost: CostConfig): number | null {
  switch (cost.basis) {
    case 'api':
      return null;
    case 'rented':
      return cost.usdPerAcceleratorHour;
    case 'owned': {
      const yearly = capitalRecoveryFactor(cost.ratePercent / 100, cost.lifeYears);
      const capital = (cost.capexUsdPerAccelerator * yearly) / HOURS_PER_YEAR;
      const energy = cost.powerKwPerAccelerator * cost.pue * cost.tariffUsdPerKwh;
      return capital + energy + cost.hostingUsdPerAcceleratorHour;
    }
  }
}

import { findAccelerator } from '../../catalog/accelerators.ts';
import { typicalRental } from '../../catalog/rental.ts';
import { fail, ok, type Result } from '../../records/errors.ts';
import type { LinearCost } from './linear-cost.ts';
import { yearlyCapitalUsd } from './yearly-capital.ts';

const HOURS_PER_YEAR = 8760;

/** Accelerators by the hour. */
export interface RentTerms {
  basis: 'rent';
  /** Null: the median of the catalog's on-demand prices. */
  usdPerAcceleratorHour: number | null;
  /** False: idle hours are given back and not paid (serverless); true: paid busy or not. */
  paidWhenIdle: boolean;
}

/** Accelerators that are bought, with their share of the server around them. */
export interface OwnTerms {
  basis: 'own';
  capexUsdPerAccelerator: number;
  lifeYears: number;
  residualPercent: number;
  ratePercent: number;
  /** IT power of one accelerator with its share of the node, busy and idle. */
  busyKw: number;
  idleKw: number;
  pue: number;
  tariffUsdPerKwh: number;
  hostingUsdPerAcceleratorHour: number;
  /** People who run it: their yearly cost over the accelerators they run. */
  staffUsdPerAcceleratorYear: number;
}

export type AcceleratorTerms = RentTerms | OwnTerms;

/** What one accelerator costs per hour over use, and where the figure comes from. */
export interface AcceleratorCost extends LinearCost {
  source: string;
  /** Low and high of the price points, at full use; null when the price was given. */
  rangeUsdPerHour: { low: number; high: number } | null;
}

/** Fails with TR_PLAN_INVALID when no price is given and the catalog has none. */
export function acceleratorCost(
  acceleratorId: string,
  terms: AcceleratorTerms,
): Result<AcceleratorCost> {
  return terms.basis === 'own' ? ok(owned(terms)) : rented(acceleratorId, terms);
}

/** Capital, hosting, staff and idle power are fixed; the power above idle goes with use. */
function owned(terms: OwnTerms): AcceleratorCost {
  const capexUsd = terms.capexUsdPerAccelerator;
  const residualUsd = (capexUsd * terms.residualPercent) / 100;
  const asset = { capexUsd, lifeYears: terms.lifeYears, residualUsd };
  const yearlyUsd = yearlyCapitalUsd(asset, terms.ratePercent) + terms.staffUsdPerAcceleratorYear;
  const usdPerKwHour = terms.pue * terms.tariffUsdPerKwh;
  return {
    fixedUsdPerHour:
      yearlyUsd / HOURS_PER_YEAR + terms.idleKw * usdPerKwHour + terms.hostingUsdPerAcceleratorHour,
    useUsdPerHour: (terms.busyKw - terms.idleKw) * usdPerKwHour,
    source: 'own: capital recovery over life + power x PUE x tariff + hosting + staff, as given',
    rangeUsdPerHour: null,
  };
}

function rented(acceleratorId: string, terms: RentTerms): Result<AcceleratorCost> {
  const given = terms.usdPerAcceleratorHour;
  const id = findAccelerator(acceleratorId)?.id ?? acceleratorId;
  const typical = given === null ? typicalRental(id) : null;
  const rate = given ?? typical?.medianUsdPerHour;
  if (rate === undefined) {
    return fail(
      'TR_PLAN_INVALID',
      `money.rentUsdPerHour: the catalog has no rental price of ${acceleratorId}: ` +
        `give one, as rentUsdPerHour: { ${acceleratorId}: 2.50 }`,
      { field: 'money.rentUsdPerHour' },
    );
  }
  return ok({
    fixedUsdPerHour: terms.paidWhenIdle ? rate : 0,
    useUsdPerHour: terms.paidWhenIdle ? 0 : rate,
    source:
      typical === null
        ? 'rent: as given'
        : `rent: median of ${typical.points.length} catalog prices, ${typical.asOf}`,
    rangeUsdPerHour:
      typical === null ? null : { low: typical.lowUsdPerHour, high: typical.highUsdPerHour },
  });
}

import { z } from 'zod';
import data from './data/rental.json' with { type: 'json' };

const usd = z.number().nonnegative().nullable();

/** One observed rental price, US dollars per accelerator-hour; null where that form was not offered. */
const rentalPoint = z.strictObject({
  /** Id in the accelerator catalog, or null where it has no entry for the card. */
  accelerator: z.string().nullable(),
  name: z.string(),
  provider: z.string(),
  region: z.string().nullable(),
  count: z.int().positive(),
  usdPerAcceleratorHour: usd,
  spotUsdPerAcceleratorHour: usd,
  source: z.string(),
});
export type RentalPoint = Readonly<z.infer<typeof rentalPoint>>;

const all: readonly RentalPoint[] = Object.freeze(z.array(rentalPoint).parse(data.points));

/** Observed on-demand rates of one accelerator: their range, median and the points behind them. */
export interface TypicalRental {
  lowUsdPerHour: number;
  medianUsdPerHour: number;
  highUsdPerHour: number;
  asOf: string;
  points: readonly RentalPoint[];
}

/** Every price point of the catalog. */
export const rentalPoints = (): readonly RentalPoint[] => all;

/** What renting this accelerator typically costs on demand; null when no point is at hand. */
export function typicalRental(acceleratorId: string): TypicalRental | null {
  const points = all.filter((p) => p.accelerator === acceleratorId);
  const rates = points.flatMap((p) => p.usdPerAcceleratorHour ?? []).sort((a, b) => a - b);
  const low = rates[0];
  const high = rates.at(-1);
  const middleLow = rates[Math.floor((rates.length - 1) / 2)];
  const middleHigh = rates[Math.floor(rates.length / 2)];
  if (low === undefined || high === undefined) return null;
  if (middleLow === undefined || middleHigh === undefined) return null;
  const medianUsdPerHour = (middleLow + middleHigh) / 2;
  return { lowUsdPerHour: low, medianUsdPerHour, highUsdPerHour: high, asOf: data.asOf, points };
}

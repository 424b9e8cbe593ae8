import { z } from 'zod';

const positive = z.number().positive();
const name = z
  .string()
  .min(1)
  .max(120)
  .regex(/^[^\p{Cc}]*$/u, 'must not hold control characters');
const day = z.iso.date('must be a day that exists, as 2027-01-31');

/** Weeks from the order to machines that one can log in to. */
const leadWeeks = z
  .strictObject({ low: z.int().min(0).max(1040), high: z.int().min(0).max(1040) })
  .refine(({ low, high }) => low <= high, { message: 'low is above high', path: ['low'] });

/** Rent by the hour for all accelerators of the quote, busy or not; or a purchase with its share of servers and network. */
const price = z.discriminatedUnion('basis', [
  z.strictObject({
    basis: z.literal('rent'),
    usdPerAcceleratorHour: z.number().nonnegative(),
  }),
  z.strictObject({
    basis: z.literal('own'),
    usdPerAccelerator: positive,
    lifeYears: positive.max(30).default(5),
    residualPercent: z.number().min(0).max(100).default(0),
    ratePercent: z.number().min(0).max(100).default(7),
    hostingUsdPerAcceleratorHour: z.number().nonnegative().default(0),
    staffUsdPerAcceleratorYear: z.number().nonnegative().default(0),
  }),
]);

/**
 * What a vendor offers: accelerators at a price, what they draw, and when they come. Powers are IT kW at the
 * peak. `site`: `ours` must be powered and cooled by us, `vendor` is powered where the vendor runs it.
 */
export const vendorQuote = z.strictObject({
  name,
  /** Id of the accelerator catalog. */
  accelerator: z.string().min(1).max(100),
  accelerators: z.int().min(1).max(1_000_000),
  price,
  site: z.enum(['ours', 'vendor']).default('ours'),
  /** Of the whole quote; null: the catalog's figure for the accelerator is taken. */
  totalKw: positive.nullable().default(null),
  /** Of the fullest rack; null: not told. */
  kwPerRack: positive.nullable().default(null),
  cooling: z.enum(['air', 'rear-door', 'direct-to-chip']).nullable().default(null),
  leadWeeks,
  /** Term that one is bound for, months; 0: none. */
  commitmentMonths: z.int().min(0).max(240).default(0),
  /** The last day on which the quote can be taken. */
  validUntil: day.nullable().default(null),
});
export type VendorQuote = Readonly<z.infer<typeof vendorQuote>>;

/** A quote with the time at which it came in. */
export const datedQuote = vendorQuote.extend({ atMs: z.number() });
export type DatedQuote = Readonly<z.infer<typeof datedQuote>>;

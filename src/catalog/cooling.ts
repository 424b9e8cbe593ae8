import { z } from 'zod';
import data from './data/cooling.json' with { type: 'json' };

export const coolingTypes = ['air', 'rear-door', 'direct-to-chip'] as const;
export type CoolingType = (typeof coolingTypes)[number];

/** The most heat one rack may give off under a type of cooling, kW, and how much of it leaves in liquid. */
const coolingLimit = z.strictObject({
  id: z.enum(coolingTypes),
  name: z.string(),
  maxKwPerRack: z.number().positive(),
  liquidShare: z.number().min(0).max(1),
  source: z.string(),
  asOf: z.string(),
  confidence: z.enum(['stored-page', 'general-knowledge']),
});
export type CoolingLimit = Readonly<z.infer<typeof coolingLimit>>;

const byId = new Map(
  z
    .array(coolingLimit)
    .parse(data.cooling)
    .map((one) => [one.id, one]),
);

/** The limit of a cooling type. Every type has one (the catalog is checked by a test). */
export const coolingLimitOf = (type: CoolingType): CoolingLimit | null => byId.get(type) ?? null;

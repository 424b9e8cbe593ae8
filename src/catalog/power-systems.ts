import { z } from 'zod';
import { coolingTypes } from './cooling.ts';
import data from './data/power-systems.json' with { type: 'json' };

/** A server or rack that is bought whole: what it holds and the most it draws, kW. */
const powerSystem = z.strictObject({
  id: z.string(),
  name: z.string(),
  accelerator: z.string(),
  accelerators: z.int().positive(),
  maxKw: z.number().positive(),
  cooling: z.enum(coolingTypes),
  source: z.string(),
  confidence: z.enum(['stored-page', 'general-knowledge']),
});
export type PowerSystem = Readonly<z.infer<typeof powerSystem>>;

const all: readonly PowerSystem[] = Object.freeze(z.array(powerSystem).parse(data.systems));

/** The system that usually holds this accelerator; null when the catalog has none. */
export const systemOf = (acceleratorId: string): PowerSystem | null =>
  all.find((one) => one.accelerator === acceleratorId) ?? null;

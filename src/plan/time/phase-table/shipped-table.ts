import { z } from 'zod';
import data from './data/splitwise-sim.json' with { type: 'json' };
import type { PhaseTable } from './phase-table.ts';

const count = z.int().positive();
const group = z.strictObject({
  model: z.string(),
  hardware: z.string(),
  tensorParallel: count,
  points: z.array(
    z.strictObject({
      promptTokens: count,
      batch: count,
      outputTokens: count,
      promptMs: z.number().positive(),
      tokenMs: z.number().positive(),
      powerShare: z.number().positive().nullable(),
      repeats: count,
    }),
  ),
});

/** The measured table that ships with the product; its data file says where it comes from. */
export const shippedPhaseTable: PhaseTable = Object.freeze(z.array(group).parse(data.groups));

import { z } from 'zod';
import data from './data/accelerators.json' with { type: 'json' };

const figure = z.number().positive().nullable();

/**
 * Public figures of one accelerator; null is not published or not at hand. denseTflops are 1e12
 * operations per second without sparsity. hbmTbPerS is 1e12 bytes per second, memoryGb 1e9 bytes,
 * scaleUpGbPerS counts both directions. `idleSource` says where idleW comes from, `source` the rest.
 */
const accelerator = z.strictObject({
  id: z.string(),
  name: z.string(),
  aliases: z.array(z.string()),
  vendor: z.string(),
  unit: z.string(),
  tdpW: figure,
  idleW: figure,
  idleSource: z.string().nullable(),
  memoryGb: z.number().positive(),
  hbmTbPerS: z.number().positive(),
  denseTflops: z.strictObject({ bf16: figure, fp8: figure, int8: figure, fp4: figure }),
  scaleUpGbPerS: figure,
  source: z.string(),
  asOf: z.string(),
  confidence: z.enum(['file', 'stored-page', 'partly-general-knowledge']),
});
export type Accelerator = Readonly<z.infer<typeof accelerator>>;

const all: readonly Accelerator[] = Object.freeze(z.array(accelerator).parse(data.accelerators));

const byId = new Map<string, Accelerator>();
for (const one of all) {
  for (const id of [one.id, ...one.aliases]) byId.set(id, one);
}

/** Every accelerator of the catalog, in the order of its data file. */
export const accelerators = (): readonly Accelerator[] => all;

/** Looks an accelerator up by id or alias, whatever the case; null when the catalog has none. */
export const findAccelerator = (id: string): Accelerator | null =>
  byId.get(id.toLowerCase()) ?? null;

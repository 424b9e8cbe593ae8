import { z } from 'zod';

/** What one metric of a probe measured, as single samples: what comparisons are made on. */
const metric = z.strictObject({
  unit: z.string(),
  better: z.enum(['higher', 'lower']),
  /** At most `MAX_SAMPLES`, evenly thinned. */
  values: z.array(z.number()),
});
export type ProbeMetric = z.infer<typeof metric>;

export const MAX_SAMPLES = 1000;

const machine = z.strictObject({
  hostname: z.string(),
  platform: z.string(),
  kernel: z.string(),
  cpu: z.string(),
  cores: z.number(),
  memoryBytes: z.number(),
});
export type Machine = z.infer<typeof machine>;

/**
 * One run of a probe, as it is kept (docs/formats/probe-results.md): when, on which machine, with
 * which settings, what came out. Runs with the same kind, machine and settings compare.
 */
export const probeResult = z.strictObject({
  version: z.literal(1),
  kind: z.enum(['storage', 'checkpoint', 'network', 'memory', 'host']),
  /** Unix milliseconds at the start. */
  atMs: z.number(),
  machine,
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  metrics: z.record(z.string(), metric),
  /** What the report showed, for people and later readers. */
  report: z.record(z.string(), z.unknown()),
});
export type ProbeResult = Readonly<z.infer<typeof probeResult>>;

/** Values thinned evenly to at most `MAX_SAMPLES`, first and last kept. */
export function thin(values: readonly number[]): number[] {
  if (values.length <= MAX_SAMPLES) return [...values];
  const step = (values.length - 1) / (MAX_SAMPLES - 1);
  return Array.from({ length: MAX_SAMPLES }, (_, i) => values[Math.round(i * step)] ?? 0);
}

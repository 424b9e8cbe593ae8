import { z } from 'zod';
import data from './data/lead-times.json' with { type: 'json' };

/** What is ordered when an element of a site must grow. */
export const leadTimeKinds = [
  'grid-connection',
  'transformer',
  'switchgear',
  'generator',
  'power-distribution',
  'liquid-cooling',
  'shell',
  'accelerators',
] as const;
export type LeadTimeKind = (typeof leadTimeKinds)[number];

/** Weeks from order to use as they were observed, with scope and date. */
const leadTime = z.strictObject({
  kind: z.enum(leadTimeKinds),
  scope: z.string(),
  lowWeeks: z.int().positive(),
  highWeeks: z.int().positive(),
  isDefault: z.boolean(),
  asOf: z.string(),
  source: z.string(),
  confidence: z.enum(['stored-page', 'general-knowledge']),
});
export type LeadTime = Readonly<z.infer<typeof leadTime>>;

const all: readonly LeadTime[] = Object.freeze(z.array(leadTime).parse(data.leadTimes));

/** The observation that plans are made with when the site names none. */
export const typicalLeadTime = (kind: LeadTimeKind): LeadTime | null =>
  all.find((one) => one.kind === kind && one.isDefault) ?? null;

import { z } from 'zod';
import { basis } from '../../records/basis.ts';
import { CAUSES, TIME_GROUPS } from './causes.ts';

const usd = z.number().nullable();
const confidence = z.enum(['high', 'medium', 'low']);

/** One cause's part of the time of one tree. Shares of a tree sum to 1; null is unknown, never zero. */
export const timeLeaf = z.strictObject({
  group: z.enum(TIME_GROUPS),
  cause: z.enum(CAUSES),
  share: z.number(),
  acceleratorHours: z.number(),
  usd,
  energyWh: z.number().nullable(),
  confidence,
  evidence: z.array(z.string()),
});
export type TimeLeaf = z.infer<typeof timeLeaf>;

/** Ratios by their published definitions (metrics.ts cites them), over the window; null is unknown. */
export const workMetrics = z.strictObject({
  smActiveShare: z.number().nullable(),
  tensorActiveShare: z.number().nullable(),
  dramActiveShare: z.number().nullable(),
  modelFlopsUtilization: z.number().nullable(),
  hardwareFlopsUtilization: z.number().nullable(),
  goodput: z
    .strictObject({
      scheduling: z.number().nullable(),
      runtime: z.number().nullable(),
      program: z.number().nullable(),
      total: z.number().nullable(),
    })
    .nullable(),
  acceleratorUtilization: z
    .number()
    .nullable()
    .describe('AU of MLPerf Storage: compute time over compute time and waits for data.'),
  rooflinePosition: z.enum(['compute-bound', 'memory-bound', 'neither']).nullable(),
});
export type WorkMetrics = z.infer<typeof workMetrics>;

/** The account of one engine, job or pool of unallocated accelerators. */
export const timeAccount = z.strictObject({
  subject: z.string(),
  kind: z.enum(['engine', 'job', 'pool']),
  business: z.enum(['inference', 'training', 'shared']),
  services: z.array(z.string()),
  accelerators: z.number().nullable(),
  accelerator: z.string().nullable(),
  usdPerAcceleratorHour: usd,
  basis,
  simulated: z.boolean(),
  fromMs: z.number(),
  toMs: z.number(),
  acceleratorHours: z.number(),
  usd,
  energyWh: z.number().nullable(),
  leaves: z.array(timeLeaf),
  metrics: workMetrics,
  /** What keeps a part unknown, and what to supply. */
  missing: z.array(z.string()),
});
export type TimeAccount = z.infer<typeof timeAccount>;

/** All accounts of one business together. */
export const timeTree = z.strictObject({
  business: z.enum(['inference', 'training', 'shared']),
  acceleratorHours: z.number(),
  usd,
  energyWh: z.number().nullable(),
  leaves: z.array(timeLeaf),
  /** What the hours of the tree leave out because their number is not known. */
  missing: z.array(z.string()),
});
export type TimeTree = z.infer<typeof timeTree>;

/** One loss, what to do about it, and what that brings. */
export const finding = z.strictObject({
  rule: z.string(),
  cause: z.enum(CAUSES),
  subject: z.string(),
  business: z.enum(['inference', 'training', 'shared']),
  share: z.number().describe('Of the time paid for the subject.'),
  acceleratorHours: z.number(),
  usd,
  usdPerDay: usd,
  explanation: z.string(),
  fix: z.string(),
  gain: z.strictObject({
    by: z.enum(['planner', 'amdahl', 'none']),
    /** Accelerator time that the fix frees or puts to use, share of the subject's; null: not known. */
    share: z.number().nullable(),
    usdPerDay: usd,
    /** How much faster the same work ends: 1 / (1 - share). */
    speedup: z.number().nullable(),
  }),
  confidence,
  evidence: z.array(z.string()),
});
export type Finding = z.infer<typeof finding>;

export const whyReport = z.strictObject({
  generatedAtMs: z.number(),
  fromMs: z.number(),
  toMs: z.number(),
  subject: z.string().nullable(),
  simulated: z.enum(['none', 'some', 'all']),
  trees: z.array(timeTree),
  accounts: z.array(timeAccount),
  /** Most money first; losses without a price last. */
  findings: z.array(finding),
  /** One sentence: the largest loss, its money, its fix. */
  sentence: z.string(),
  /** What could not be looked at, and how to change that. */
  unknown: z.array(z.string()),
});
export type WhyReport = z.infer<typeof whyReport>;

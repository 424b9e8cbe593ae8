import { z } from 'zod';
import { coolingTypes } from '../../catalog/cooling.ts';
import { leadTimeKinds } from '../../catalog/lead-times.ts';
import { climates } from '../../catalog/site-figures.ts';
import { isDate } from '../facility/calendar.ts';
import { elementKinds } from '../facility/site-element.ts';

const positive = z.number().positive();
const share = z.number().min(0).max(1);
const percent = z.number().min(0).max(100);
const targetMs = positive.max(86_400_000);
const tokens = z.int().min(1).max(2_000_000);
const date = z.string().refine(isDate, 'must be a day that exists, as 2027-01-31');

export const quantizations = ['bf16', 'fp8', 'int8', 'int4', 'fp4'] as const;
export const routings = ['least-outstanding', 'weighted', 'prefix-affine'] as const;
export const objectives = ['cost', 'energy', 'latency'] as const;

/** A count, or an even spread between two. */
const tokenRange = z.union([tokens, z.strictObject({ min: tokens, max: tokens })]);

const workload = z.strictObject({
  model: z.string().min(1).describe('Model id of the catalog, e.g. llama-3.1-8b.'),
  requestsPerS: positive.max(100_000).optional().describe('Mean rate; needed without a trace.'),
  arrivals: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('poisson') }),
      z.strictObject({ kind: z.literal('gamma'), variation: positive.max(100) }),
      z.strictObject({ kind: z.literal('burst'), size: z.int().min(1).max(1000) }),
    ])
    .default({ kind: 'poisson' }),
  inputTokens: tokenRange.default(512),
  outputTokens: tokenRange.default(256),
  trace: z
    .string()
    .min(1)
    .optional()
    .describe('File with arrivals and tokens; takes the place of rate, arrivals and tokens.'),
  prefixReuse: z
    .boolean()
    .default(true)
    .describe('Whether prompts may share what the block ids of the trace say is equal.'),
});

const percentiles = z.strictObject({ p95: targetMs.optional(), p99: targetMs.optional() });

const slo = z.strictObject({
  ttftMs: percentiles.prefault({}),
  tpotMs: percentiles.prefault({}),
  e2eMs: percentiles.prefault({}),
});

const tensorParallel = z.int().min(1).max(64);
const maxSequences = z.int().min(1).max(8192);
const maxBatchedTokens = z.int().min(16).max(1_048_576);

/** One way to serve the workload, as `plan serve` takes it. */
const deployment = z.strictObject({
  accelerator: z.string().min(1).describe('Accelerator id of the catalog, e.g. h100-sxm.'),
  quantization: z.enum(quantizations).default('bf16'),
  tensorParallel: tensorParallel.default(1),
  replicas: z.int().min(1).max(4096).default(1),
  routing: z.enum(routings).default('least-outstanding'),
  maxSequences: maxSequences.default(256),
  maxBatchedTokens: maxBatchedTokens.default(8192),
  gpuMemoryShare: share.default(0.9),
});

const list = <T extends z.ZodType>(item: T) => z.array(item).min(1).max(64);

/** What `plan search` may choose from; every combination is a candidate. */
const search = z.strictObject({
  accelerators: list(z.string().min(1)).default(['h100-sxm', 'h200-sxm', 'a100-sxm', 'l40s']),
  quantizations: list(z.enum(quantizations)).default(['bf16', 'fp8']),
  tensorParallel: list(tensorParallel).default([1, 2, 4, 8]),
  maxSequences: list(maxSequences).default([64, 128, 256]),
  maxBatchedTokens: list(maxBatchedTokens).default([2048, 8192]),
  gpuMemoryShare: list(share).default([0.9]),
  routings: list(z.enum(routings)).default(['least-outstanding']),
  maxReplicas: z.int().min(1).max(4096).default(16),
});

const own = z.strictObject({
  capexUsdPerAccelerator: positive.describe('With its share of the server and network.'),
  lifeYears: positive.max(30).default(5),
  residualPercent: percent.default(0),
  ratePercent: percent.default(7).describe('Cost of capital a year.'),
  hostingUsdPerAcceleratorHour: z.number().nonnegative().default(0),
  staffUsdPerAcceleratorYear: z.number().nonnegative().default(0),
});

const api = z.strictObject({
  usdPerMillionInput: z.number().nonnegative(),
  usdPerMillionCachedInput: z.number().nonnegative().optional().describe('Default: as input.'),
  usdPerMillionOutput: z.number().nonnegative(),
});

const money = z.strictObject({
  basis: z.enum(['rent', 'own']).default('rent'),
  rentUsdPerHour: z
    .record(z.string(), z.number().nonnegative())
    .default({})
    .describe('Per accelerator-hour, by accelerator id; default: the catalog median.'),
  own: z.record(z.string(), own).default({}).describe('Purchase terms, by accelerator id.'),
  tariffUsdPerKwh: z.number().nonnegative().default(0.08),
  api: api.optional().describe('Prices of a public API for the same model, to compare with.'),
});

const limits = z.strictObject({
  kwPerNode: positive.optional().describe('IT power of one replica at its peak.'),
  kwPerRack: positive.optional().describe('Least that a rack must carry: one replica fits in it.'),
  siteKw: positive.optional().describe('Facility power of the whole fleet at its peak.'),
  usdPerHour: positive.optional(),
  carbonKgPerHour: positive.optional(),
});

const growth = z.strictObject({
  from: date,
  percentPerMonth: z.number().min(0).max(100).default(0),
  kwPerMonth: z.number().nonnegative().default(0),
  additions: z.array(z.strictObject({ date, kw: positive })).default([]),
});

const nodeGroup = z.strictObject({
  name: z.string().min(1),
  count: z.int().min(0).max(1_000_000),
  kwPerNode: z.number().nonnegative().max(10_000),
});

/** One place of the power tree. */
const element = z.strictObject({
  id: z.string().min(1).max(63),
  kind: z.enum(elementKinds),
  kwPerUnit: positive.max(10_000_000).optional().describe('Rating of one unit; absent: no limit.'),
  units: z.int().min(1).max(1000).default(1),
  redundancy: z.enum(['N', 'N+1', '2N']).default('N'),
  derate: z.number().gt(0).max(1).default(1),
  lossPercent: z.number().min(0).max(50).default(0),
  cooling: z.enum(coolingTypes).optional(),
  nodes: z.array(nodeGroup).default([]),
  get children() {
    return z.array(element).default([]);
  },
});

const weeks = z.strictObject({ low: z.int().min(0).max(1040), high: z.int().min(0).max(1040) });

/** What a site costs to own: assets with lives of their own, and what running it costs. */
const capital = z.strictObject({
  assets: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        capexUsd: positive,
        lifeYears: positive.max(60),
        residualPercent: percent.default(0),
      }),
    )
    .min(1),
  operationUsdPerYear: z.number().nonnegative().default(0),
  ratePercent: percent.describe('Cost of capital a year.'),
});

const facility = z.strictObject({
  capital: capital.optional().describe('What the site costs a year, when it is owned.'),
  site: element.optional(),
  cooling: z.enum(coolingTypes).default('air'),
  climate: z.enum(climates).default('temperate'),
  pue: z.number().min(1).max(5).optional().describe('Default: typical of cooling and climate.'),
  wueLPerKwh: z.number().nonnegative().optional(),
  ewifLPerKwh: z.number().nonnegative().optional(),
  region: z
    .string()
    .regex(/^[A-Za-z]{2}$/, 'two letters, as US')
    .optional(),
  gridGPerKwh: z.number().nonnegative().optional(),
  growth: growth.optional(),
  leadWeeks: z.partialRecord(z.enum(leadTimeKinds), weeks).default({}),
});

const simulation = z.strictObject({
  requests: z.int().min(100).max(2_000_000).default(4000),
  seed: z.int().min(0).max(4_294_967_295).default(1),
});

/** Step times of engines of one's own: what `tailrace plan calibrate --records` writes. */
const stepTimes = z.strictObject({
  model: z.string().min(1),
  accelerator: z.string().min(1),
  quantization: z.enum(quantizations).default('bf16'),
  tensorParallel: tensorParallel.default(1),
  computeShare: z.number().gt(0).max(2).describe('Of peak arithmetic that its kernels reach.'),
  bandwidthShare: z.number().gt(0).max(2).describe('Of peak memory bandwidth.'),
  stepOverheadMs: z.number().min(0).max(10_000).describe('Host work of a step.'),
  errorShare: z.number().min(0).max(0.9).default(0.1).describe('By how much steps may differ.'),
});

/** Shape of plan.yaml. Unknown keys are errors. */
export const planSchema = z.strictObject({
  workload: workload.optional(),
  slo: slo.prefault({}),
  deployment: deployment.optional(),
  search: search.prefault({}),
  money: money.prefault({}),
  limits: limits.prefault({}),
  objective: z.enum(objectives).default('cost'),
  facility: facility.prefault({}),
  simulation: simulation.prefault({}),
  stepTimes: z
    .array(stepTimes)
    .max(256)
    .default([])
    .describe('Figures of engines of your own; they come before tables and published fits.'),
});

export type Plan = z.infer<typeof planSchema>;
export type WorkloadPlan = NonNullable<Plan['workload']>;
export type DeploymentPlan = NonNullable<Plan['deployment']>;
export type SitePlan = NonNullable<Plan['facility']['site']>;

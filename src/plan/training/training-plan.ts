import { z } from 'zod';

const positive = z.number().positive();
const nonNegative = z.number().nonnegative();
const count = z.int().min(1);

/** How the model is spread: tensor x pipeline x data = accelerators; experts lie inside data. */
const parallel = z.strictObject({
  tensor: count.max(1024).default(1),
  pipeline: count.max(1024).default(1),
  expert: count.max(4096).default(1).describe('Ranks a layer of experts is spread over.'),
  interleave: count
    .max(64)
    .default(1)
    .describe('Model chunks per pipeline stage (virtual stages).'),
  zeroStage: z.int().min(0).max(3).default(1).describe('What data-parallel ranks share (ZeRO).'),
});

const compute = z.strictObject({
  shareOfPeak: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe('Measured share of peak FLOP/s of the kernels; default: the roofline constant.'),
  attentionShareOfPeak: z
    .number()
    .gt(0)
    .max(1)
    .default(0.35)
    .describe(
      'As shareOfPeak, of attention; FlashAttention-2 reaches 0.35 on H100, 3 reaches 0.75.',
    ),
  stepOverheadMs: nonNegative.max(600_000).default(0).describe('Optimizer, host, logging.'),
});

const network = z.strictObject({
  acceleratorsPerNode: count.max(1024).default(8),
  gbPerSPerAccelerator: positive
    .max(10_000)
    .default(50)
    .describe('One direction, out of the node.'),
  latencyUs: nonNegative.max(100_000).default(10),
  oversubscription: z.number().min(1).max(100).default(1),
  collective: z.enum(['ring', 'tree', 'hierarchical']).default('hierarchical'),
  overlapShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.8)
    .describe('Share of gradient exchange that the backward pass can hide.'),
});

const data = z
  .strictObject({
    shareOfDemand: positive
      .max(1000)
      .optional()
      .describe('What the loaders deliver of what is eaten.'),
    tokensPerS: positive.max(1e15).optional().describe('What the loaders deliver, all together.'),
    prefetchBatches: count.max(1000).default(2),
    variation: nonNegative
      .max(10)
      .default(0)
      .describe('Coefficient of variation of loading times.'),
  })
  .refine((one) => (one.shareOfDemand === undefined) !== (one.tokensPerS === undefined), {
    message: 'needs either shareOfDemand or tokensPerS, not both',
  });

const checkpoint = z.strictObject({
  mode: z.enum(['sync', 'async']).default('sync'),
  intervalMinutes: z.union([z.literal('best'), positive.max(1_000_000)]).default('best'),
  storageGbPerS: positive.max(1_000_000).describe('What the storage takes, all writers together.'),
  hostGbPerSPerAccelerator: positive
    .max(10_000)
    .default(10)
    .describe('Copy to host memory (async).'),
});

const failures = z.strictObject({
  mtbfHoursPerAccelerator: positive.max(1e9),
  shape: z
    .number()
    .min(0.2)
    .max(10)
    .default(1)
    .describe('Weibull shape of gaps; 1 is exponential.'),
  detectMinutes: nonNegative.max(10_000).default(5),
  restartMinutes: nonNegative.max(10_000).default(15),
});

const stragglers = z.strictObject({
  variation: nonNegative.max(1).default(0).describe('Of step times between accelerators.'),
  slowestPercent: nonNegative
    .max(1000)
    .default(0)
    .describe('How much slower the slowest always is.'),
});

/** Shape of what `tailrace plan train` takes, under `train:` in a file. Unknown keys are errors. */
export const trainingPlanSchema = z.strictObject({
  model: z.string().min(1).describe('Model id of the catalog, e.g. llama-3.1-70b.'),
  accelerator: z.string().min(1).describe('Accelerator id of the catalog, e.g. h100-sxm.'),
  accelerators: count.max(1_000_000),
  tokens: positive.max(1e17).describe('Tokens of the whole run.'),
  sequenceTokens: count.max(10_000_000).default(4096),
  globalBatchSequences: count.max(10_000_000),
  microBatchSequences: count.max(100_000).default(1),
  precision: z.enum(['bf16', 'fp8']).default('bf16'),
  recompute: z.enum(['none', 'selective', 'full']).default('selective'),
  parallel: parallel.prefault({}),
  compute: compute.prefault({}),
  network: network.prefault({}),
  data: data.optional().describe('Absent: loading is not modelled.'),
  checkpoint: checkpoint.optional().describe('Absent: none is written.'),
  failures: failures.optional().describe('Absent: nothing fails.'),
  stragglers: stragglers.prefault({}),
  usdPerAcceleratorHour: positive.max(10_000).optional().describe('Default: the catalog median.'),
  power: z
    .strictObject({
      pue: z.number().min(1).max(5).default(1),
      hostWPerAccelerator: nonNegative.max(10_000).default(0),
    })
    .prefault({}),
  runs: count.max(1000).default(20).describe('Simulated runs, for mean and interval.'),
  seed: z.int().min(0).max(4_294_967_295).default(1),
});

export type TrainingPlan = z.infer<typeof trainingPlanSchema>;

/** The whole file. */
export const trainingFileSchema = z.strictObject({ train: trainingPlanSchema });

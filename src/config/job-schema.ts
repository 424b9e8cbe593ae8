import { z } from 'zod';

/** What is paid for a training job's accelerators and how its work is told; see docs/why.md. */
export const jobShape = {
  stepLogs: z
    .array(z.string().min(1))
    .min(1)
    .max(1_000)
    .describe(
      'Step logs, also with * and ?, as deploy/tailrace_steps.py writes them; relative to the folder that Tailrace was started in.',
    ),
  ranks: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe('Ranks that write step records; default: one per accelerator.'),
  devices: z
    .array(z.string().min(1))
    .max(100_000)
    .default([])
    .describe('Its accelerators as sources name them: a UUID, node/index, or a whole node.'),
  model: z.string().optional().describe('Model id of the catalog: gives the FLOPs of a token.'),
  sequenceTokens: z.int().min(1).optional().describe('Length of a training sequence, tokens.'),
  flopsPerToken: z.number().positive().optional().describe('Forward and backward; else by model.'),
  flopsPerSample: z
    .number()
    .positive()
    .optional()
    .describe('The same for jobs that count samples.'),
  precision: z.enum(['bf16', 'fp8']).default('bf16'),
  recompute: z.enum(['none', 'full']).optional().describe('Activations computed again.'),
  pipeline: z
    .strictObject({
      stages: z.int().min(1).max(1_024),
      microbatches: z.int().min(1).max(100_000),
      interleave: z.int().min(1).max(64).default(1),
    })
    .optional(),
  positionsPerStep: z
    .number()
    .positive()
    .optional()
    .describe('Token positions of one rank and step, padding included.'),
  from: z.iso.datetime({ offset: true }).optional().describe('Paid from; default: its first step.'),
  until: z.iso.datetime({ offset: true }).optional().describe('Paid until; default: now.'),
};

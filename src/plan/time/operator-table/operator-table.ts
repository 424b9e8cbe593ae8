import { z } from 'zod';

const axis = z.array(z.number().nonnegative()).min(1);

/** Times of one operator, microseconds, over the rows (tokens or sequences) it works on. */
const curve = z.strictObject({
  name: z.string(),
  /** Calls per transformer layer; 0 is once per step. */
  callsPerLayer: z.int().nonnegative(),
  rows: axis,
  timesUs: z.array(z.number().nonnegative()),
});

/**
 * Measured operator times of one model on one accelerator at one tensor parallelism: docs/formats/operator-table.md.
 * Attention is a grid over [prefill tokens][their cached context][decoding sequences][their mean context], flattened
 * in that order, null where nothing was measured.
 */
export const operatorTableSchema = z.strictObject({
  format: z.literal('tailrace-operator-table'),
  version: z.literal(1),
  model: z.string(),
  hardware: z.string(),
  tensorParallel: z.int().positive(),
  numberFormat: z.string(),
  engine: z.string(),
  source: z.strictObject({
    repository: z.string(),
    commit: z.string(),
    path: z.string(),
    licence: z.string(),
    /** What was measured, and what was derived from it and how. */
    note: z.string(),
  }),
  dense: z.array(curve).min(1),
  perSequence: z.array(curve),
  attention: z.strictObject({
    prefillTokens: axis,
    prefillContext: axis,
    decodes: axis,
    decodeContext: axis,
    timesUs: z.array(z.number().nonnegative().nullable()),
  }),
  moe: z
    .strictObject({
      tokens: axis,
      experts: axis,
      timesUs: z.array(z.number().nonnegative().nullable()),
    })
    .nullable(),
  /**
   * How far attention over unequal contexts is between the time of their mean (0) and of their longest (1): rows of
   * [prefill tokens, decodes at most, mean / longest at most, longest at most, prefill context at most, share].
   */
  skew: z.array(z.array(z.number()).length(6)).nullable(),
});

export type OperatorTable = z.infer<typeof operatorTableSchema>;
export type OperatorCurve = OperatorTable['dense'][number];

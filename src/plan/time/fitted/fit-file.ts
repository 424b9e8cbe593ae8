import { z } from 'zod';
import { findAccelerator } from '../../../catalog/accelerators.ts';
import { findModel } from '../../../catalog/models.ts';
import { TailraceError } from '../../../records/errors.ts';
import type { ClosedLoopFit, ClosedLoopRun, FittedMetric } from './closed-loop-fit.ts';
import { TPOT_SCALE, TTFT_SCALE } from './closed-loop-fit.ts';
import { fitNameOf, type ClosedLoopModel } from './closed-loop-model.ts';
import type { ParallelLayout } from './closed-loop-query.ts';
import { pointOf, type SimilarityScale } from './similarity.ts';

const positive = z.number().positive();
/** Tensor, pipeline, data, expert parallel (0 or 1). */
const layout = z.tuple([positive, positive, positive, z.union([z.literal(0), z.literal(1)])]);
const quantization = z.enum(['bf16', 'fp8', 'int8', 'int4', 'fp4']);

/** One run as it is kept: key, engine, model, accelerator, format, layouts, tokens, concurrency, TTFT, TPOT. */
const runTuple = z.tuple([
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  quantization,
  layout,
  layout.nullable(),
  positive,
  positive,
  positive,
  positive,
  positive,
]);

const bounds = z.tuple([z.number(), z.number()]);
const metric = z.strictObject({
  coefficients: z.array(z.number()),
  quantiles: z.strictObject({ known: bounds, 'new-accelerator': bounds, 'new-model': bounds }),
  alphas: z.array(z.number()),
});

/**
 * A fitted model with every run it saw: `fits` follow the order of `runs` of their name. Version 1. The
 * format is described in docs/planner.md.
 */
export const fitFile = z.strictObject({
  format: z.literal('tailrace-closed-loop-fit'),
  version: z.literal(1),
  source: z.string(),
  runs: z.array(runTuple),
  fits: z.record(z.string(), z.strictObject({ ttft: metric, tpot: metric })),
});
export type FitFile = z.infer<typeof fitFile>;

/** A run that can be told from others. */
export interface KeyedRun extends ClosedLoopRun {
  key: string;
}

export interface LoadedFit {
  runs: KeyedRun[];
  model: ClosedLoopModel;
}

/** Six digits: far below the error of the model. */
const short = (value: number): number => Number(value.toPrecision(6));

export function writeFit(
  source: string,
  runs: readonly KeyedRun[],
  model: ClosedLoopModel,
): FitFile {
  const metricOf = ({ coefficients, quantiles, residuals }: FittedMetric) => ({
    coefficients: coefficients.map(short),
    quantiles: {
      known: pair(quantiles.known),
      'new-accelerator': pair(quantiles['new-accelerator']),
      'new-model': pair(quantiles['new-model']),
    },
    alphas: Array.from(residuals.alphas, short),
  });
  const fits = [...model.fits].map(([name, { ttft, tpot }]) => [
    name,
    { ttft: metricOf(ttft), tpot: metricOf(tpot) },
  ]);
  return {
    format: 'tailrace-closed-loop-fit',
    version: 1,
    source,
    runs: runs.map(tupleOf),
    fits: Object.fromEntries(fits),
  };
}

const pair = ([low, high]: readonly [number, number]): [number, number] => [
  short(low),
  short(high),
];

function tupleOf({ key, query, ttftMs, tpotMs }: KeyedRun): z.infer<typeof runTuple> {
  return [
    key,
    query.engine,
    query.model.id,
    query.accelerator.id,
    query.quantization,
    layoutTuple(query.layout),
    query.prefillLayout === null ? null : layoutTuple(query.prefillLayout),
    query.inputTokens,
    query.outputTokens,
    short(query.concurrency),
    short(ttftMs),
    short(tpotMs),
  ];
}

const layoutTuple = (one: ParallelLayout): z.infer<typeof layout> => [
  one.tensor,
  one.pipeline,
  one.data,
  one.expertParallel ? 1 : 0,
];

/** Reads a parsed file back. Throws TR_PLAN_INVALID when it is not one, or names what the catalog lost. */
export function readFit(value: unknown): LoadedFit {
  const parsed = fitFile.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') ?? '';
    throw new TailraceError(
      'TR_PLAN_INVALID',
      `not a closed-loop fit: ${where}: ${issue?.message ?? ''}: make it again with plan calibrate`,
      { field: where },
    );
  }
  const runs = parsed.data.runs.map(runOf);
  const byName = Map.groupBy(runs, (run) => fitNameOf(run.query));
  const fits = Object.entries(parsed.data.fits).map(([name, { ttft, tpot }]) => {
    const points = (byName.get(name) ?? []).map((run) => pointOf(run.query));
    const metricOf = (one: z.infer<typeof metric>, scale: SimilarityScale): FittedMetric => ({
      coefficients: one.coefficients,
      quantiles: one.quantiles,
      residuals: { points, scale, alphas: Float64Array.from(one.alphas) },
    });
    const fit: ClosedLoopFit = {
      ttft: metricOf(ttft, TTFT_SCALE),
      tpot: metricOf(tpot, TPOT_SCALE),
    };
    return [name, fit] as const;
  });
  return { runs, model: { fits: new Map(fits) } };
}

function runOf(tuple: z.infer<typeof runTuple>): KeyedRun {
  const [key, engine, modelId, acceleratorId, format, own, prefill, ...numbers] = tuple;
  const [inputTokens, outputTokens, concurrency, ttftMs, tpotMs] = numbers;
  const model = findModel(modelId);
  const accelerator = findAccelerator(acceleratorId);
  if (model === null || accelerator === null) {
    const lost = model === null ? modelId : acceleratorId;
    throw new TailraceError(
      'TR_PLAN_INVALID',
      `the catalog has no ${lost}, which this fit was made with: make it again with plan calibrate`,
      { field: 'runs' },
    );
  }
  const query = {
    engine,
    model,
    accelerator,
    quantization: format,
    layout: layoutFrom(own),
    prefillLayout: prefill === null ? null : layoutFrom(prefill),
    inputTokens,
    outputTokens,
    concurrency,
  };
  return { key, query, ttftMs, tpotMs };
}

const layoutFrom = ([tensor, pipeline, data, expert]: z.infer<typeof layout>): ParallelLayout => ({
  tensor,
  pipeline,
  data,
  expertParallel: expert === 1,
});

/** One run a line, so that a difference between two fits can be read. */
export function fitText({ runs, ...rest }: FitFile): string {
  const lines = runs.map((run) => JSON.stringify(run)).join(',\n');
  const fits = JSON.stringify(rest.fits);
  const { format, version, source } = rest;
  const head = JSON.stringify({ format, version, source }).slice(0, -1);
  return `${head},\n"runs":[\n${lines}\n],\n"fits":${fits}}\n`;
}

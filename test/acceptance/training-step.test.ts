import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findAccelerator } from '../../src/catalog/accelerators.ts';
import type { ModelShape } from '../../src/catalog/models.ts';
import { trainingPlanSchema } from '../../src/plan/training/training-plan.ts';
import { tokensPerStep, trainingStep } from '../../src/plan/training/training-step.ts';

/**
 * Published throughput of MPT models with full sharding against the roofline step with its
 * defaults: nothing is fitted to these rows. Long sequences are reported only: the attention kernel
 * of those runs was a slower one.
 */
const FILE = join(import.meta.dirname, '../fixtures/training/llm-foundry-h100-bf16.csv');
const SHORT_TOKENS = 4096;
const MAPE_PCT = 15;

/**
 * Width, layers and heads of the MPT family (mosaicml/llm-foundry, scripts/train/yamls/pretrain).
 */
const SHAPES: Readonly<Record<string, [hidden: number, layers: number, heads: number]>> = {
  '3b': [2560, 32, 20],
  '7b': [4096, 32, 32],
  '13b': [5120, 40, 40],
  '30b': [7168, 48, 56],
  '70b': [8192, 80, 64],
};
const VOCAB = 50_368;

function shapeOf(name: string): ModelShape {
  const [hidden, layers, heads] = SHAPES[name] ?? [1, 1, 1];
  return {
    id: name,
    name,
    aliases: [],
    layers,
    hidden,
    // Two matrices of 4 x hidden have the parameters of three of 8/3.
    intermediate: Math.round((8 * hidden) / 3),
    heads,
    kvHeads: heads,
    headDim: hidden / heads,
    vocab: VOCAB,
    tiedEmbeddings: true,
    paramsTotal: 12 * layers * hidden ** 2 + VOCAB * hidden,
    experts: null,
    maxContext: 1_000_000,
    source: 'mosaicml/llm-foundry',
  };
}

interface Row {
  sequenceTokens: number;
  errorPct: number;
}

function compare(line: string): Row {
  const [name = '', ...rest] = line.split(',');
  const [sequenceTokens = 0, gpus = 0, microBatch = 0, accumulation = 0, globalBatch = 0] =
    rest.map(Number);
  const plan = trainingPlanSchema.parse({
    model: name,
    accelerator: 'h100-sxm',
    accelerators: gpus,
    tokens: 1e9,
    sequenceTokens,
    globalBatchSequences: globalBatch,
    microBatchSequences: microBatch,
    recompute: rest[5] === 'true' ? 'full' : 'none',
    parallel: { zeroStage: 3 },
  });
  const accelerator = findAccelerator('h100-sxm');
  if (accelerator === null) throw new Error('the catalog has no h100-sxm');
  const model = shapeOf(name);
  const setup = { plan, model, accelerator, dataParallel: gpus, microBatches: accumulation };
  const step = trainingStep(setup);
  if (!step.ok) throw step.error;
  const predicted = tokensPerStep(setup) / step.value.stepS / gpus;
  const errorPct = (predicted / Number(rest[6]) - 1) * 100;
  console.log(`${line}: ${predicted.toFixed(0)} (${errorPct.toFixed(1)} %)`);
  return { sequenceTokens, errorPct };
}

const mape = (rows: readonly Row[]): number =>
  rows.reduce((sum, { errorPct }) => sum + Math.abs(errorPct), 0) / rows.length;

describe('training step against published throughput', () => {
  it(`is within ${MAPE_PCT} % on average up to ${SHORT_TOKENS} tokens`, () => {
    const lines = readFileSync(FILE, 'utf8').trim().split('\n').slice(1);
    const rows = lines.map(compare);
    const short = rows.filter((row) => row.sequenceTokens <= SHORT_TOKENS);
    const long = rows.filter((row) => row.sequenceTokens > SHORT_TOKENS);
    console.log(`short ${mape(short).toFixed(1)} %, long ${mape(long).toFixed(1)} %`);
    expect(short).toHaveLength(22);
    expect(mape(short)).toBeLessThan(MAPE_PCT);
  });
});

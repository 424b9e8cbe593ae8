import type { Accelerator } from '../../../catalog/accelerators.ts';
import { attentionCost } from '../../../catalog/attention.ts';
import type { ModelShape } from '../../../catalog/models.ts';
import { fail, ok, type Result } from '../../../records/errors.ts';
import type { Quantization } from '../footprint.ts';
import { peakTflops } from '../roofline.ts';
import type { ClosedLoopQuery, ParallelLayout } from './closed-loop-query.ts';

/** Times in milliseconds at the published peaks, of one step, on the accelerator that works longest. */
export interface StepTerms {
  weightsMs: number;
  kvMs: number;
  computeMs: number;
  /** All-reduce traffic over the scale-up link, one direction. */
  exchangeMs: number;
  layers: number;
  /** Layers with an exchange: all when the layout has more than one accelerator, else 0. */
  exchangeLayers: number;
  sequences: number;
}

export interface ClosedLoopTerms {
  /** One decode step at the batch that fits in memory. */
  decode: StepTerms;
  /** One request's whole prompt. */
  prefill: StepTerms;
  inputTokens: number;
  /** Prompts of other requests that are prefilled while one token of this one is made. */
  promptsPerToken: number;
  outputTokens: number;
  /** Requests in flight, and those whose KV cache fits at once. */
  concurrency: number;
  running: number;
}

/** Group scales of 4-bit formats: one byte per 16 weights (OCP MX and NVFP4 are 0.53 to 0.56). */
const bytesPerWeight: Record<Quantization, number> = {
  bf16: 2,
  fp8: 1,
  int8: 1,
  int4: 0.5 + 2 / 128,
  fp4: 0.5 + 1 / 16,
};
const WIDE_BYTES = 2;
const ALL_REDUCES_PER_LAYER = 2;
/** Share of memory that engines take by default (vLLM's gpu_memory_utilization). */
const MEMORY_SHARE = 0.9;
/** How sharply waiting begins when memory is full. */
const FULL_SHARPNESS = 8;
/**
 * The estimate of KV room is rough (memory share, number format of the cache and replicated weights are rarely published), and a
 * wait that is not there is far costlier than one that is missed: rooms count half as large again,
 * and never below a quarter of the memory.
 */
const ROOM_OPTIMISM = 1.5;
const ROOM_FLOOR = 0.25;

/**
 * Physical terms of a closed loop from published figures: what a step reads, computes and exchanges.
 * Fails with TR_PLAN_INVALID when the catalog lacks the accelerator's arithmetic peak.
 */
export function closedLoopTerms(query: ClosedLoopQuery): Result<ClosedLoopTerms> {
  const flops = peakTflops(query.accelerator, query.quantization);
  if (flops === null) {
    return fail(
      'TR_PLAN_INVALID',
      `the catalog has no dense TFLOP/s at 16 bits for ${query.accelerator.name}: ` +
        'choose another accelerator',
      { field: 'accelerator' },
    );
  }
  const { inputTokens, outputTokens, concurrency, layout } = query;
  const bytes = layerBytes(query.model, query.quantization);
  const running = runningRequests(query, bytes);
  const context = inputTokens + outputTokens / 2;
  const machine = { accelerator: query.accelerator, flopsPerMs: flops * 1e9, bytes };
  return ok({
    decode: stepTerms(query.model, machine, layout, {
      sequences: running,
      tokens: running,
      pairs: running * context,
      decode: true,
    }),
    prefill: stepTerms(query.model, machine, query.prefillLayout ?? layout, {
      sequences: 1,
      tokens: inputTokens,
      pairs: (inputTokens * inputTokens) / 2,
      decode: false,
    }),
    inputTokens,
    promptsPerToken: query.prefillLayout === null ? Math.max(0, running - 1) / outputTokens : 0,
    outputTokens,
    concurrency,
    running,
  });
}

interface LayerBytes {
  /** Weights that every token passes, without output head: parameters and bytes. */
  sharedParams: number;
  sharedBytes: number;
  expertParams: number;
  expertBytes: number;
  expertLayers: number;
  headBytes: number;
  kvBytesPerToken: number;
}

/**
 * 4-bit mixtures keep everything but the experts in 16 bits, as the published checkpoints of gpt-oss, Kimi K2.5
 * and DeepSeek (NVFP4) do. KV values follow the weights down to 8 bits, the common setting of such runs.
 */
function layerBytes(model: ModelShape, quantization: Quantization): LayerBytes {
  const attention = attentionCost(model);
  const { experts, hidden, layers } = model;
  const narrow = bytesPerWeight[quantization];
  const shared = experts !== null && narrow < 1 ? WIDE_BYTES : narrow;
  const denseLayers = experts === null ? layers : (experts.denseLayers ?? 0);
  const expertLayers = layers - denseLayers;
  const expertParams = experts === null ? 0 : 3 * hidden * experts.intermediate;
  const sharedParams =
    attention.params +
    denseLayers * 3 * hidden * model.intermediate +
    expertLayers * ((experts?.shared ?? 0) * expertParams + (experts?.count ?? 0) * hidden);
  const kvBytes = quantization === 'bf16' || quantization === 'int4' ? WIDE_BYTES : 1;
  return {
    sharedParams,
    sharedBytes: sharedParams * shared,
    expertParams,
    expertBytes: expertParams * narrow,
    expertLayers,
    headBytes: hidden * model.vocab * WIDE_BYTES,
    kvBytesPerToken: attention.kvValuesPerToken * kvBytes,
  };
}

/** Requests whose KV cache fits on one rank at their average length; a smooth minimum with the concurrency. */
function runningRequests(query: ClosedLoopQuery, bytes: LayerBytes): number {
  const { accelerator, layout, model, inputTokens, outputTokens, concurrency } = query;
  const accelerators = layout.tensor * layout.data;
  const experts = bytes.expertLayers * (model.experts?.count ?? 0) * bytes.expertBytes;
  const weights =
    (bytes.sharedBytes + 2 * bytes.headBytes) / layout.tensor + experts / accelerators;
  const memory = accelerator.memoryGb * 1e9;
  const room = memory * MEMORY_SHARE - weights / layout.pipeline;
  const usable = ROOM_OPTIMISM * Math.max(room, ROOM_FLOOR * memory);
  const kvPerRequest =
    ((inputTokens + outputTokens / 2) * bytes.kvBytesPerToken) /
    (kvShards(model, layout.tensor) * layout.pipeline);
  // At least one request runs, whatever the estimate says of memory.
  const fits = Math.max(1, usable / kvPerRequest);
  return concurrency / (1 + (concurrency / fits) ** FULL_SHARPNESS) ** (1 / FULL_SHARPNESS);
}

/** Accelerators over which one token's KV is really divided: heads are copied beyond their number. */
const kvShards = (model: ModelShape, tensor: number): number =>
  model.latent === undefined ? Math.min(tensor, model.kvHeads) : 1;

interface Machine {
  accelerator: Accelerator;
  flopsPerMs: number;
  bytes: LayerBytes;
}

interface Work {
  sequences: number;
  /** Tokens of one rank. */
  tokens: number;
  /** Query-key pairs of one rank. */
  pairs: number;
  decode: boolean;
}

function stepTerms(
  model: ModelShape,
  machine: Machine,
  layout: ParallelLayout,
  work: Work,
): StepTerms {
  const { bytes, accelerator } = machine;
  const { tensor, data } = layout;
  const accelerators = tensor * data;
  const bytesPerMs = accelerator.hbmTbPerS * 1e9;
  const attention = attentionCost(model);
  const count = model.experts?.count ?? 0;
  const active = model.experts?.active ?? 0;
  const routed = work.tokens * data;
  // Experts that at least one token chose under independent uniform routing.
  const touched = count === 0 ? 0 : count * (1 - (1 - active / count) ** routed);
  const expertBytes = (bytes.expertLayers * touched * bytes.expertBytes) / accelerators;
  const expertFlops =
    (2 * routed * bytes.expertLayers * active * bytes.expertParams) / accelerators;
  const sharedFlops = (2 * work.tokens * bytes.sharedParams) / tensor;
  const flopsPerPair = work.decode ? attention.decodeFlopsPerPair : attention.prefillFlopsPerPair;
  const attentionFlops = (work.pairs * flopsPerPair) / tensor;
  const kvTokens = work.decode ? work.pairs : work.tokens;
  const linkBytesPerMs = ((accelerator.scaleUpGbPerS ?? Number.POSITIVE_INFINITY) / 2) * 1e6;
  const ring = (2 * (accelerators - 1)) / accelerators;
  const exchanged =
    ALL_REDUCES_PER_LAYER * model.layers * ring * work.tokens * model.hidden * WIDE_BYTES;
  return {
    weightsMs: ((bytes.sharedBytes + bytes.headBytes) / tensor + expertBytes) / bytesPerMs,
    kvMs: (kvTokens * bytes.kvBytesPerToken) / kvShards(model, tensor) / bytesPerMs,
    computeMs: (expertFlops + sharedFlops + attentionFlops) / machine.flopsPerMs,
    exchangeMs: exchanged / linkBytesPerMs,
    layers: model.layers,
    exchangeLayers: accelerators > 1 ? model.layers : 0,
    sequences: work.sequences,
  };
}

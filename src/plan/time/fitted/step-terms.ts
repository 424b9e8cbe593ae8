import type { Accelerator } from '../../../catalog/accelerators.ts';
import { attentionCost, type AttentionCost } from '../../../catalog/attention.ts';
import type { ModelShape } from '../../../catalog/models.ts';
import { fail, ok, type Result } from '../../../records/errors.ts';
import type { Quantization } from '../../../catalog/footprint.ts';
import { peakTflops } from '../../../catalog/roofline.ts';
import type { ParallelLayout } from './closed-loop-query.ts';

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

export interface LayerBytes {
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

export /** Accelerators over which one token's KV is really divided: heads are copied beyond their number. */
const kvShards = (model: ModelShape, tensor: number): number =>
  model.latent === undefined ? Math.min(tensor, model.kvHeads) : 1;

/** A model in a number format on an accelerator: what steps of any work are made from. */
export interface Machine {
  model: ModelShape;
  accelerator: Accelerator;
  flopsPerMs: number;
  bytes: LayerBytes;
  attention: AttentionCost;
}

/** Fails with TR_PLAN_INVALID when the catalog lacks the accelerator's arithmetic peak. */
export function machineOf(
  model: ModelShape,
  accelerator: Accelerator,
  quantization: Quantization,
): Result<Machine> {
  const tflops = peakTflops(accelerator, quantization);
  if (tflops === null) {
    return fail(
      'TR_PLAN_INVALID',
      `the catalog has no dense TFLOP/s at 16 bits for ${accelerator.name}: ` +
        'choose another accelerator',
      { field: 'accelerator' },
    );
  }
  const bytes = layerBytes(model, quantization);
  const attention = attentionCost(model);
  return ok({ model, accelerator, flopsPerMs: tflops * 1e9, bytes, attention });
}

export interface RankWork {
  sequences: number;
  /** Tokens of one rank. */
  tokens: number;
  /** Query-key pairs of one rank. */
  pairs: number;
  decode: boolean;
}

/** Times at the published peaks of one step whose ranks all do `work`. */
export function stepTerms(machine: Machine, layout: ParallelLayout, work: RankWork): StepTerms {
  const { bytes, accelerator, model, attention } = machine;
  const { tensor, data } = layout;
  const accelerators = tensor * data;
  const bytesPerMs = accelerator.hbmTbPerS * 1e9;
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

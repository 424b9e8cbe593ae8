import type { Accelerator } from './accelerators.ts';
import { attentionCost } from './attention.ts';
import { footprintOf, type Quantization } from './footprint.ts';
import type { ModelShape } from './models.ts';

/** What real kernels reach of the published peaks. */
export interface ReachedShares {
  computeShare: number;
  bandwidthShare: number;
}

/** Shares where nothing was measured; docs/simulated-engine.md compares them with published runs. */
export const REACHED_SHARES: Readonly<ReachedShares> = Object.freeze({
  /**
   * Share of peak FLOP/s in prefill. The prompt times of splitwise-sim's perf_model.csv (Patel et al.,
   * "Splitwise", ISCA 2024; Llama-2-70B, two H100) are 0.46 to 0.48 of peak at 2,048 to 16,384 tokens; newer
   * kernels reach 0.4 to 0.6.
   */
  computeShare: 0.5,
  /**
   * Share of peak memory bandwidth in decode: `mem_bw_empirical_scaling_factor` of
   * ai-dynamo/aiconfigurator for Ampere and Hopper.
   */
  bandwidthShare: 0.8,
});

/** Work of kernels, in tokens; 0 where there is none. */
export interface KernelWork {
  /** Tokens that pass through the layers. */
  tokens: number;
  /** Query-key pairs of prompts, and context tokens whose keys and values they read. */
  prefillPairs: number;
  prefillContextTokens: number;
  decodeContextTokens: number;
  /** Rows of the output head. */
  sampledTokens: number;
}

/** Milliseconds of kernels, by what limits them. */
export interface KernelTime {
  computeMs: number;
  memoryMs: number;
}

/**
 * The one roofline of the product (Williams, Waterman, Patterson, CACM 52(4), 2009, doi:10.1145/1498765.1498785): each group of
 * kernels takes the longer of its arithmetic and its memory traffic, and groups follow one another.
 *
 * - layers: 2 x active parameters FLOPs per token; the weights are read once per step, of a mixture of
 *   experts those that at least one token chose, count x (1 - (1 - active/count)^tokens) experts
 *   under independent uniform routing;
 * - attention of prefill: FLOPs per query-key pair as in the catalog (attentionCost), and the context's KV read once;
 * - attention of decode: the same FLOPs per context token, and the context's KV read;
 * - output head: 2 x vocab x hidden FLOPs per sampled token, its weights read once.
 *
 * Work and traffic divide evenly over `count` accelerators. Null when the catalog has no peak for the arithmetic. Cost:
 * about 0.1 us per call.
 */
export function kernelTimes(
  { accelerator, model, quantization }: KernelHardware,
  count = 1,
  shares: ReachedShares = REACHED_SHARES,
): ((work: KernelWork) => KernelTime) | null {
  const tflops = peakTflops(accelerator, quantization);
  if (tflops === null) return null;
  const size = footprintOf(model, quantization);
  const layerFlopsPerToken = 2 * size.activeLayerParams;
  const layerBytes = layerBytesRead(model, quantization);
  const attention = attentionCost(model);
  const flopsPerMs = tflops * 1e9 * shares.computeShare * count;
  const bytesPerMs = accelerator.hbmTbPerS * 1e9 * shares.bandwidthShare * count;
  const kv = size.kvBytesPerToken;
  return ({ tokens, prefillPairs, prefillContextTokens, decodeContextTokens, sampledTokens }) => {
    const sum: KernelTime = { computeMs: 0, memoryMs: 0 };
    const add = (flops: number, bytes: number): void => {
      const computeMs = flops / flopsPerMs;
      const memoryMs = bytes / bytesPerMs;
      if (computeMs > memoryMs) sum.computeMs += computeMs;
      else sum.memoryMs += memoryMs;
    };
    if (tokens > 0) add(tokens * layerFlopsPerToken, layerBytes(tokens) + tokens * kv);
    add(prefillPairs * attention.prefillFlopsPerPair, prefillContextTokens * kv);
    add(decodeContextTokens * attention.decodeFlopsPerPair, decodeContextTokens * kv);
    if (sampledTokens > 0) add(sampledTokens * 2 * size.headParams, size.headBytes);
    return sum;
  };
}

export interface KernelHardware {
  accelerator: Accelerator;
  model: ModelShape;
  quantization: Quantization;
}

/**
 * Peak of the number format the matrix products run in. 4-bit integer weights are expanded to 16 bits, and so
 * is any format that the accelerator has no arithmetic for (weight-only quantization).
 */
export function peakTflops(accelerator: Accelerator, quantization: Quantization): number | null {
  const { denseTflops } = accelerator;
  const own = quantization === 'int4' ? null : denseTflops[quantization];
  return own ?? denseTflops.bf16;
}

function layerBytesRead(model: ModelShape, quantization: Quantization): (tokens: number) => number {
  const size = footprintOf(model, quantization);
  const allBytes = size.layerParams * size.layerBytesPerParam;
  const { experts } = model;
  if (experts === null) return () => allBytes;
  const expertParams = 3 * model.hidden * experts.intermediate;
  const expertLayers = model.layers - (experts.denseLayers ?? 0);
  const expertBytes = expertLayers * expertParams * size.layerBytesPerParam;
  const sharedBytes = Math.max(0, allBytes - experts.count * expertBytes);
  const idleShare = 1 - experts.active / experts.count;
  return (tokens) => sharedBytes + experts.count * (1 - idleShare ** tokens) * expertBytes;
}

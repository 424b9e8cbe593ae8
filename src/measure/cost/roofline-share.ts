import { findAccelerator, type Accelerator } from '../../catalog/accelerators.ts';
import { attentionCost } from '../../catalog/attention.ts';
import { activeParams, findModel, type ModelShape } from '../../catalog/models.ts';
import type { HardwareConfig } from '../../config/schema.ts';
import type { TokenCounts } from '../../records/request-record.ts';

/**
 * Shares of the published peak that engines reach in practice. Bandwidth: the 0.8 that
 * ai-dynamo/aiconfigurator uses as `mem_bw_empirical_scaling_factor` for Ampere and Hopper. Compute: 0.5, a
 * round figure from general knowledge for large matrix products in prefill (published model FLOPs
 * utilizations lie between 0.4 and 0.6).
 */
const BANDWIDTH_SHARE = 0.8;
const COMPUTE_SHARE = 0.5;

const KV_BYTES_PER_VALUE = 2;
const MAX_DECODE_BATCH = 4096;

export const weightBytes: Record<HardwareConfig['quantization'], number> = {
  bf16: 2,
  fp8: 1,
  int8: 1,
  int4: 0.5,
  fp4: 0.5,
};

/** Estimates one request's accelerator-seconds from its tokens; null when the counts are unknown. */
export type RooflineShare = (tokens: TokenCounts, inFlight: number) => number | null;

/**
 * Builds the estimate for described hardware, or null when the catalog lacks the card or model.
 * The roofline (Williams, Waterman, Patterson 2009, doi:10.1145/1498765.1498785): prefill is bound
 * by compute, 2 x active parameters FLOPs per uncached prompt token plus attention (4 x layers x heads x
 * headDim per pair of tokens that attend); decode is bound by memory, each step reading the weights
 * once for all requests in flight and each request's own KV cache. Tensor parallelism divides time
 * and multiplies accelerators, so accelerator-seconds do not depend on it. In-flight requests stand
 * in for the batch. Communication, sampling and gaps are left out: an estimate, not a measurement.
 */
export function rooflineShare(hardware: HardwareConfig): RooflineShare | null {
  const accelerator = findAccelerator(hardware.accelerator);
  const shape = findModel(hardware.model);
  if (accelerator === null || shape === null) return null;
  const tflops = peakTflops(accelerator, hardware.quantization);
  if (tflops === null) return null;
  const flopsPerS = tflops * 1e12 * COMPUTE_SHARE;
  const bytesPerS = accelerator.hbmTbPerS * 1e12 * BANDWIDTH_SHARE;
  const flopsPerToken = 2 * activeParams(shape);
  const attention = attentionCost(shape);
  const kvBytesPerToken = attention.kvValuesPerToken * KV_BYTES_PER_VALUE;
  const stepBytes = weightsRead(shape, weightBytes[hardware.quantization]);
  return (tokens, inFlight) => {
    if (tokens.in === null || tokens.out === null) return null;
    const batch = Math.min(Math.max(1, inFlight), MAX_DECODE_BATCH);
    const fresh = Math.max(0, tokens.in - (tokens.cachedIn ?? 0));
    const cached = tokens.in - fresh;
    // Each fresh token attends to all cached ones and, by the causal mask, to half of the fresh ones.
    const attended = fresh * (cached + fresh / 2);
    const prefillS = (fresh * flopsPerToken + attended * attention.prefillFlopsPerPair) / flopsPerS;
    const context = tokens.in + tokens.out / 2;
    const decodeBytes = tokens.out * (stepBytes(batch) / batch + context * kvBytesPerToken);
    return prefillS + decodeBytes / bytesPerS;
  };
}

/** Peak of the arithmetic a quantization runs in; weight-only int4 computes in bf16. */
function peakTflops(accelerator: Accelerator, q: HardwareConfig['quantization']): number | null {
  const { bf16, fp8, int8, fp4 } = accelerator.denseTflops;
  if (q === 'fp4') return fp4 ?? fp8 ?? bf16;
  if (q === 'fp8') return fp8 ?? bf16;
  if (q === 'int8') return int8 ?? bf16;
  return bf16;
}

/**
 * Weight bytes one decode step reads for a batch. A mixture reads the experts that at least one
 * token chose: with even routing count x (1 - (1 - active/count)^batch) of them a layer.
 */
function weightsRead(shape: ModelShape, bytesPerWeight: number): (batch: number) => number {
  const { experts } = shape;
  if (experts === null) return () => shape.paramsTotal * bytesPerWeight;
  const oneExpert =
    (shape.layers - (experts.denseLayers ?? 0)) * 3 * shape.hidden * experts.intermediate;
  const rest = shape.paramsTotal - experts.count * oneExpert;
  return (batch) => {
    const touched = experts.count * (1 - (1 - experts.active / experts.count) ** batch);
    return (rest + touched * oneExpert) * bytesPerWeight;
  };
}

import type { Accelerator } from '../../catalog/accelerators.ts';
import { attentionCost } from '../../catalog/attention.ts';
import { fail, ok, type Result } from '../../records/errors.ts';
import { footprintOf, type Quantization, type ReplicaHardware } from './footprint.ts';
import type { StepTime, StepTimeModel, StepWork } from './step-time.ts';

/**
 * What real kernels reach of the published peaks, and what a step costs beside its kernels. None is a
 * measurement of a particular engine; docs/simulated-engine.md compares them with published runs.
 */
export const ROOFLINE_CONSTANTS = Object.freeze({
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
  /**
   * Share of one direction of the scale-up link that a large all-reduce reaches; nccl-tests report
   * 0.75 to 0.85 of it as bus bandwidth on NVLink systems (general knowledge, not fitted).
   */
  linkShare: 0.8,
  /**
   * Latency of one small all-reduce: a fixed part and one per accelerator. Chosen so that the batch-4 token times of
   * aiconfigurator's silicon sample (vLLM, Llama-3.1-70B FP8 on 2, 4 and 8 H100) come out within 6 %.
   */
  allReduceBaseUs: 8,
  allReducePerAcceleratorUs: 1.5,
  /** Scheduler, launches and sampling per step that nothing overlaps; same rows as above. */
  stepOverheadMs: 2,
  /** Input preparation and output handling per sequence in the step. */
  sequenceOverheadMs: 0.01,
});

/** Other figures than those above, as recovered from an engine's own records. */
export type RooflineConstants = Readonly<Record<keyof typeof ROOFLINE_CONSTANTS, number>>;

/** Two all-reduces per layer: after attention and after the feed-forward (Megatron-LM, arXiv 1909.08053). */
const ALL_REDUCES_PER_LAYER = 2;
const ACTIVATION_BYTES = 2;

/**
 * Step time from published figures by the roofline (Williams, Waterman, Patterson, CACM 52(4), 2009):
 * each group of kernels takes the longer of its arithmetic and its memory traffic, and groups follow one another.
 *
 * - layers: 2 x active parameters FLOPs per token; the weights are read once per step, of a mixture of
 *   experts those that at least one token chose, count x (1 - (1 - active/count)^tokens) experts
 *   under independent uniform routing;
 * - attention of prefill: FLOPs per query-key pair as in the catalog (attentionCost), and the context's KV read once;
 * - attention of decode: the same FLOPs per context token, and the context's KV read;
 * - output head: 2 x vocab x hidden FLOPs per sampled token, its weights read once;
 * - all-reduce with tensor parallelism p: 2 (p - 1) / p x bytes over the link (ring) plus latency, twice a layer;
 * - a constant per step and per sequence.
 *
 * Work and traffic divide evenly over the p accelerators. Fails when the catalog lacks a figure that
 * is needed. Cost: about 0.2 us per call.
 */
export function rooflineStepTime(
  hardware: ReplicaHardware,
  constants: RooflineConstants = ROOFLINE_CONSTANTS,
): Result<StepTimeModel> {
  const { accelerator, model, tensorParallel, quantization } = hardware;
  const tflops = peakTflops(accelerator, quantization);
  const linkGbPerS = accelerator.scaleUpGbPerS;
  if (tflops === null) return missing(accelerator, 'dense TFLOP/s at 16 bits', 'accelerator');
  if (tensorParallel > 1 && linkGbPerS === null) {
    return missing(accelerator, 'scale-up bandwidth', 'tensorParallel');
  }
  const size = footprintOf(model, quantization);
  const layers = {
    flopsPerToken: 2 * size.activeLayerParams,
    bytes: layerBytesRead(hardware),
  };
  const attention = attentionCost(model);
  const flopsPerMs = tflops * 1e9 * constants.computeShare * tensorParallel;
  const bytesPerMs = accelerator.hbmTbPerS * 1e9 * constants.bandwidthShare * tensorParallel;
  const link = linkGbPerS ?? Number.POSITIVE_INFINITY;
  const collectiveMs = allReduceMs(hardware, link, constants);

  const stepTime = (work: StepWork): StepTime => {
    const tokens = work.prefillTokens + work.decodeTokens;
    const sum = { computeMs: 0, memoryMs: 0 };
    const add = (flops: number, bytes: number): void => {
      const computeMs = flops / flopsPerMs;
      const memoryMs = bytes / bytesPerMs;
      if (computeMs > memoryMs) sum.computeMs += computeMs;
      else sum.memoryMs += memoryMs;
    };
    const kv = size.kvBytesPerToken;
    add(tokens * layers.flopsPerToken, layers.bytes(tokens) + tokens * kv);
    add(work.prefillPairs * attention.prefillFlopsPerPair, work.prefillContextTokens * kv);
    add(work.decodeContextTokens * attention.decodeFlopsPerPair, work.decodeContextTokens * kv);
    if (work.sampledTokens > 0) add(work.sampledTokens * 2 * size.headParams, size.headBytes);
    const exchangeMs = collectiveMs(tokens);
    const sequences = Math.max(work.decodeTokens, work.sampledTokens);
    const overheadMs = constants.stepOverheadMs + sequences * constants.sequenceOverheadMs;
    const { computeMs, memoryMs } = sum;
    const totalMs = computeMs + memoryMs + exchangeMs + overheadMs;
    return { totalMs, computeMs, memoryMs, collectiveMs: exchangeMs, overheadMs };
  };
  return ok({ provenance: 'roofline', stepTime });
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

function layerBytesRead({ model, quantization }: ReplicaHardware): (tokens: number) => number {
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

function allReduceMs(
  { model, tensorParallel: p }: ReplicaHardware,
  linkGbPerS: number,
  constants: RooflineConstants,
): (tokens: number) => number {
  if (p === 1) return () => 0;
  const { allReduceBaseUs, allReducePerAcceleratorUs, linkShare } = constants;
  const times = ALL_REDUCES_PER_LAYER * model.layers;
  const latencyMs = (allReduceBaseUs + allReducePerAcceleratorUs * p) / 1000;
  // The catalog counts both directions of the link; a ring sends in one.
  const bytesPerMs = (linkGbPerS / 2) * 1e6 * linkShare;
  const bytesPerToken = ((2 * (p - 1)) / p) * model.hidden * ACTIVATION_BYTES;
  return (tokens) => times * (latencyMs + (tokens * bytesPerToken) / bytesPerMs);
}

const missing = (accelerator: Accelerator, figure: string, field: string) =>
  fail(
    'TR_CONFIG_INVALID',
    `the catalog has no ${figure} for ${accelerator.name}: choose another hardware.${field}`,
    { field: `hardware.${field}` },
  );

import type { Accelerator } from '../../catalog/accelerators.ts';
import { kernelTimes, REACHED_SHARES } from '../../catalog/roofline.ts';
import { fail, ok, type Result } from '../../records/errors.ts';
import type { ReplicaHardware } from './footprint.ts';
import type { StepTime, StepTimeModel, StepWork } from './step-time.ts';

/**
 * What real kernels reach of the published peaks, and what a step costs beside its kernels. None is a
 * measurement of a particular engine; docs/simulated-engine.md compares them with published runs.
 */
export const ROOFLINE_CONSTANTS = Object.freeze({
  ...REACHED_SHARES,
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
 * Step time from published figures: kernels by the roofline of the catalog (`kernelTimes`), beside them
 *
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
  const { accelerator, tensorParallel } = hardware;
  const kernels = kernelTimes(hardware, tensorParallel, constants);
  const linkGbPerS = accelerator.scaleUpGbPerS;
  if (kernels === null) return missing(accelerator, 'dense TFLOP/s at 16 bits', 'accelerator');
  if (tensorParallel > 1 && linkGbPerS === null) {
    return missing(accelerator, 'scale-up bandwidth', 'tensorParallel');
  }
  const link = linkGbPerS ?? Number.POSITIVE_INFINITY;
  const collectiveMs = allReduceMs(hardware, link, constants);

  const stepTime = (work: StepWork): StepTime => {
    const tokens = work.prefillTokens + work.decodeTokens;
    const { computeMs, memoryMs } = kernels({
      tokens,
      prefillPairs: work.prefillPairs,
      prefillContextTokens: work.prefillContextTokens,
      decodeContextTokens: work.decodeContextTokens,
      sampledTokens: work.sampledTokens,
    });
    const exchangeMs = collectiveMs(tokens);
    const sequences = Math.max(work.decodeTokens, work.sampledTokens);
    const overheadMs = constants.stepOverheadMs + sequences * constants.sequenceOverheadMs;
    const totalMs = computeMs + memoryMs + exchangeMs + overheadMs;
    return { totalMs, computeMs, memoryMs, collectiveMs: exchangeMs, overheadMs };
  };
  return ok({ provenance: 'roofline', stepTime });
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

import type { Accelerator } from '../../../catalog/accelerators.ts';
import type { ModelShape } from '../../../catalog/models.ts';
import type { Quantization } from '../../../catalog/footprint.ts';

/** How one engine instance is spread: tensor x data accelerators. */
export interface ParallelLayout {
  /** Accelerators that share one attention rank's heads. */
  tensor: number;
  pipeline: number;
  /** Attention ranks that hold different requests; experts are spread over all of them. */
  data: number;
  /** Experts are split by expert (expert parallel) rather than each across accelerators. */
  expertParallel: boolean;
}

/**
 * An engine in closed loop: `concurrency` requests are in flight all the time, each of `inputTokens` and
 * `outputTokens`; when one ends the next begins.
 */
export interface ClosedLoopQuery {
  model: ModelShape;
  accelerator: Accelerator;
  /** `vllm`, `sglang`, `trtllm`; another name is answered from what engines have in common. */
  engine: string;
  quantization: Quantization;
  inputTokens: number;
  outputTokens: number;
  /** Requests in flight on one attention rank of the instance that decodes. */
  concurrency: number;
  /** Of the instance, or of the decoding instances when prefill is apart. */
  layout: ParallelLayout;
  /** Prefill runs on instances of its own; null: on the same. */
  prefillLayout: ParallelLayout | null;
}

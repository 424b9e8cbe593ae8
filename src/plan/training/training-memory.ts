import type { ModelShape } from '../../catalog/models.ts';
import type { TrainingSetup } from './training-setup.ts';

/**
 * Bytes on the fullest accelerator: the first pipeline stage, which holds the most micro-batches.
 */
export interface TrainingMemory {
  stateBytes: number;
  activationBytes: number;
  totalBytes: number;
  usableBytes: number;
  fits: boolean;
}

/** Weights, gradients and optimizer before anything is shared. */
export const STATE_BYTES_PER_PARAM = 2 + 4 + 12;

/** Left to the framework, its workspaces and fragmentation. */
const USABLE_SHARE = 0.94;

/**
 * State per parameter with mixed-precision Adam: 2 bytes of weight, 4 of gradient (accumulated in
 * 32 bits), 12 of master copy and two moments. ZeRO stage 1 shares the 12 among data-parallel
 * ranks, 2 also the gradients, 3 everything (Rajbhandari et al., arXiv 1910.02054; 18 and 6 + 12/d
 * bytes as in Megatron-LM's distributed optimizer). Activations per layer and token, 16 bits,
 * sequence-parallel: 34 hidden bytes with selective recomputation, and 5 heads x sequence more
 * without, 2 hidden with full (Korthikanti et al., arXiv 2205.05198, table 2); with 1F1B the first
 * stage holds `pipeline` micro-batches, 1 + (p - 1) / (p v) as much when interleaved.
 */
export function trainingMemory(setup: TrainingSetup): TrainingMemory {
  const { plan, model, accelerator, dataParallel } = setup;
  const stateBytes =
    paramsPerAccelerator(setup) * stateBytesPerParam(plan.parallel.zeroStage, dataParallel);
  const activationBytes = activationBytesOf(setup, model);
  const usableBytes = accelerator.memoryGb * 1e9 * USABLE_SHARE;
  const totalBytes = stateBytes + activationBytes;
  return { stateBytes, activationBytes, totalBytes, usableBytes, fits: totalBytes <= usableBytes };
}

/** Weights that one accelerator holds: experts are spread over expert ranks too. */
export function paramsPerAccelerator({ plan, model }: TrainingSetup): number {
  const { tensor, pipeline, expert } = plan.parallel;
  const expertParams = expertParamsOf(model);
  return (model.paramsTotal - expertParams + expertParams / expert) / (tensor * pipeline);
}

function expertParamsOf({ experts, hidden, layers }: ModelShape): number {
  if (experts === null) return 0;
  const expertLayers = layers - (experts.denseLayers ?? 0);
  return expertLayers * experts.count * 3 * hidden * experts.intermediate;
}

function stateBytesPerParam(zeroStage: number, ranks: number): number {
  const shared = [0, 12, 16, STATE_BYTES_PER_PARAM][zeroStage] ?? 0;
  return STATE_BYTES_PER_PARAM - shared + shared / ranks;
}

function activationBytesOf({ plan, microBatches }: TrainingSetup, model: ModelShape): number {
  const { tensor, pipeline, interleave } = plan.parallel;
  const tokens = plan.microBatchSequences * plan.sequenceTokens;
  const perToken = {
    none: 34 * model.hidden + 5 * model.heads * plan.sequenceTokens,
    selective: 34 * model.hidden,
    full: 2 * model.hidden,
  }[plan.recompute];
  const inFlight = Math.min(microBatches, pipeline);
  const interleaved = interleave === 1 ? 1 : 1 + (pipeline - 1) / (pipeline * interleave);
  const layers = (model.layers / pipeline) * inFlight * interleaved;
  return (layers * tokens * perToken) / tensor;
}

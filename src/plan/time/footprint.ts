import type { Accelerator } from '../../catalog/accelerators.ts';
import { attentionCost } from '../../catalog/attention.ts';
import { activeParams, paramsFromShape, type ModelShape } from '../../catalog/models.ts';
import { fail, ok, type Result } from '../../records/errors.ts';

export type Quantization = 'bf16' | 'fp8' | 'int8' | 'int4' | 'fp4';

/** The hardware of one replica and what runs on it. */
export interface ReplicaHardware {
  accelerator: Accelerator;
  model: ModelShape;
  tensorParallel: number;
  quantization: Quantization;
}

const GROUP_SCALE_BYTES = 2 / 128;

/**
 * Bytes of one weight of a linear layer. The 4-bit forms add a 16-bit scale per group of 128
 * weights (the common group size of AWQ and GPTQ checkpoints).
 */
const weightBytes: Record<Quantization, number> = {
  bf16: 2,
  fp8: 1,
  int8: 1,
  int4: 0.5 + GROUP_SCALE_BYTES,
  fp4: 0.5 + GROUP_SCALE_BYTES,
};

/** Embeddings, output head, activations and the KV cache stay in 16 bits, as engines do by default. */
const WIDE_BYTES = 2;

/** Tokens per block of the paged KV cache: vLLM's default block size. */
export const KV_BLOCK_TOKENS = 16;

/** Sizes of a model, in parameters and in bytes over the whole replica (not per accelerator). */
export interface Footprint {
  /** Parameters of the layers that every token passes through or may pass through (all experts). */
  layerParams: number;
  /** Layer parameters one token is multiplied with (its own experts only). */
  activeLayerParams: number;
  headParams: number;
  layerBytesPerParam: number;
  headBytes: number;
  weightBytes: number;
  kvBytesPerToken: number;
}

/** Weight sizes follow the published parameter count, active ones the catalog's shape. */
export function footprintOf(model: ModelShape, quantization: Quantization): Footprint {
  const headParams = model.vocab * model.hidden;
  const embeddingParams = headParams * (model.tiedEmbeddings ? 1 : 2);
  const layerParams = model.paramsTotal - embeddingParams;
  const activeShare =
    (activeParams(model) - embeddingParams) / (paramsFromShape(model) - embeddingParams);
  const layerBytesPerParam = weightBytes[quantization];
  return {
    layerParams,
    activeLayerParams: layerParams * activeShare,
    headParams,
    layerBytesPerParam,
    headBytes: headParams * WIDE_BYTES,
    weightBytes: layerParams * layerBytesPerParam + embeddingParams * WIDE_BYTES,
    kvBytesPerToken: attentionCost(model).kvValuesPerToken * WIDE_BYTES,
  };
}

/**
 * Blocks of 16 tokens that fit beside the weights: (memory x share x accelerators - weights) / bytes of one block.
 * With more accelerators than KV heads the heads are replicated, as engines do. Activations
 * and the framework's own memory are not modelled: the rest of the memory (1 - share) stands for them.
 * Fails when the weights leave no room for a single block.
 */
export function kvBlockBudget(hardware: ReplicaHardware, memoryShare: number): Result<number> {
  const { accelerator, model, tensorParallel, quantization } = hardware;
  const { weightBytes: weights, kvBytesPerToken } = footprintOf(model, quantization);
  const usableBytes = accelerator.memoryGb * 1e9 * memoryShare * tensorParallel;
  const kvHeads = model.latent === undefined ? model.kvHeads : 1;
  const copies = Math.max(1, tensorParallel / kvHeads);
  const blocks = Math.floor((usableBytes - weights) / (kvBytesPerToken * KV_BLOCK_TOKENS * copies));
  if (blocks >= 1) return ok(blocks);
  const neededGb = (weights / 1e9).toFixed(1);
  return fail(
    'TR_CONFIG_INVALID',
    `${model.name} in ${quantization} needs ${neededGb} GB for its weights, but ${tensorParallel} x ` +
      `${accelerator.name} at a memory share of ${memoryShare} offers ` +
      `${(usableBytes / 1e9).toFixed(1)} GB: raise hardware.tensorParallel or simulated.gpuMemoryShare, ` +
      'or quantize further',
    { field: 'hardware.model' },
  );
}

import type { Accelerator } from '../../catalog/accelerators.ts';
import { footprintOf, type Quantization } from '../../catalog/footprint.ts';
import type { ModelShape } from '../../catalog/models.ts';
import { fail, ok, type Result } from '../../records/errors.ts';

/** The hardware of one replica and what runs on it. */
export interface ReplicaHardware {
  accelerator: Accelerator;
  model: ModelShape;
  tensorParallel: number;
  quantization: Quantization;
}

/** Tokens per block of the paged KV cache: vLLM's default block size. */
export const KV_BLOCK_TOKENS = 16;

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

import { attentionCost } from './attention.ts';
import { activeParams, paramsFromShape, type ModelShape } from './models.ts';

/** How weights are stored. */
export type Quantization = 'bf16' | 'fp8' | 'int8' | 'int4' | 'fp4';

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

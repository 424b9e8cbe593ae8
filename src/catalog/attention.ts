import type { ModelShape } from './models.ts';

/**
 * What attention costs for one shape, derived from it: parameters of its projections, values kept in
 * the KV cache, and floating-point operations, over all layers.
 */
export interface AttentionCost {
  params: number;
  /** Values (not bytes) one token leaves in the KV cache of layers that keep the whole context. */
  kvValuesPerToken: number;
  /** Values kept per token by sliding-window layers, for at most slidingWindow.tokens tokens. */
  windowValuesPerToken: number;
  /** FLOPs of one query-key pair in prefill, over the layers that attend to the whole context. */
  prefillFlopsPerPair: number;
  /** As prefillFlopsPerPair for a decoded token; differs with latent attention, which then works in the latent. */
  decodeFlopsPerPair: number;
}

/**
 * - Grouped-query attention (Ainslie et al., arXiv 2305.13245): queries and output hidden x heads x headDim,
 *   keys and values hidden x kvHeads x headDim; 4 x heads x headDim FLOPs a pair.
 * - Latent attention (DeepSeek-V2, arXiv 2405.04434): low-rank queries, one shared latent of kvRank values
 *   plus ropeDim rotary ones per token and layer; prefill expands it to heads, decode stays in the
 *   latent (weight absorption), 2 x heads x (2 kvRank + ropeDim) FLOPs a pair.
 * - Gated delta networks (Yang et al., arXiv 2412.06464): a state of fixed size, no cache per token.
 */
export function attentionCost(shape: ModelShape): AttentionCost {
  const { layers, hidden, heads, kvHeads, headDim, latent } = shape;
  if (latent !== undefined) {
    const { queryRank, kvRank, ropeDim, keyDim, valueDim } = latent;
    const query = hidden * queryRank + queryRank * heads * (keyDim + ropeDim);
    const keyValue = hidden * (kvRank + ropeDim) + kvRank * heads * (keyDim + valueDim);
    return {
      params: layers * (query + keyValue + heads * valueDim * hidden),
      kvValuesPerToken: layers * (kvRank + ropeDim),
      windowValuesPerToken: 0,
      prefillFlopsPerPair: layers * 2 * heads * (keyDim + ropeDim + valueDim),
      decodeFlopsPerPair: layers * 2 * heads * (2 * kvRank + ropeDim),
    };
  }
  const linearLayers = linearLayerCount(shape);
  const softmaxLayers = layers - linearLayers;
  const windowLayers = shape.slidingWindow?.layers ?? 0;
  const wholeLayers = softmaxLayers - windowLayers;
  const queries = shape.gatedAttention === true ? 3 : 2;
  const pairFlops = wholeLayers * 4 * heads * headDim;
  return {
    params:
      softmaxLayers * hidden * headDim * (queries * heads + 2 * kvHeads) +
      linearLayers * linearLayerParams(shape),
    kvValuesPerToken: wholeLayers * 2 * kvHeads * headDim,
    windowValuesPerToken: windowLayers * 2 * kvHeads * headDim,
    prefillFlopsPerPair: pairFlops,
    decodeFlopsPerPair: pairFlops,
  };
}

const linearLayerCount = ({ layers, linearAttention }: ModelShape): number =>
  linearAttention === undefined ? 0 : layers - Math.floor(layers / linearAttention.fullEvery);

/** Query, key, value, output gate and output projections, and the two gates per value head. */
function linearLayerParams({ hidden, linearAttention }: ModelShape): number {
  if (linearAttention === undefined) return 0;
  const { keyHeads, valueHeads, headDim } = linearAttention;
  const keys = 2 * keyHeads * headDim;
  const values = 3 * valueHeads * headDim;
  return hidden * (keys + values + 2 * valueHeads);
}

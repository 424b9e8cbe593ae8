import { z } from 'zod';
import { attentionCost } from './attention.ts';
import data from './data/models.json' with { type: 'json' };

const size = z.int().positive();

/**
 * Shape of one open transformer, from its published config.json. `intermediate` is the dense
 * feed-forward width; a mixture of experts has `experts` instead, whose `intermediate` is the width
 * of one expert and `active` the experts a token is routed to; `shared` experts take every token,
 * and the first `denseLayers` layers have no experts but the dense width. maxContext is in tokens.
 * A field that is absent is a feature the model does not have. With `latent` attention (MLA) kvHeads and
 * headDim are not used; `linearAttention` replaces attention in all but every fullEvery-th layer;
 * `slidingWindow` counts the layers that see only the last `tokens`.
 */
const modelShape = z.strictObject({
  id: z.string(),
  name: z.string(),
  aliases: z.array(z.string()),
  layers: size,
  hidden: size,
  intermediate: size,
  heads: size,
  kvHeads: size,
  headDim: size,
  vocab: size,
  /** One matrix serves as embedding and as output head. */
  tiedEmbeddings: z.boolean(),
  paramsTotal: size,
  experts: z
    .strictObject({
      count: size,
      active: size,
      intermediate: size,
      shared: size.optional(),
      denseLayers: size.optional(),
    })
    .nullable(),
  latent: z
    .strictObject({
      queryRank: size,
      kvRank: size,
      ropeDim: size,
      /** Part of a head's key without rotary position. */
      keyDim: size,
      valueDim: size,
    })
    .optional(),
  linearAttention: z
    .strictObject({ fullEvery: size, keyHeads: size, valueHeads: size, headDim: size })
    .optional(),
  slidingWindow: z.strictObject({ tokens: size, layers: size }).optional(),
  /** Attention output is multiplied with a gate as wide as the queries. */
  gatedAttention: z.boolean().optional(),
  maxContext: size,
  source: z.string(),
});
export type ModelShape = Readonly<z.infer<typeof modelShape>>;

const all: readonly ModelShape[] = Object.freeze(z.array(modelShape).parse(data.models));

const byId = new Map<string, ModelShape>();
for (const one of all) {
  for (const id of [one.id, ...one.aliases]) byId.set(id.toLowerCase(), one);
}

/** Every model of the catalog, in the order of its data file. */
export const models = (): readonly ModelShape[] => all;

/** Looks a model up by id or alias, whatever the case; null when the catalog has none. */
export const findModel = (id: string): ModelShape | null => byId.get(id.toLowerCase()) ?? null;

/**
 * Parameters in the matrices that this shape describes: embeddings, attention projections,
 * gated feed-forward (three matrices), routers and norms.
 * Biases and query/key norms are left out (under 0.04 % of every model in the catalog).
 */
export const paramsFromShape = (shape: ModelShape): number => countParams(shape, 'total');

/** As paramsFromShape, counting only the experts that one token passes through. */
export const activeParams = (shape: ModelShape): number => countParams(shape, 'active');

function countParams(shape: ModelShape, which: 'total' | 'active'): number {
  const { layers, hidden, vocab, experts } = shape;
  const embeddings = vocab * hidden * (shape.tiedEmbeddings ? 1 : 2);
  const norms = layers * 2 * hidden + hidden;
  const denseLayers = experts === null ? layers : (experts.denseLayers ?? 0);
  const dense = denseLayers * 3 * hidden * shape.intermediate;
  const routed = experts === null ? 0 : which === 'total' ? experts.count : experts.active;
  const mixture =
    experts === null
      ? 0
      : (routed + (experts.shared ?? 0)) * 3 * hidden * experts.intermediate +
        hidden * experts.count;
  const attention = attentionCost(shape).params;
  return embeddings + attention + dense + (layers - denseLayers) * mixture + norms;
}

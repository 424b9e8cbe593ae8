import { z } from 'zod';
import data from './data/models.json' with { type: 'json' };

const size = z.int().positive();

/**
 * Shape of one open transformer, from its published config.json. `intermediate` is the dense
 * feed-forward width; a mixture of experts has `experts` instead, whose `intermediate` is the width
 * of one expert and `active` the experts a token passes through. maxContext is in tokens.
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
  experts: z.strictObject({ count: size, active: size, intermediate: size }).nullable(),
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
 * Parameters in the matrices that this shape describes: embeddings, attention projections
 * (hidden x headDim x (2 heads + 2 kvHeads)), gated feed-forward (three matrices) and norms.
 * Biases and query/key norms are left out (under 0.04 % of every model in the catalog).
 */
export const paramsFromShape = (shape: ModelShape): number => countParams(shape, 'total');

/** As paramsFromShape, counting only the experts that one token passes through. */
export const activeParams = (shape: ModelShape): number => countParams(shape, 'active');

function countParams(shape: ModelShape, which: 'total' | 'active'): number {
  const { layers, hidden, heads, kvHeads, headDim, vocab, experts } = shape;
  const embeddings = vocab * hidden * (shape.tiedEmbeddings ? 1 : 2);
  const attention = hidden * headDim * (2 * heads + 2 * kvHeads);
  const feedForward =
    experts === null
      ? 3 * hidden * shape.intermediate
      : (which === 'total' ? experts.count : experts.active) * 3 * hidden * experts.intermediate +
        hidden * experts.count;
  return embeddings + layers * (attention + feedForward + 2 * hidden) + hidden;
}

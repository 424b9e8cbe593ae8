import { describe, expect, it } from 'vitest';
import { attentionCost } from './attention.ts';
import { activeParams, findModel, models, type ModelShape } from './models.ts';

function shapeOf(id: string): ModelShape {
  const shape = findModel(id);
  if (shape === null) throw new Error(`${id} is not in the catalog`);
  return shape;
}

describe('attentionCost', () => {
  it('keeps 576 latent values a layer for DeepSeek V3, as its paper says', () => {
    const cost = attentionCost(shapeOf('deepseek-v3'));
    expect(cost.kvValuesPerToken).toBe(61 * 576);
    // Absorbed decode works on 512-wide latents instead of 128-wide heads.
    expect(cost.decodeFlopsPerPair / cost.prefillFlopsPerPair).toBeCloseTo(1088 / 320, 6);
  });

  it('keeps the whole context in half the layers of gpt-oss, and a window in the others', () => {
    const cost = attentionCost(shapeOf('gpt-oss-120b'));
    expect(cost.kvValuesPerToken).toBe(18 * 2 * 8 * 64);
    expect(cost.windowValuesPerToken).toBe(cost.kvValuesPerToken);
  });

  it('keeps a cache only in every fourth layer of Qwen3.5', () => {
    expect(attentionCost(shapeOf('qwen3.5-397b-a17b')).kvValuesPerToken).toBe(15 * 2 * 2 * 256);
  });

  it('counts active parameters as the model cards say', () => {
    const active = (id: string) => activeParams(shapeOf(id)) / 1e9;
    expect(active('deepseek-r1')).toBeCloseTo(37, -1);
    expect(active('kimi-k2.5')).toBeCloseTo(32, -1);
    expect(active('glm-5')).toBeCloseTo(40, -1);
    expect(active('qwen3.5-397b-a17b')).toBeCloseTo(17, 0);
  });

  it('is positive for every model', () => {
    for (const shape of models()) {
      const { params, kvValuesPerToken, prefillFlopsPerPair } = attentionCost(shape);
      expect(Math.min(params, kvValuesPerToken, prefillFlopsPerPair), shape.id).toBeGreaterThan(0);
    }
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findAccelerator } from '../../catalog/accelerators.ts';
import { findModel } from '../../catalog/models.ts';
import type { EngineKind, EngineSettings } from '../engine/create-engine.ts';
import { powerModel } from '../time/power.ts';
import { rooflineStepTime } from '../time/roofline.ts';
import type { ServingRequest } from './serving-request.ts';
import type { ServingResult } from './serving-result.ts';
import { simulateServing, type ReplicaSpec, type ServingOptions } from './simulate-serving.ts';

function replica(engine: EngineSettings): ReplicaSpec {
  const accelerator = findAccelerator('h100-sxm');
  const model = findModel('llama-3.1-8b');
  if (accelerator === null || model === null) throw new Error('not in the catalog');
  const time = rooflineStepTime({ accelerator, model, tensorParallel: 1, quantization: 'bf16' });
  const power = powerModel(accelerator);
  if (!time.ok || !power.ok) throw new Error('no model');
  return { engine, time: time.value, power: power.value, accelerators: 1 };
}

function run(options: ServingOptions): ServingResult {
  const result = simulateServing(options);
  if (!result.ok) throw result.error;
  return result.value;
}

const engine: fc.Arbitrary<EngineSettings> = fc.record({
  kind: fc.constantFrom<EngineKind>('vllm', 'sglang', 'tensorrt-llm'),
  maxSequences: fc.integer({ min: 1, max: 12 }),
  maxBatchedTokens: fc.integer({ min: 16, max: 600 }),
  kvBlocks: fc.integer({ min: 30, max: 120 }),
  maxContext: fc.constant(8192),
  policy: fc.record({
    prefixCaching: fc.boolean(),
    asyncScheduling: fc.boolean(),
    order: fc.constantFrom('fcfs' as const, 'priority' as const),
  }),
  hostTier: fc.record({
    blocks: fc.constantFrom(0, 3, 50),
    kvBytesPerToken: fc.constant(131_072),
    bytesPerS: fc.constant(2e10),
  }),
});

const request = fc.record({
  gapS: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.3, noNaN: true })),
  promptTokens: fc.integer({ min: 1, max: 300 }),
  outputTokens: fc.integer({ min: 0, max: 120 }),
  priority: fc.integer({ min: 0, max: 2 }),
  topic: fc.integer({ min: 0, max: 3 }),
});

const requests: fc.Arbitrary<ServingRequest[]> = fc
  .array(request, { minLength: 1, maxLength: 40 })
  .map((all) => {
    let arrivalS = 0;
    return all.map(({ gapS, topic, ...one }) => {
      arrivalS += gapS;
      const blocks = Math.floor(one.promptTokens / 16);
      const blockIds =
        topic === 0 ? null : Array.from({ length: blocks }, (_, i) => topic * 100 + i);
      return { ...one, arrivalS, blockIds, tokensPerBlockId: 16 };
    });
  });

describe('simulateServing', () => {
  it('gives the same with the fast path as step by step, and the same each time', () => {
    fc.assert(
      fc.property(fc.array(engine, { minLength: 1, maxLength: 3 }), requests, (engines, load) => {
        const options = { replicas: engines.map(replica), requests: load };
        const fast = run({ ...options, fastPath: true });
        const slow = run({ ...options, fastPath: false });
        expect(fast).toEqual(slow);
        expect(run(options)).toEqual(fast);
      }),
    );
  });

  it('ends every request, and its causes add up to its time', () => {
    fc.assert(
      fc.property(engine, requests, (settings, load) => {
        const result = run({ replicas: [replica(settings)], requests: load });
        expect(result.complete).toBe(true);
        expect(result.requests.finished + result.requests.refused).toBe(load.length);
        expect(result.requests.refused).toBe(0);
        const { causes, e2eMs } = result;
        if (causes === null) throw new Error('no causes');
        const parts = Object.values(causes.all).reduce((total, part) => total + part, 0);
        expect(parts).toBeCloseTo(e2eMs.mean.value ?? Number.NaN, 6);
        for (const part of Object.values(causes.all)) expect(part).toBeGreaterThanOrEqual(-1e-6);
        const shares = Object.values(result.utilization).reduce((total, one) => total + one, 0);
        expect(shares).toBeCloseTo(1, 9);
      }),
    );
  });
});

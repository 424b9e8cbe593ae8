import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StepTimeModel } from '../time/step-time.ts';
import { createPipeline } from './pipeline.ts';
import { simulateServing, type ReplicaSpec } from './simulate-serving.ts';

const STEP_MS = 40;
const TRANSFER_MS = 0.5;

/** Every step takes as long, so that schedules can be computed by hand. */
const time: StepTimeModel = {
  provenance: 'roofline',
  stepTime: () => ({
    totalMs: STEP_MS,
    computeMs: STEP_MS,
    memoryMs: 0,
    collectiveMs: 0,
    overheadMs: 0,
  }),
};

const replica = (stages: number, transferMs: number): ReplicaSpec => ({
  engine: {
    kind: 'vllm',
    maxSequences: 1,
    maxBatchedTokens: 1024,
    kvBlocks: 1000,
    maxContext: 4096,
    policy: { asyncScheduling: false, prefixCaching: false },
  },
  time,
  power: null,
  accelerators: stages,
  pipeline: { stages, transferMs: () => transferMs },
});

function run(stages: number, transferMs: number, requests: number, outputTokens: number) {
  const result = simulateServing({
    replicas: [replica(stages, transferMs)],
    requests: Array.from({ length: requests }, () => ({
      arrivalS: 0,
      promptTokens: 100,
      outputTokens,
    })),
  });
  if (!result.ok) throw result.error;
  return result.value;
}

describe('pipeline stages', () => {
  it('let m equal steps out after (m + p - 1) stage times, and transfers between', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 40 }), (p, m) => {
        const pipeline = createPipeline(p);
        let last = 0;
        for (let i = 0; i < m; i += 1) last = pipeline.enter(0, 2, 0.25);
        // Transfers overlap with the next step, as the links are not what limits.
        expect(last).toBeCloseTo((m + p - 1) * 2 + (p - 1) * 0.25, 9);
      }),
    );
  });

  it.each([2, 4, 8])('take a token alone no faster, and leave the rest of %i stages idle', (p) => {
    const { tpotMs, utilization } = run(p, TRANSFER_MS, 1, 50);
    expect(tpotMs.mean.value).toBeCloseTo(STEP_MS + (p - 1) * TRANSFER_MS, 6);
    const busy = STEP_MS / p / (STEP_MS + (p - 1) * TRANSFER_MS);
    expect(1 - utilization.idle).toBeCloseTo(busy, 6);
  });

  it.each([2, 4, 8])('carry as many times the tokens with %i batches under way', (p) => {
    const tokens = 200;
    const spanMs = run(p, 0, p, tokens).spanS * 1000;
    // The batches start one stage time apart: the bubble of filling and draining.
    expect(spanMs).toBeCloseTo(tokens * STEP_MS + ((p - 1) * STEP_MS) / p, 4);
    const one = run(1, 0, p, tokens).spanS * 1000;
    expect(one / spanMs).toBeGreaterThan(p * 0.99);
  });

  it('book all time of every request to a cause', () => {
    const { causes, e2eMs } = run(4, TRANSFER_MS, 9, 20);
    const sum = Object.values(causes?.all ?? {}).reduce((total, ms) => total + ms, 0);
    expect(sum).toBeCloseTo(e2eMs.mean.value ?? 0, 6);
  });

  it('are refused when they are not a count', () => {
    const result = simulateServing({ replicas: [replica(0, 0)], requests: [] });
    expect(!result.ok && result.error.field).toBe('replicas[0].pipeline.stages');
  });
});

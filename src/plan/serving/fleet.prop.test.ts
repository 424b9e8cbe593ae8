import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../core/random.ts';
import type { EngineSettings } from '../engine/create-engine.ts';
import type { StepTimeModel, StepWork } from '../time/step-time.ts';
import type { ServingRequest } from './serving-request.ts';
import type { ServingResult } from './serving-result.ts';
import { simulateServing, type ReplicaSpec, type ServingOptions } from './simulate-serving.ts';

/** 10 ms a step and 0.1 ms a prompt token: figures that can be worked out by hand. */
const time: StepTimeModel = {
  provenance: 'fitted',
  stepTime(work: StepWork) {
    const computeMs = 0.1 * work.prefillTokens;
    const memoryMs = 10;
    return { totalMs: computeMs + memoryMs, computeMs, memoryMs, collectiveMs: 0, overheadMs: 0 };
  },
};
const engine: EngineSettings = {
  kind: 'vllm',
  maxSequences: 16,
  maxBatchedTokens: 512,
  kvBlocks: 400,
  maxContext: 4096,
  policy: { asyncScheduling: false },
};
const replica: ReplicaSpec = { engine, time, power: null, accelerators: 1 };

function run(options: ServingOptions): ServingResult {
  const result = simulateServing(options);
  if (!result.ok) throw result.error;
  return result.value;
}

function poisson(count: number, ratePerS: number, seed = 1): ServingRequest[] {
  const random = createRandom(seed);
  let arrivalS = 0;
  return Array.from({ length: count }, () => {
    arrivalS += random.exponential(1 / ratePerS);
    return {
      arrivalS,
      promptTokens: 1 + (random.uint32() % 200),
      outputTokens: 1 + (random.uint32() % 40),
    };
  });
}

const fleet = (count: number): ReplicaSpec[] => Array.from({ length: count }, () => replica);
/** Any combination of what may happen to a fleet. */
const troubles: fc.Arbitrary<Partial<ServingOptions>> = fc.oneof(
  fc.constant({}),
  fc.record({
    failures: fc.record({
      mtbfS: fc.double({ min: 2, max: 20, noNaN: true }),
      recoveryS: fc.double({ min: 0.1, max: 5, noNaN: true }),
    }),
  }),
  fc.record({
    disaggregation: fc.record({
      prefillReplicas: fc.constant(1),
      kvBytesPerToken: fc.constant(131_072),
      bytesPerS: fc.constantFrom(1e9, 1e11),
      latencyS: fc.constantFrom(0, 0.01),
    }),
  }),
  fc.record({
    autoscaler: fc.record({
      minReplicas: fc.constant(1),
      maxReplicas: fc.constant(3),
      targetOutstanding: fc.integer({ min: 1, max: 8 }),
      intervalS: fc.constant(1),
      startupS: fc.double({ min: 0, max: 5, noNaN: true }),
      scaleDownAfterS: fc.constant(2),
    }),
  }),
);

describe('a fleet', () => {
  it('ends every request whatever happens, accounts for all time, and repeats', () => {
    fc.assert(
      fc.property(
        troubles,
        fc.integer({ min: 1, max: 60 }),
        fc.nat(1000),
        (trouble, count, seed) => {
          const options = {
            ...trouble,
            replicas: fleet(3),
            requests: poisson(count, 5, seed),
            seed,
          };
          const result = run(options);
          expect(result.complete).toBe(true);
          expect(result.requests).toMatchObject({ finished: count, refused: 0, unfinished: 0 });
          const { causes, e2eMs } = result;
          if (causes === null) throw new Error('no causes');
          const parts = Object.values(causes.all).reduce((sum, part) => sum + part, 0);
          expect(parts).toBeCloseTo(e2eMs.mean.value ?? Number.NaN, 6);
          const shares = Object.values(result.utilization).reduce((sum, one) => sum + one, 0);
          expect(shares).toBeCloseTo(1, 6);
          const inSeries = result.series.reduce((sum, point) => sum + point.finished, 0);
          expect(inSeries).toBe(result.series.length === 0 ? 0 : count);
          expect(run({ ...options, fastPath: false })).toEqual(result);
        },
      ),
    );
  });

  it('keeps requests from a replica that is down, and pays for the recovery in latency', () => {
    const requests = poisson(300, 4);
    const calm = run({ replicas: fleet(2), requests });
    const shaky = run({
      replicas: fleet(2),
      requests,
      failures: { mtbfS: 10, recoveryS: 3 },
    });
    expect(calm.failures).toBe(0);
    expect(shaky.failures).toBeGreaterThan(5);
    expect(shaky.utilization.blocked).toBeGreaterThan(0.1);
    expect(shaky.e2eMs.p99.value ?? 0).toBeGreaterThan(calm.e2eMs.p99.value ?? 0);
  });

  it('moves the first token out of the way of decodes, for the price of a transfer', () => {
    const requests = poisson(400, 12);
    const settings = { kvBytesPerToken: 131_072, latencyS: 0.02, prefillReplicas: 1 };
    const together = run({ replicas: fleet(2), requests });
    const apart = run({
      replicas: fleet(2),
      requests,
      disaggregation: { ...settings, bytesPerS: 1e11 },
    });
    expect(together.causes?.all.interferenceMs).toBeGreaterThan(1);
    expect(apart.causes?.all.interferenceMs).toBe(0);
    expect(apart.causes?.all.networkMs).toBeGreaterThanOrEqual(19);
  });

  it('grows under load after its start-up delay, and shrinks again', () => {
    const burst = poisson(2000, 150);
    const lull = poisson(60, 0.5, 2);
    for (const one of lull) one.arrivalS += 30;
    const settings = {
      minReplicas: 1,
      maxReplicas: 4,
      targetOutstanding: 8,
      intervalS: 1,
      scaleDownAfterS: 5,
    };
    const scaled = (startupS: number): ServingResult =>
      run({
        replicas: fleet(4),
        requests: [...burst, ...lull],
        autoscaler: { ...settings, startupS },
      });
    const [quick, slow] = [scaled(0), scaled(20)];
    expect(slow.queueMs.p95.value ?? 0).toBeGreaterThan((quick.queueMs.p95.value ?? 0) + 1000);
    const fixed = run({ replicas: fleet(4), requests: [...burst, ...lull] });
    expect(quick.utilization.idle).toBeLessThan(fixed.utilization.idle);
  });

  it('refuses what exceeds its admission limit', () => {
    const requests = Array.from({ length: 50 }, () => ({
      arrivalS: 0,
      promptTokens: 10,
      outputTokens: 5,
    }));
    const result = run({ replicas: fleet(1), requests, maxOutstanding: 20 });
    expect(result.requests).toEqual({ offered: 50, finished: 20, refused: 30, unfinished: 0 });
  });

  it('finds shared prefixes more often when it routes by them', () => {
    const random = createRandom(3);
    let arrivalS = 0;
    const requests = Array.from({ length: 400 }, () => {
      arrivalS += random.exponential(0.1);
      const topic = random.uint32() % 40;
      const blockIds = Array.from({ length: 20 }, (_, i) => topic * 100 + i);
      return { arrivalS, promptTokens: 320, outputTokens: 10, blockIds, tokensPerBlockId: 16 };
    });
    const hits = (router: 'prefix-affine' | 'least-outstanding'): number =>
      run({ replicas: fleet(4), requests, router }).prefixHitShare;
    expect(hits('prefix-affine')).toBeGreaterThan(1.3 * hits('least-outstanding'));
  });
});

describe('bad input', () => {
  const one = { arrivalS: 0, promptTokens: 1, outputTokens: 1 };
  it.each<[string, Partial<ServingOptions>]>([
    ['replicas', { replicas: [] }],
    ['requests[0].arrivalS', { requests: [{ ...one, arrivalS: Number.NaN }] }],
    ['requests[1].arrivalS', { requests: [{ ...one, arrivalS: 2 }, one] }],
    ['requests[0].promptTokens', { requests: [{ ...one, promptTokens: 1.5 }] }],
    [
      'replicas[0].engine.kvBlocks',
      { replicas: [{ ...replica, engine: { ...engine, kvBlocks: 0 } }] },
    ],
    ['failures.mtbfS', { failures: { mtbfS: 0, recoveryS: 1 } }],
    [
      'disaggregation.prefillReplicas',
      { disaggregation: { prefillReplicas: 2, kvBytesPerToken: 1, bytesPerS: 1, latencyS: 0 } },
    ],
    [
      'autoscaler.minReplicas',
      {
        autoscaler: {
          minReplicas: 0,
          maxReplicas: 1,
          targetOutstanding: 1,
          intervalS: 1,
          startupS: 1,
          scaleDownAfterS: 1,
        },
      },
    ],
  ])('is refused by %s', (field, change) => {
    const result = simulateServing({ replicas: [replica], requests: [one], ...change });
    expect(result.ok ? null : result.error.field).toBe(field);
  });
});

describe('host memory behind the KV cache', () => {
  /** Rounds over more topics than the device can hold. */
  const requests = Array.from({ length: 120 }, (_, i) => ({
    arrivalS: i,
    promptTokens: 512,
    outputTokens: 4,
    blockIds: Array.from({ length: 32 }, (_block, k) => (i % 20) * 100 + k),
    tokensPerBlockId: 16,
  }));
  const hostTier = { blocks: 1000, kvBytesPerToken: 131_072, bytesPerS: 2e10 };

  it('finds what the device has evicted, for the time of a copy', () => {
    const without = run({ replicas: [replica], requests });
    const spec = { ...replica, engine: { ...engine, hostTier } };
    const withHost = run({ replicas: [spec], requests });
    expect(without.prefixHitShare).toBe(0);
    // All but the first round, and the last block of each prompt.
    expect(withHost.prefixHitShare).toBeCloseTo((100 / 120) * (31 / 32), 2);
    expect(withHost.ttftMs.p50.value ?? 0).toBeLessThan(without.ttftMs.p50.value ?? 0);
    // 496 tokens of 128 KiB at 20 GB/s.
    expect(withHost.causes?.all.hostMs).toBeCloseTo((100 / 120) * 3.25, 1);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulateServing } from '../serving/simulate-serving.ts';
import type { StepTimeModel } from '../time/step-time.ts';
import { reusableTokens } from '../workload/reusable-tokens.ts';
import { recordedWorkload } from './workload-requests.ts';

const PER_ID = 512;
const PER_BLOCK = 16;

/** Prompts as walks down a tree of texts: the same choices are the same text, so ids name whole starts. */
const rows = fc
  .array(
    fc.record({
      walk: fc.array(fc.nat(2), { minLength: 1, maxLength: 4 }),
      lastTokens: fc.integer({ min: 1, max: PER_ID }),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((prompts) =>
    prompts.map(({ walk, lastTokens }, i) => {
      const whole = walk.map((_, depth) =>
        walk.slice(0, depth + 1).reduce((a, b) => 4 * a + b + 1, 0),
      );
      // A last block that is cut has a text of its own, as in the recorded traces.
      const ids = lastTokens === PER_ID ? whole : [...whole.slice(0, -1), 1_000_000 + i];
      return {
        // Far apart: nobody meets anybody.
        atMs: i * 1e6,
        inputTokens: (walk.length - 1) * PER_ID + lastTokens,
        outputTokens: 1,
        blockIds: ids,
      };
    }),
  );

/**
 * Hits of one request after another in a least recently used list of blocks: written from the rule, without the
 * product's pool, queue or scheduler. Of one prompt the end counts as older than the start.
 */
function lruHits(
  requests: ReturnType<ReturnType<typeof recordedWorkload>['requests']>,
  capacity: number,
): number[] {
  let oldestFirst: string[] = Array.from({ length: capacity }, (_, i) => `empty ${i}`);
  return requests.map(({ promptTokens, blockIds }, request) => {
    const held = Math.ceil(promptTokens / PER_BLOCK);
    const names = Array.from({ length: held }, (_, i) => {
      const id = blockIds?.[Math.floor((i * PER_BLOCK) / PER_ID)];
      const isFull = (i + 1) * PER_BLOCK <= promptTokens;
      return isFull ? `${id} ${i}` : `part of ${request}`;
    });
    const most = Math.floor((promptTokens - 1) / PER_BLOCK);
    let hits = 0;
    while (hits < most && oldestFirst.includes(names[hits] ?? '')) hits += 1;
    const found = new Set(names.slice(0, hits));
    const rest = oldestFirst.filter((name) => !found.has(name)).slice(held - hits);
    // A block that is computed again beside its older copy leaves that copy where it is.
    oldestFirst = [...rest, ...names.toReversed()];
    return hits * PER_BLOCK;
  });
}

const time: StepTimeModel = {
  provenance: 'roofline',
  stepTime: ({ prefillTokens, decodeTokens }) => {
    const totalMs = 1 + 0.01 * prefillTokens + 0.1 * decodeTokens;
    return { totalMs, computeMs: totalMs, memoryMs: 0, collectiveMs: 0, overheadMs: 0 };
  },
};

const engine = (kvBlocks: number, prefixCaching: boolean) => ({
  kind: 'vllm' as const,
  maxSequences: 8,
  maxBatchedTokens: 1024,
  kvBlocks,
  maxContext: 100_000,
  policy: { prefixCaching, asyncScheduling: false },
});

describe('prefix caching in plans', () => {
  it('finds what an independent list of least recently used blocks finds', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 130, max: 400 }), (recorded, kvBlocks) => {
        const requests = recordedWorkload('m', recorded).requests(recorded.length);
        const expected = lruHits(requests, kvBlocks);
        const run = simulateServing({
          replicas: [{ engine: engine(kvBlocks, true), time, power: null, accelerators: 1 }],
          requests,
        });
        if (!run.ok) throw run.error;
        const total = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
        const prompts = total(requests.map((one) => one.promptTokens));
        expect(run.value.prefixHitShare).toBeCloseTo(total(expected) / prompts, 12);
        const most = reusableTokens(requests);
        for (const [i, hit] of expected.entries()) expect(hit).toBeLessThanOrEqual(most[i] ?? 0);
      }),
    );
  });

  it('never makes the first token of prompts that do not meet later', () => {
    fc.assert(
      fc.property(rows, (recorded) => {
        const meanTtft = (prefixCaching: boolean): number => {
          const run = simulateServing({
            replicas: [{ engine: engine(400, prefixCaching), time, power: null, accelerators: 1 }],
            requests: recordedWorkload('m', recorded).requests(recorded.length),
          });
          return run.ok ? (run.value.ttftMs.mean.value ?? 0) : Number.NaN;
        };
        expect(meanTtft(true)).toBeLessThanOrEqual(meanTtft(false) + 1e-9);
      }),
    );
  });

  it('starts the record again with other texts, and forgets ids where reuse is not wanted', () => {
    const recorded = [{ atMs: 0, inputTokens: 600, outputTokens: 1, blockIds: [7, 9] }];
    const twice = recordedWorkload('m', recorded).requests(2);
    expect(twice.map((one) => one.blockIds)).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(reusableTokens(twice)).toEqual([0, 0]);
    const without = recordedWorkload('m', recorded, undefined, false).requests(1);
    expect(without[0]?.blockIds).toBeUndefined();
  });
});

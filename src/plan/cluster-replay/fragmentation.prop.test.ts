import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFragmentation } from './fragmentation.ts';
import type { TargetPod } from './target-workload.ts';

const MODELS = [null, 'T4', 'A10', 'other'] as const;

const target: fc.Arbitrary<TargetPod[]> = fc
  .array(
    fc.record({
      cpuMilli: fc.constantFrom(100, 1000, 4000, 16_000),
      gpuCount: fc.constantFrom(0, 1, 1, 2, 4),
      share: fc.integer({ min: 1, max: 1000 }),
      gpuModels: fc.constantFrom([], ['T4'], ['T4', 'A10']),
      weight: fc.integer({ min: 1, max: 100 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((pods) => {
    const all = pods.reduce((sum, { weight }) => sum + weight, 0);
    return pods.map(({ cpuMilli, gpuCount, share, gpuModels, weight }) => ({
      cpuMilli,
      gpuCount,
      gpuMilli: gpuCount === 0 ? 0 : gpuCount === 1 ? share : 1000,
      gpuModels: gpuCount === 0 ? [] : gpuModels,
      popularity: weight / all,
    }));
  });

const cards = fc.array(fc.oneof(fc.constantFrom(0, 1000), fc.integer({ min: 0, max: 1000 })), {
  minLength: 1,
  maxLength: 8,
});

/** The definition (Weng et al., ATC'23, section 3.2), pod by pod and card by card. */
function byDefinition(
  pods: readonly TargetPod[],
  cpuLeft: number,
  left: readonly number[],
  model: string | null,
): number {
  const free = left.reduce((sum, milli) => sum + milli, 0);
  return pods.reduce((sum, pod) => {
    const accepted =
      pod.gpuModels.length === 0 || (model !== null && pod.gpuModels.includes(model));
    const enough = left.filter((milli) => milli >= pod.gpuMilli).length >= pod.gpuCount;
    const hosts = pod.gpuCount > 0 && accepted && enough && pod.cpuMilli <= cpuLeft;
    const tooSmall = left.filter((milli) => milli < pod.gpuMilli);
    const milli = hosts ? tooSmall.reduce((rest, one) => rest + one, 0) : free;
    return sum + pod.popularity * milli;
  }, 0);
}

describe('fragmentation of a node', () => {
  it('is that of the definition', () => {
    const cpu = fc.nat(20_000);
    fc.assert(
      fc.property(target, cards, cpu, fc.constantFrom(...MODELS), (pods, left, cpuLeft, model) => {
        const fragmentation = createFragmentation(pods);
        const array = Int16Array.from([7, ...left, 9]);
        const id = fragmentation.modelId(model);
        const milli = fragmentation.nodeMilli(cpuLeft, array, 1, left.length, id);
        expect(milli).toBeCloseTo(byDefinition(pods, cpuLeft, left, model), 6);
      }),
    );
  });
});

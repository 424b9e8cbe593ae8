import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterPod } from '../../records/cluster-trace/cluster-pod.ts';
import { createRandom } from '../core/random.ts';
import { createChooseNode } from './choose-node.ts';
import { createClusterState, fits, place, release } from './cluster-state.ts';
import { createFragmentMeter } from './fragment-meter.ts';
import { placements, type PlacementName } from './placement/placements.ts';
import { shapePods, type PodShape } from './pod-shape.ts';
import { targetWorkload } from './target-workload.ts';

const pod: fc.Arbitrary<ClusterPod> = fc
  .record({
    cpuMilli: fc.constantFrom(0, 1000, 8000),
    memoryMib: fc.constantFrom(0, 4096),
    gpuCount: fc.constantFrom(0, 1, 1, 1, 2, 4),
    share: fc.integer({ min: 1, max: 1000 }),
    gpuModels: fc.constantFrom([], [], ['T4']),
  })
  .map(({ share, ...rest }) =>
    Object.assign(rest, {
      line: 1,
      name: 'p',
      gpuMilli: rest.gpuCount === 0 ? 0 : rest.gpuCount === 1 ? share : 1000,
      owner: null,
      gang: null,
      priority: null,
      arrivalS: null,
      durationS: null,
    }),
  );

const nodes = [4, 2, 8, 1].map((gpuCount, i) => ({
  name: `n${i}`,
  cpuMilli: gpuCount * 8000,
  memoryMib: gpuCount * 8192,
  gpuCount,
  gpuModel: i % 2 === 0 ? 'T4' : null,
}));

const SCORED = (Object.keys(placements) as PlacementName[]).filter((name) => name !== 'random');

describe('choosing nodes', () => {
  it('by kept scores is choosing by fresh ones, through places and releases', () => {
    const steps = fc.array(fc.record({ pod: fc.nat(7), leaves: fc.boolean() }), { maxLength: 60 });
    const kinds = fc.array(pod, { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(kinds, steps, fc.constantFrom(...SCORED), (pods, moves, name) => {
        const { shapeOf, shapes } = shapePods(pods);
        const target = targetWorkload({ shapeOf, shapes });
        const state = createClusterState(nodes);
        const random = createRandom(1);
        const placement = placements[name]({ state, target, random });
        const kept = createChooseNode(state, placement, random);
        const meter = createFragmentMeter(state, target);
        const seated: Array<{ node: number; shape: PodShape; cards: number[] }> = [];
        for (const move of moves) {
          const last = move.leaves ? seated.pop() : undefined;
          if (last !== undefined) release(state, last.node, last.shape, last.cards);
          const shape = shapeOf[move.pod % shapeOf.length];
          if (shape === undefined) continue;
          const node = kept(shape);
          expect(node).toBe(createChooseNode(state, placement, random)(shape));
          expect(node >= 0).toBe(nodes.some((_, n) => fits(state, n, shape)));
          if (node < 0) continue;
          const cards = placement.pickCards(node, shape);
          place(state, node, shape, cards);
          seated.push({ node, shape, cards });
          meter.catchUp();
          expect(meter.totalMilli()).toBeCloseTo(
            createFragmentMeter(state, target).totalMilli(),
            6,
          );
        }
        for (const { node, shape, cards } of seated) release(state, node, shape, cards);
        expect(state.usedGpuMilli).toBe(0);
        expect([...state.gpuLeftInAll]).toEqual(nodes.map(({ gpuCount }) => gpuCount * 1000));
        expect([...state.affinityCount]).toEqual(nodes.map(() => 0));
      }),
    );
  });
});

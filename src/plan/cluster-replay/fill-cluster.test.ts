import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readNodes } from '../../records/cluster-trace/read-nodes.ts';
import { readPods } from '../../records/cluster-trace/read-pods.ts';
import { fillCluster, type FillOptions } from './fill-cluster.ts';
import { placements, type PlacementName } from './placement/placements.ts';
import { shapePods } from './pod-shape.ts';
import { targetWorkload } from './target-workload.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../../../test/fixtures/openb/${name}`, import.meta.url), 'utf8');

const nodes = readNodes(fixture('nodes.csv'));
const pods = shapePods(readPods(fixture('pods.csv')).pods);
const target = targetWorkload(pods);
const fill = (placement: PlacementName, seed = 42): ReturnType<typeof fillCluster> => {
  const options: FillOptions = { nodes, pods, target, placement, seed, fillTo: 1.3 };
  return fillCluster(options);
};

describe('a filled cluster', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(fill('fgd')).toEqual(fill('fgd'));
    expect(fill('fgd', 43).points).not.toEqual(fill('fgd').points);
  });

  it.each(Object.keys(placements) as PlacementName[])('%s keeps to the books', (placement) => {
    const { points, arrived, placed, refused } = fill(placement);
    expect(placed + refused).toBe(arrived);
    expect(refused).toBeGreaterThan(0);
    for (const point of points) {
      expect(point.allocatedPct).toBeLessThanOrEqual(Math.min(100, point.arrivedPct + 0.51));
      expect(point.fragmentedPct).toBeLessThanOrEqual(100 - point.allocatedPct + 1e-9);
    }
    expect(points.at(-1)?.arrivedPct).toBe(130);
  });

  it('by the fragmentation gradient leaves fewer fragments than at random, on every seed', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const at80 = (placement: PlacementName): number =>
        fill(placement, seed).points.find(({ arrivedPct }) => arrivedPct === 80)?.fragmentedPct ??
        0;
      expect(at80('fgd')).toBeLessThan(at80('random'));
    }
  });
});

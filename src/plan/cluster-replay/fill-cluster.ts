import type { ClusterNode } from '../../records/cluster-trace/cluster-node.ts';
import { createRandom, mixSeeds } from '../core/random.ts';
import { createChooseNode } from './choose-node.ts';
import { createClusterState, place } from './cluster-state.ts';
import { createFragmentMeter } from './fragment-meter.ts';
import { fillArrivals, shuffle } from './fill-arrivals.ts';
import { placements, type PlacementName } from './placement/placements.ts';
import type { ShapedPods } from './pod-shape.ts';
import type { TargetPod } from './target-workload.ts';

export interface FillOptions {
  nodes: readonly ClusterNode[];
  pods: ShapedPods;
  target: readonly TargetPod[];
  placement: PlacementName;
  seed: number;
  /** Requests at which arrivals stop, as a share of all cards: 1.3 is 130 %. */
  fillTo: number;
}

/** The cluster while arrivals stood at one whole percent of its cards: means over them. */
export interface FillPoint {
  arrivedPct: number;
  /** Cards allocated, in percent of all cards. */
  allocatedPct: number;
  /** Free card capacity that the target workload cannot use, in percent of all cards. */
  fragmentedPct: number;
  /** The same in percent of the free capacity. */
  fragmentedOfFreePct: number;
}

export interface FillRun {
  seed: number;
  points: FillPoint[];
  arrived: number;
  placed: number;
  /** Pods that found no node, by cards asked for and share of a card. */
  refused: number;
}

/**
 * Fills the cluster once. The same seed gives every placement the same arrivals and the same order
 * of nodes, so that runs can be compared in pairs. About 60 us a pod on 1,213 nodes.
 */
export function fillCluster(options: FillOptions): FillRun {
  const { pods, target, seed } = options;
  const nodes = shuffle(options.nodes, createRandom(mixSeeds(seed, 1)));
  const state = createClusterState(nodes);
  const targetMilli = options.fillTo * state.totalGpuMilli;
  const arrivals = fillArrivals(pods.shapeOf, targetMilli, createRandom(mixSeeds(seed, 2)));
  const random = createRandom(mixSeeds(seed, 3));
  const placement = placements[options.placement]({ state, target, random });
  const chooseNode = createChooseNode(state, placement, random);
  const meter = createFillMeter(state.totalGpuMilli);
  const fragments = createFragmentMeter(state, target);
  let placed = 0;
  for (const shape of arrivals) {
    const node = chooseNode(shape);
    if (node >= 0) {
      place(state, node, shape, placement.pickCards(node, shape));
      fragments.catchUp();
      placed += 1;
    }
    meter.add(shape.gpuMilliInAll, state.usedGpuMilli, fragments.totalMilli());
  }
  const points = meter.points();
  return { seed, points, arrived: arrivals.length, placed, refused: arrivals.length - placed };
}

interface Sums {
  count: number;
  allocated: number;
  fragmented: number;
  ofFree: number;
}

/** Means over the arrivals that round to the same percent, as the published analysis bins them. */
function createFillMeter(totalMilli: number): {
  add(arrivedMilli: number, usedMilli: number, fragmentedMilli: number): void;
  points(): FillPoint[];
} {
  const bins = new Map<number, Sums>();
  let arrived = 0;
  return {
    add: (arrivedMilli, usedMilli, fragmentedMilli) => {
      arrived += arrivedMilli;
      const pct = Math.round((arrived / totalMilli) * 100);
      const sums = bins.get(pct) ?? { count: 0, allocated: 0, fragmented: 0, ofFree: 0 };
      bins.set(pct, sums);
      const free = totalMilli - usedMilli;
      sums.count += 1;
      sums.allocated += (100 * usedMilli) / totalMilli;
      sums.fragmented += (100 * fragmentedMilli) / totalMilli;
      sums.ofFree += free === 0 ? 0 : (100 * fragmentedMilli) / free;
    },
    points: () =>
      [...bins].map(([arrivedPct, { count, allocated, fragmented, ofFree }]) => ({
        arrivedPct,
        allocatedPct: allocated / count,
        fragmentedPct: fragmented / count,
        fragmentedOfFreePct: ofFree / count,
      })),
  };
}

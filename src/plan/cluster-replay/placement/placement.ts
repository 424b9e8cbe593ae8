import type { Random } from '../../core/random.ts';
import type { ClusterState } from '../cluster-state.ts';
import type { PodShape } from '../pod-shape.ts';
import type { TargetPod } from '../target-workload.ts';

/** How nodes are ranked for a pod, and which cards it gets on the node that wins. */
export interface Placement {
  /**
   * Score of a node that fits the pod; the highest wins, of equals the first node. Whole numbers,
   * as the Kubernetes scheduler compares them. Depends on the node's state and the shape only: it
   * is cached until the node changes. Null: nodes are drawn at random instead.
   */
  score: ((node: number, shape: PodShape) => number) | null;
  /** Cards for the pod on a node that fits it, `gpuCount` of them. */
  pickCards(node: number, shape: PodShape): number[];
}

export interface PlacementContext {
  state: ClusterState;
  target: readonly TargetPod[];
  random: Random;
}

/** Makes a placement for one run over one cluster state. */
export type PlacementMaker = (context: PlacementContext) => Placement;

/** Highest score of a node, MaxNodeScore of the Kubernetes scheduler framework. */
export const MAX_SCORE = 100;

/**
 * What CPU and card capacity are divided by before they are compared, so that one full machine of
 * the largest kind is 1: the specification limits of the published simulator (128 cores, 8 cards).
 * Larger machines score beyond 1, which keeps their order.
 */
export const LARGEST_NODE = { cpuMilli: 128_000, gpuMilli: 8_000 } as const;

import type { Random } from '../core/random.ts';
import { changedSince, fits, type ClusterState } from './cluster-state.ts';
import type { Placement } from './placement/placement.ts';
import type { PodShape } from './pod-shape.ts';

/** Finds the node for a pod; -1 when none fits. */
export type ChooseNode = (shape: PodShape) => number;

/** Score of a node that does not fit. */
const UNFIT = -1;

interface ShapeCache {
  scores: Int32Array;
  /** Changes of the state that the scores know of. */
  seen: number;
}

/**
 * Ranks all nodes by the placement. Scores are kept for each shape and only the nodes that changed
 * since its last pod are scored again: a pod costs one scan over the nodes (1 us for 1,000) plus a
 * few scores.
 */
export function createChooseNode(
  state: ClusterState,
  placement: Placement,
  random: Random,
): ChooseNode {
  const caches = new Map<number, ShapeCache>();
  const scoreOf = (node: number, shape: PodShape): number =>
    fits(state, node, shape) ? (placement.score?.(node, shape) ?? 0) : UNFIT;
  return (shape) => {
    const cache = refresh(caches.get(shape.id) ?? null, state, (node) => scoreOf(node, shape));
    caches.set(shape.id, cache);
    return placement.score === null ? anyFit(cache.scores, random) : highest(cache.scores);
  };
}

function refresh(
  cache: ShapeCache | null,
  state: ClusterState,
  score: (node: number) => number,
): ShapeCache {
  const seen = state.changeCount;
  if (cache === null) return { scores: Int32Array.from(state.nodes, (_, n) => score(n)), seen };
  for (const node of changedSince(state, cache.seen)) cache.scores[node] = score(node);
  cache.seen = seen;
  return cache;
}

function highest(scores: Int32Array): number {
  let best = -1;
  let bestScore = UNFIT;
  for (let node = 0; node < scores.length; node += 1) {
    const score = scores[node] ?? UNFIT;
    if (score <= bestScore) continue;
    best = node;
    bestScore = score;
  }
  return best;
}

function anyFit(scores: Int32Array, random: Random): number {
  let open = 0;
  for (const score of scores) if (score !== UNFIT) open += 1;
  if (open === 0) return -1;
  let skip = Math.floor(random.uniform() * open);
  return scores.findIndex((score) => score !== UNFIT && skip-- === 0);
}

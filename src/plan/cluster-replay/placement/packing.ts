import { CARD_MILLI, type ClusterState } from '../cluster-state.ts';
import type { PodShape } from '../pod-shape.ts';
import { MAX_SCORE, type PlacementMaker } from './placement.ts';
import { tightestCards } from './pick-cards.ts';

const THIRD = Math.trunc(MAX_SCORE / 3);
const HALF = MAX_SCORE / 2;

/**
 * GPU Packing: first cards already shared, then free cards of nodes in use, then free nodes
 * (MLaaS in the Wild, Weng et al., NSDI'22; as in Weng et al., ATC'23).
 */
export const packing: PlacementMaker = ({ state }) => ({
  score: (node, shape) => packingScore(state, node, shape),
  pickCards: (node, shape) => tightestCards(state, node, shape),
});

function packingScore(state: ClusterState, node: number, shape: PodShape): number {
  if (shape.gpuCount === 0) return 0;
  const from = node * state.stride;
  const count = state.gpuCount[node] ?? 0;
  const left = [...state.gpuLeft.subarray(from, from + count)].sort((a, b) => a - b);
  const free = left.filter((milli) => milli === CARD_MILLI).length;
  if (free === count) return Math.max(THIRD - free, free);
  const taken = left.filter((milli) => milli >= shape.gpuMilli).slice(0, shape.gpuCount);
  const takenFree = taken.filter((milli) => milli === CARD_MILLI).length;
  if (takenFree > 0) return Math.max(HALF - takenFree, THIRD);
  const percentLeft = taken.reduce((sum, milli) => sum + Math.trunc((milli * 100) / CARD_MILLI), 0);
  return Math.max(MAX_SCORE - Math.trunc(percentLeft / 10), HALF);
}

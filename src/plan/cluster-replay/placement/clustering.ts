import { affinityIndex } from '../cluster-state.ts';
import { LARGEST_NODE, MAX_SCORE, type PlacementMaker } from './placement.ts';
import { tightestCards } from './pick-cards.ts';

const BAND = MAX_SCORE / 4;

/**
 * GPU Clustering: pods that ask for the same number of cards share nodes (Gandiva, Xiao et al.,
 * OSDI'18; as in Weng et al., ATC'23). Best is a node with such pods only, then one with such pods
 * among others, then an empty one, then the rest; within each, the one with the least left.
 */
export const clustering: PlacementMaker = ({ state }) => ({
  score: (node, { affinity }) => {
    if (affinity === null) return 0;
    const held = state.affinityCount[node] ?? 0;
    const alike = (state.affinityPods[affinityIndex(node, affinity)] ?? 0) > 0;
    const band = alike ? (held === 1 ? 3 : 2) : held === 0 ? 1 : 0;
    const used = LARGEST_NODE.gpuMilli - (state.gpuLeftInAll[node] ?? 0);
    return Math.trunc((BAND * used) / LARGEST_NODE.gpuMilli) + band * BAND;
  },
  pickCards: (node, shape) => tightestCards(state, node, shape),
});

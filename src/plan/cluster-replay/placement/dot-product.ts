import { scoredCpuMilli } from '../target-workload.ts';
import { LARGEST_NODE, MAX_SCORE, type PlacementMaker } from './placement.ts';
import { tightestCards } from './pick-cards.ts';

/**
 * Dot-Product: the node whose free capacity and the pod's demand, as vectors of CPU and cards, have
 * the smallest product (after Tetris, Grandl et al., SIGCOMM'14; as in Weng et al., ATC'23).
 */
export const dotProduct: PlacementMaker = ({ state }) => ({
  score: (node, shape) => {
    const cpu =
      ((state.cpuLeft[node] ?? 0) / LARGEST_NODE.cpuMilli) *
      (scoredCpuMilli(shape) / LARGEST_NODE.cpuMilli);
    const cards =
      ((state.gpuLeftInAll[node] ?? 0) / LARGEST_NODE.gpuMilli) *
      (shape.gpuMilliInAll / LARGEST_NODE.gpuMilli);
    return Math.trunc(MAX_SCORE * (1 - (cpu + cards) / 2));
  },
  pickCards: (node, shape) => tightestCards(state, node, shape),
});

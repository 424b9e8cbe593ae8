import { scoredCpuMilli } from '../target-workload.ts';
import { LARGEST_NODE, MAX_SCORE, type PlacementMaker } from './placement.ts';
import { tightestCards } from './pick-cards.ts';

/**
 * Best-Fit: the node with the least left after the pod, CPU and cards weighing the same
 * (Protean, Hadary et al., OSDI'20, as compared in Weng et al., ATC'23, section 6.1).
 */
export const bestFit: PlacementMaker = ({ state }) => ({
  score: (node, shape) => {
    const cpu = ((state.cpuLeft[node] ?? 0) - scoredCpuMilli(shape)) / LARGEST_NODE.cpuMilli;
    const cards = ((state.gpuLeftInAll[node] ?? 0) - shape.gpuMilliInAll) / LARGEST_NODE.gpuMilli;
    return Math.trunc((1 - (cpu * 0.5 + cards * 0.5)) * MAX_SCORE);
  },
  pickCards: (node, shape) => tightestCards(state, node, shape),
});

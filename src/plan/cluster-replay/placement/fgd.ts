import { CARD_MILLI, type ClusterState } from '../cluster-state.ts';
import { createFragmentation, type Fragmentation } from '../fragmentation.ts';
import type { PodShape } from '../pod-shape.ts';
import { scoredCpuMilli } from '../target-workload.ts';
import { MAX_SCORE, type PlacementMaker } from './placement.ts';
import { firstFreeCards } from './pick-cards.ts';

/**
 * Fragmentation Gradient Descent (Weng et al., ATC'23, section 4): the node, and on it the card,
 * where the pod makes fragmentation grow least. The change is squashed by a sigmoid over one card
 * and truncated to whole points, which is how the published scheduler ranks and what makes ties.
 */
export const fgd: PlacementMaker = ({ state, target }) => {
  const fragmentation = createFragmentation(target);
  const models = state.nodes.map(({ gpuModel }) => fragmentation.modelId(gpuModel));
  const trial = new Int16Array(state.stride);
  const best = (node: number, shape: PodShape): BestCards =>
    bestCards({ state, fragmentation, trial, model: models[node] ?? 0 }, node, shape);
  return {
    score: (node, shape) => best(node, shape).score,
    pickCards: (node, shape) => best(node, shape).cards(),
  };
};

interface BestCards {
  score: number;
  cards(): number[];
}

interface Tools {
  state: ClusterState;
  fragmentation: Fragmentation;
  trial: Int16Array;
  model: number;
}

function bestCards(tools: Tools, node: number, shape: PodShape): BestCards {
  const { state, fragmentation, trial, model } = tools;
  const from = node * state.stride;
  const count = state.gpuCount[node] ?? 0;
  const cpuLeft = state.cpuLeft[node] ?? 0;
  const before = fragmentation.nodeMilli(cpuLeft, state.gpuLeft, from, count, model);
  const cpuAfter = cpuLeft - scoredCpuMilli(shape);
  const scoreOfTrial = (): number =>
    points(before - fragmentation.nodeMilli(cpuAfter, trial, 0, count, model));
  trial.set(state.gpuLeft.subarray(from, from + count));

  if (shape.gpuCount !== 1 || shape.gpuMilli === CARD_MILLI) {
    let open = shape.gpuCount;
    for (let card = 0; card < count && open > 0; card += 1) {
      if (trial[card] !== CARD_MILLI) continue;
      trial[card] = 0;
      open -= 1;
    }
    return { score: scoreOfTrial(), cards: () => firstFreeCards(state, node, shape) };
  }
  let score = -1;
  let chosen = -1;
  for (let card = 0; card < count; card += 1) {
    const left = trial[card] ?? 0;
    // A card like an earlier one scores like it, and of equals the first one wins.
    if (left < shape.gpuMilli || trial.indexOf(left) < card) continue;
    trial[card] = left - shape.gpuMilli;
    const scored = scoreOfTrial();
    trial[card] = left;
    if (scored <= score) continue;
    score = scored;
    chosen = card;
  }
  return { score, cards: () => [chosen] };
}

const points = (decreaseMilli: number): number =>
  Math.trunc(MAX_SCORE / (1 + Math.exp(-decreaseMilli / CARD_MILLI)));

import type { PlacementMaker } from './placement.ts';
import { tightestCards } from './pick-cards.ts';

/** The first node that fits, in the order of the cluster. */
export const firstFit: PlacementMaker = ({ state }) => ({
  score: () => 0,
  pickCards: (node, shape) => tightestCards(state, node, shape),
});

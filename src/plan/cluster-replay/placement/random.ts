import type { PlacementMaker } from './placement.ts';
import { randomCards } from './pick-cards.ts';

/** Any node that fits and any card that fits, all equally likely. */
export const random: PlacementMaker = (context) => ({
  score: null,
  pickCards: (node, shape) => randomCards(context.state, node, shape, context.random),
});

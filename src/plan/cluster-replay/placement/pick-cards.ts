import type { Random } from '../../core/random.ts';
import { CARD_MILLI, type ClusterState } from '../cluster-state.ts';
import type { PodShape } from '../pod-shape.ts';

/** The first cards that are wholly free, as many as the pod asks for. */
export function firstFreeCards(state: ClusterState, node: number, shape: PodShape): number[] {
  const cards: number[] = [];
  const from = node * state.stride;
  for (let card = 0; cards.length < shape.gpuCount; card += 1) {
    if (card >= state.stride) throw new Error(`node ${node} has too few free cards`);
    if (state.gpuLeft[from + card] === CARD_MILLI) cards.push(card);
  }
  return cards;
}

/** The card with the least left that is enough for a share; whole cards go by number. */
export function tightestCards(state: ClusterState, node: number, shape: PodShape): number[] {
  if (shape.gpuMilli >= CARD_MILLI || shape.gpuCount !== 1)
    return firstFreeCards(state, node, shape);
  let best = -1;
  let bestLeft = Number.POSITIVE_INFINITY;
  for (const { card, left } of cardsWithRoom(state, node, shape)) {
    if (left >= bestLeft) continue;
    best = card;
    bestLeft = left;
  }
  return [best];
}

/** Any card with enough left for a share, drawn evenly; whole cards go by number. */
export function randomCards(
  state: ClusterState,
  node: number,
  shape: PodShape,
  random: Random,
): number[] {
  if (shape.gpuMilli >= CARD_MILLI || shape.gpuCount !== 1)
    return firstFreeCards(state, node, shape);
  const open = cardsWithRoom(state, node, shape);
  const drawn = open[Math.floor(random.uniform() * open.length)];
  return drawn === undefined ? [-1] : [drawn.card];
}

function cardsWithRoom(
  state: ClusterState,
  node: number,
  shape: PodShape,
): Array<{ card: number; left: number }> {
  const from = node * state.stride;
  const open = [];
  for (let card = 0; card < (state.gpuCount[node] ?? 0); card += 1) {
    const left = state.gpuLeft[from + card] ?? 0;
    if (left >= shape.gpuMilli) open.push({ card, left });
  }
  return open;
}

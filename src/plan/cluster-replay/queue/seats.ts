import { release, place, type ClusterState } from '../cluster-state.ts';
import type { ChooseNode } from '../choose-node.ts';
import type { Placement } from '../placement/placement.ts';
import type { PodShape } from '../pod-shape.ts';
import type { WorkUnit } from './work-unit.ts';

/** Where one pod sits. */
export interface Seat {
  node: number;
  shape: PodShape;
  cards: readonly number[];
}

/** Puts pods on nodes and takes them off, for all policies alike. */
export interface Seating {
  state: ClusterState;
  /** Seats a pod; null when no node fits. */
  seat(shape: PodShape): Seat | null;
  /** Seats every pod of the unit, or none. */
  seatAll(unit: WorkUnit): Seat[] | null;
  leave(seats: readonly Seat[]): void;
  /** Puts pods back where they sat. */
  restore(seats: readonly Seat[]): void;
}

export function createSeating(
  state: ClusterState,
  placement: Placement,
  chooseNode: ChooseNode,
): Seating {
  const seat = (shape: PodShape): Seat | null => {
    const node = chooseNode(shape);
    if (node < 0) return null;
    const cards = placement.pickCards(node, shape);
    place(state, node, shape, cards);
    return { node, shape, cards };
  };
  const leave = (seats: readonly Seat[]): void => {
    for (const { node, shape, cards } of seats) release(state, node, shape, cards);
  };
  return {
    state,
    seat,
    leave,
    restore: (seats) => {
      for (const { node, shape, cards } of seats) place(state, node, shape, cards);
    },
    seatAll: (unit) => {
      const seats: Seat[] = [];
      for (const shape of unit.shapes) {
        const taken = seat(shape);
        if (taken === null) {
          leave(seats);
          return null;
        }
        seats.push(taken);
      }
      return seats;
    },
  };
}

import { fits } from '../cluster-state.ts';
import type { PodShape } from '../pod-shape.ts';
import type { Seat, Seating } from './seats.ts';
import type { WorkUnit } from './work-unit.ts';

/** A unit that runs. */
export interface Running {
  unit: WorkUnit;
  seats: readonly Seat[];
  startedS: number;
}

export interface Preemption {
  seats: Seat[];
  victims: Running[];
}

/**
 * Makes room for a unit by stopping units of lower priority: for each pod the node where the least
 * card time is lost, on it the lowest priority first and of those the latest started. All of a
 * gang goes when one of its pods does. Null, with everything as it was, when that is not enough.
 */
export function preempt(
  seating: Seating,
  unit: WorkUnit,
  running: Iterable<Running>,
  nowS: number,
): Preemption | null {
  const lower = [...running].filter((one) => one.unit.priority < unit.priority);
  const victims: Running[] = [];
  const seats: Seat[] = [];
  for (const shape of unit.shapes) {
    let seat = seating.seat(shape);
    if (seat === null) {
      const left = lower.filter((one) => !victims.includes(one));
      for (const victim of cheapestVictims(seating, shape, left, nowS) ?? []) {
        seating.leave(victim.seats);
        victims.push(victim);
      }
      seat = seating.seat(shape);
    }
    if (seat === null) {
      seating.leave(seats);
      for (const victim of victims) seating.restore(victim.seats);
      return null;
    }
    seats.push(seat);
  }
  return { seats, victims };
}

function cheapestVictims(
  seating: Seating,
  shape: PodShape,
  candidates: readonly Running[],
  nowS: number,
): Running[] | null {
  const byNode = new Map<number, Set<Running>>();
  for (const one of candidates) {
    for (const { node } of one.seats) {
      byNode.set(node, (byNode.get(node) ?? new Set()).add(one));
    }
  }
  let best: Running[] | null = null;
  let bestLost = Number.POSITIVE_INFINITY;
  for (const [node, here] of byNode) {
    const chosen = victimsOn(seating, node, shape, [...here]);
    if (chosen === null) continue;
    const lost = chosen.reduce(
      (sum, { unit, startedS }) => sum + unit.gpuMilli * (nowS - startedS),
      0,
    );
    if (lost >= bestLost) continue;
    best = chosen;
    bestLost = lost;
  }
  return best;
}

function victimsOn(
  seating: Seating,
  node: number,
  shape: PodShape,
  here: Running[],
): Running[] | null {
  here.sort((a, b) => a.unit.priority - b.unit.priority || b.startedS - a.startedS);
  const chosen: Running[] = [];
  for (const one of here) {
    if (fits(seating.state, node, shape)) break;
    seating.leave(one.seats);
    chosen.push(one);
  }
  const enough = fits(seating.state, node, shape);
  for (const one of chosen.toReversed()) seating.restore(one.seats);
  return enough ? chosen : null;
}

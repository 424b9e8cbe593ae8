import { fits } from '../cluster-state.ts';
import type { PodShape } from '../pod-shape.ts';
import type { Running } from './preempt.ts';
import type { Seating } from './seats.ts';
import type { WorkUnit } from './work-unit.ts';

/**
 * When the unit at the head of the line could start at the latest, if nothing new started. Units
 * that are backfilled must end before (EASY backfilling, Lifka, JSSPP'95; without its second rule,
 * for cards that the head will not need). For a gang it is the latest of its pods' times, each for
 * itself, so never later than the real one: backfilling is the more careful for it. Infinity when
 * a pod fits no node. The cluster is as before afterwards.
 */
export function shadowTimeS(seating: Seating, head: WorkUnit, running: Iterable<Running>): number {
  const byNode = new Map<number, Running[]>();
  for (const one of [...running].sort((a, b) => endS(a) - endS(b))) {
    for (const node of new Set(one.seats.map((seat) => seat.node))) {
      const here = byNode.get(node);
      if (here === undefined) byNode.set(node, [one]);
      else here.push(one);
    }
  }
  const shapes = new Set(head.shapes);
  return Math.max(...[...shapes].map((shape) => podTimeS(seating, shape, byNode)));
}

function podTimeS(
  seating: Seating,
  shape: PodShape,
  byNode: ReadonlyMap<number, readonly Running[]>,
): number {
  let bestS = Number.POSITIVE_INFINITY;
  for (const [node, here] of byNode) {
    const gone: Running[] = [];
    for (const one of here) {
      if (endS(one) >= bestS || fits(seating.state, node, shape)) break;
      seating.leave(one.seats);
      gone.push(one);
    }
    const last = gone.at(-1);
    if (last !== undefined && fits(seating.state, node, shape)) bestS = Math.min(bestS, endS(last));
    for (const one of gone.toReversed()) seating.restore(one.seats);
  }
  return bestS;
}

const endS = ({ unit, startedS }: Running): number => startedS + unit.durationS;

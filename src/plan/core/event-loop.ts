import { createEventHeap } from './event-heap.ts';

/** Something that will happen at a simulated time, in seconds. */
export interface Scheduled<E> {
  timeS: number;
  event: E;
}

export interface RunSummary {
  endS: number;
  events: number;
  /** False when `maxEvents` stopped the run before the queue was empty. */
  complete: boolean;
}

/**
 * Runs a discrete-event simulation: takes the earliest event, hands it to `handle`, and queues
 * the events that come back. `handle` must not return an event in the past (a bug, thrown). Stops
 * when nothing is left, or after `maxEvents`.
 */
export function runEvents<E>(options: {
  initial: Iterable<Scheduled<E>>;
  handle: (event: E, nowS: number) => ReadonlyArray<Scheduled<E>>;
  maxEvents: number;
}): RunSummary {
  const heap = createEventHeap<E>();
  for (const { timeS, event } of options.initial) heap.push(timeS, event);
  let nowS = 0;
  let events = 0;
  while (events < options.maxEvents) {
    const next = heap.pop();
    if (next === null) return { endS: nowS, events, complete: true };
    nowS = next.timeS;
    events += 1;
    for (const { timeS, event } of options.handle(next.event, nowS)) {
      if (!(timeS >= nowS)) throw new Error(`event at ${timeS} s is before ${nowS} s`);
      heap.push(timeS, event);
    }
  }
  return { endS: nowS, events, complete: heap.size === 0 };
}

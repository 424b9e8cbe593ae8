/** A time-ordered queue. Equal times leave in the order they came, so that a run is repeatable. */
export interface EventHeap<E> {
  push(timeS: number, event: E): void;
  pop(): { timeS: number; event: E } | null;
  /** Time of the next event; infinite when there is none. */
  nextS(): number;
  readonly size: number;
}

interface Entry<E> {
  timeS: number;
  order: number;
  event: E;
}

const before = <E>(a: Entry<E>, b: Entry<E>): boolean =>
  a.timeS < b.timeS || (a.timeS === b.timeS && a.order < b.order);

/** A binary heap: push and pop cost O(log n). */
export function createEventHeap<E>(): EventHeap<E> {
  const entries: Array<Entry<E>> = [];
  let order = 0;

  const siftUp = (entry: Entry<E>): void => {
    let at = entries.length;
    entries.push(entry);
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = entries[parentAt];
      if (parent === undefined || !before(entry, parent)) break;
      entries[at] = parent;
      at = parentAt;
    }
    entries[at] = entry;
  };

  const siftDown = (entry: Entry<E>): void => {
    let at = 0;
    for (;;) {
      let childAt = 2 * at + 1;
      let child = entries[childAt];
      const right = entries[childAt + 1];
      if (child === undefined) break;
      if (right !== undefined && before(right, child)) {
        childAt += 1;
        child = right;
      }
      if (!before(child, entry)) break;
      entries[at] = child;
      at = childAt;
    }
    entries[at] = entry;
  };

  return {
    push(timeS, event) {
      siftUp({ timeS, order, event });
      order += 1;
    },
    pop() {
      const first = entries[0];
      const last = entries.pop();
      if (first === undefined || last === undefined) return null;
      if (entries.length > 0) siftDown(last);
      return { timeS: first.timeS, event: first.event };
    },
    nextS: () => entries[0]?.timeS ?? Number.POSITIVE_INFINITY,
    get size() {
      return entries.length;
    },
  };
}

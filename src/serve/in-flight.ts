import type { Exchange } from './exchange.ts';

/**
 * The exchanges of a worker between accept and settle. An array, each exchange knowing its index: a Set that takes
 * and loses thousands of members a second leaves dead tables, each pointing to the next, that keep
 * requests alive until a full collection.
 */
export interface InFlight {
  readonly size: number;
  add(x: Exchange): void;
  remove(x: Exchange): void;
  /** Calls `visit` for each; it may remove the one it is given. */
  forEach(visit: (x: Exchange) => void): void;
}

export function createInFlight(): InFlight {
  const all: Exchange[] = [];
  return {
    get size() {
      return all.length;
    },
    add(x) {
      x.inFlightIndex = all.length;
      all.push(x);
    },
    remove(x) {
      const last = all.pop();
      if (last === undefined || last === x) return;
      all[x.inFlightIndex] = last;
      last.inFlightIndex = x.inFlightIndex;
    },
    forEach(visit) {
      // From the end: what moves into a freed place has been visited.
      for (let i = all.length - 1; i >= 0; i -= 1) {
        const x = all[i];
        if (x !== undefined) visit(x);
      }
    },
  };
}

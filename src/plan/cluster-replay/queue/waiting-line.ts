import type { QueuePolicy } from './queue-policy.ts';
import type { WorkUnit } from './work-unit.ts';

/** Units that wait, in the order in which they are tried. */
export interface WaitingLine {
  add(unit: WorkUnit): void;
  remove(unit: WorkUnit): void;
  /** A snapshot in order; `usedByOwner` holds the card time of each owner so far. */
  inOrder(usedByOwner: ReadonlyMap<string | null, number>): readonly WorkUnit[];
  readonly size: number;
  /** Thousandths of cards that all waiting units ask for. */
  readonly gpuMilli: number;
}

type Compare = (a: WorkUnit, b: WorkUnit) => number;

const byArrival: Compare = (a, b) => a.arrivalS - b.arrivalS || a.id - b.id;

const COMPARE: Readonly<Record<QueuePolicy['order'], Compare>> = {
  arrival: byArrival,
  shortest: (a, b) => a.durationS - b.durationS || byArrival(a, b),
  priority: (a, b) => b.priority - a.priority || byArrival(a, b),
  fair: byArrival,
};

/** Keeps the line sorted as units come; fair share groups it anew each time, as its order moves. */
export function createWaitingLine(order: QueuePolicy['order']): WaitingLine {
  const compare = COMPARE[order];
  const line: WorkUnit[] = [];
  let gpuMilli = 0;
  return {
    add: (unit) => {
      line.splice(placeOf(line, unit, compare), 0, unit);
      gpuMilli += unit.gpuMilli;
    },
    remove: (unit) => {
      const at = placeOf(line, unit, compare);
      if (line[at] !== unit) throw new Error(`unit ${unit.id} does not wait`);
      line.splice(at, 1);
      gpuMilli -= unit.gpuMilli;
    },
    inOrder: (usedByOwner) => (order === 'fair' ? byOwner(line, usedByOwner) : [...line]),
    get size() {
      return line.length;
    },
    get gpuMilli() {
      return gpuMilli;
    },
  };
}

/** First place whose unit does not go before this one (binary search; `compare` is total). */
function placeOf(line: readonly WorkUnit[], unit: WorkUnit, compare: Compare): number {
  let low = 0;
  let high = line.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = line[middle];
    if (other !== undefined && compare(other, unit) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** All units of the owner who used least, by arrival, then those of the next. */
function byOwner(
  line: readonly WorkUnit[],
  usedByOwner: ReadonlyMap<string | null, number>,
): WorkUnit[] {
  const lines = new Map<string | null, WorkUnit[]>();
  for (const unit of line) {
    const own = lines.get(unit.owner);
    if (own === undefined) lines.set(unit.owner, [unit]);
    else own.push(unit);
  }
  const used = (owner: string | null): number => usedByOwner.get(owner) ?? 0;
  return [...lines].sort(([a], [b]) => used(a) - used(b)).flatMap(([, own]) => own);
}

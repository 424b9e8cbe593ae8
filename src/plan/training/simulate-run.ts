import { runEvents, type Scheduled } from '../core/event-loop.ts';

/** One run of a failing system, seconds. */
export interface RunTiming {
  /** Time the run steps for when nothing interrupts it. */
  workS: number;
  /** Work between checkpoints; null writes none, so that a failure loses everything. */
  intervalS: number | null;
  stallS: number;
  durableDelayS: number;
  detectS: number;
  restartS: number;
  /** Draws the time from a start to the next failure; null never fails. */
  gapS: (() => number) | null;
}

/** Where the wall time of a run went; the parts add up to wallS. */
export interface RunTimes {
  wallS: number;
  workS: number;
  lostWorkS: number;
  checkpointStallS: number;
  detectS: number;
  restartS: number;
  failures: number;
  checkpoints: number;
  /** False when the bound on events came before the end: the run does not get anywhere. */
  complete: boolean;
}

/** Some 30,000 failures with a handful of events each. */
const MAX_EVENTS = 1_000_000;

type RunEvent =
  | { kind: 'worked' | 'stalled' | 'detected' | 'restarted' | 'failed'; epoch: number }
  | { kind: 'durable'; epoch: number; progressS: number };

type Phase = 'work' | 'stall' | 'detect' | 'restart';

/**
 * Work in segments with a checkpoint after each, failures at any moment, and after each detection,
 * restart and the work since the last durable checkpoint again. The clock of the next failure
 * starts at a failure, so that one can hit a restart, which then begins again. Over the event core;
 * pure but for `gapS`.
 */
export function simulateRun(timing: RunTiming): RunTimes {
  const spent: Record<Phase, number> = { work: 0, stall: 0, detect: 0, restart: 0 };
  const counts = { failures: 0, checkpoints: 0 };
  // Events of an epoch that a failure ended mean nothing any more.
  let epoch = 0;
  let phase: Phase = 'work';
  let sinceS = 0;
  let progressS = 0;
  let durableS = 0;
  let segmentS = 0;

  const enter = (next: Phase, nowS: number): void => {
    spent[phase] += nowS - sinceS;
    phase = next;
    sinceS = nowS;
  };
  const startWork = (nowS: number): Array<Scheduled<RunEvent>> => {
    enter('work', nowS);
    segmentS = Math.min(timing.intervalS ?? Infinity, timing.workS - progressS);
    return [{ timeS: nowS + segmentS, event: { kind: 'worked', epoch } }];
  };
  const nextFailure = (nowS: number): Array<Scheduled<RunEvent>> =>
    timing.gapS === null ? [] : [{ timeS: nowS + timing.gapS(), event: { kind: 'failed', epoch } }];

  const handle = (event: RunEvent, nowS: number): Array<Scheduled<RunEvent>> => {
    if (event.epoch !== epoch) return [];
    switch (event.kind) {
      case 'worked':
        progressS += segmentS;
        enter('stall', nowS);
        if (progressS >= timing.workS) {
          epoch += 1;
          return [];
        }
        return [{ timeS: nowS + timing.stallS, event: { kind: 'stalled', epoch } }];
      case 'stalled': {
        counts.checkpoints += 1;
        const durable: RunEvent = { kind: 'durable', epoch, progressS };
        return [{ timeS: nowS + timing.durableDelayS, event: durable }, ...startWork(nowS)];
      }
      case 'durable':
        durableS = event.progressS;
        return [];
      case 'failed':
        epoch += 1;
        counts.failures += 1;
        progressS = durableS;
        enter('detect', nowS);
        return [
          { timeS: nowS + timing.detectS, event: { kind: 'detected', epoch } },
          ...nextFailure(nowS),
        ];
      case 'detected':
        enter('restart', nowS);
        return [{ timeS: nowS + timing.restartS, event: { kind: 'restarted', epoch } }];
      case 'restarted':
        return startWork(nowS);
    }
  };
  const initial = [...startWork(0), ...nextFailure(0)];
  runEvents<RunEvent>({ initial, handle, maxEvents: MAX_EVENTS });
  const wallS = sinceS;
  return {
    wallS,
    workS: timing.workS,
    lostWorkS: spent.work - timing.workS,
    checkpointStallS: spent.stall,
    detectS: spent.detect,
    restartS: spent.restart,
    ...counts,
    complete: progressS >= timing.workS,
  };
}

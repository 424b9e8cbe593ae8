import { runEvents, type Scheduled } from '../core/event-loop.ts';
import type { EngineCore, Ticket } from './engine-core.ts';
import type { MeterReading } from './engine-meter.ts';
import type { Refusal } from './scheduler.ts';

export interface Arrival {
  timeS: number;
  promptTokens: number;
  outputTokens: number;
  /** When its client goes away, if it does. */
  cancelS?: number;
}

export interface SimulationResult {
  /** One per arrival, in its order: its account, or why it was refused. */
  outcomes: Array<Ticket | Refusal>;
  meter: MeterReading;
  steps: number;
  preemptions: number;
  /** False when `maxEvents` stopped the run. */
  complete: boolean;
}

type EngineEvent =
  | { type: 'arrive'; index: number; arrival: Arrival }
  | { type: 'cancel'; index: number }
  | { type: 'step-end' };

/** Runs arrivals through one engine as fast as it goes: the same core as the live engine, without a clock. */
export function simulate(
  core: EngineCore,
  arrivals: readonly Arrival[],
  options: { maxEvents: number; onStep?: (core: EngineCore) => void },
): SimulationResult {
  const outcomes: Array<Ticket | Refusal> = [];
  let steps = 0;

  const beginStep = (nowS: number): Array<Scheduled<EngineEvent>> => {
    const step = core.begin(nowS);
    if (step === null) return [];
    steps += 1;
    options.onStep?.(core);
    return [{ timeS: step.endS, event: { type: 'step-end' } }];
  };

  const handle = (event: EngineEvent, nowS: number): Array<Scheduled<EngineEvent>> => {
    if (event.type === 'step-end') {
      core.finish();
    } else if (event.type === 'arrive') {
      outcomes[event.index] = core.submit(event.arrival, nowS);
    } else {
      const outcome = outcomes[event.index];
      if (outcome !== undefined && typeof outcome !== 'string') core.cancel(outcome, nowS);
    }
    return beginStep(nowS);
  };

  const initial: Array<Scheduled<EngineEvent>> = [];
  for (const [index, arrival] of arrivals.entries()) {
    initial.push({ timeS: arrival.timeS, event: { type: 'arrive', index, arrival } });
    if (arrival.cancelS !== undefined) {
      const timeS = Math.max(arrival.cancelS, arrival.timeS);
      initial.push({ timeS, event: { type: 'cancel', index } });
    }
  }
  const { endS, complete } = runEvents({ initial, handle, maxEvents: options.maxEvents });
  return { outcomes, meter: core.meter(endS), steps, preemptions: core.preemptions, complete };
}

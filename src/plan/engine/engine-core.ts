import type { PowerModel } from '../time/power.ts';
import type { StepTime, StepTimeModel } from '../time/step-time.ts';
import { createEngineMeter, type MeterReading } from './engine-meter.ts';
import type { Refusal, Scheduler, SchedulerCounts, Sequence, StepPlan } from './scheduler.ts';

/**
 * One sequence and its account. Times are simulated seconds, null until they happen. Energy and
 * accelerator time are its share of the steps it took part in, by its share of their tokens;
 * the idle time of the accelerators belongs to nobody.
 */
export interface Ticket {
  readonly sequence: Sequence;
  readonly arrivedS: number;
  startedS: number | null;
  /** First output token, or the end of the prompt where there is no output. */
  firstTokenS: number | null;
  lastTokenS: number | null;
  energyJ: number;
  acceleratorS: number;
}

/** A step that is under way. */
export interface RunningStep {
  plan: StepPlan;
  startS: number;
  endS: number;
  /** What its time is made of. */
  time: StepTime;
}

export interface StepResult {
  /** Tickets that got a token, with the time since their previous one (null for the first). */
  sampled: Array<{ ticket: Ticket; sinceLastS: number | null }>;
  finished: Ticket[];
}

/** A scheduler under a time and a power model: one replica of an engine, without clock or I/O. */
export interface EngineCore {
  submit(request: { promptTokens: number; outputTokens: number }, nowS: number): Ticket | Refusal;
  /** Frees the sequence's place and KV: at once when idle, else when the running step ends. */
  cancel(ticket: Ticket, nowS: number): void;
  /** Starts a step, unless there is nothing to do or one is under way. */
  begin(nowS: number): RunningStep | null;
  /** Ends the step under way, at its `endS`. */
  finish(): StepResult;
  counts(): SchedulerCounts;
  /** Totals up to `nowS`. */
  meter(nowS: number): MeterReading;
  readonly preemptions: number;
  readonly maxTokens: number;
}

export function createEngineCore(options: {
  scheduler: Scheduler;
  time: StepTimeModel;
  power: PowerModel;
  accelerators: number;
}): EngineCore {
  const { scheduler, time, power, accelerators } = options;
  const meter = createEngineMeter(power.idleW * accelerators);
  const tickets = new Map<Sequence, Ticket>();
  let current: (RunningStep & { powerW: number }) | null = null;
  let cancelled: Ticket[] = [];
  let preemptions = 0;

  const drop = (ticket: Ticket): void => {
    scheduler.remove(ticket.sequence);
    tickets.delete(ticket.sequence);
  };

  const charge = (step: RunningStep & { powerW: number }): void => {
    const seconds = step.endS - step.startS;
    for (const { sequence, newTokens } of step.plan.slots) {
      const ticket = tickets.get(sequence);
      if (ticket === undefined) continue;
      const share = newTokens / step.plan.tokens;
      ticket.energyJ += share * seconds * step.powerW;
      ticket.acceleratorS += share * seconds * accelerators;
    }
  };

  const ticketOf = (sequence: Sequence): Ticket => {
    const ticket = tickets.get(sequence);
    if (ticket === undefined) throw new Error(`sequence ${sequence.id} has no ticket`);
    return ticket;
  };

  return {
    submit(request, nowS) {
      meter.advance(nowS, scheduler.counts());
      const sequence = scheduler.add(request);
      if (typeof sequence === 'string') return sequence;
      const ticket: Ticket = {
        sequence,
        arrivedS: nowS,
        startedS: null,
        firstTokenS: null,
        lastTokenS: null,
        energyJ: 0,
        acceleratorS: 0,
      };
      tickets.set(sequence, ticket);
      return ticket;
    },
    cancel(ticket, nowS) {
      meter.advance(nowS, scheduler.counts());
      if (current === null) drop(ticket);
      else cancelled.push(ticket);
    },
    begin(nowS) {
      if (current !== null) return null;
      meter.advance(nowS, scheduler.counts());
      const plan = scheduler.schedule();
      if (plan === null) return null;
      preemptions += plan.preempted;
      const stepTime = time.stepTime(plan.work);
      for (const { sequence } of plan.slots) ticketOf(sequence).startedS ??= nowS;
      const powerW = power.stepW(stepTime) * accelerators;
      current = {
        plan,
        startS: nowS,
        endS: nowS + stepTime.totalMs / 1000,
        time: stepTime,
        powerW,
      };
      meter.startStep(powerW);
      return current;
    },
    finish() {
      if (current === null) throw new Error('no step is under way');
      const step = current;
      current = null;
      meter.advance(step.endS, scheduler.counts());
      meter.endStep();
      charge(step);
      for (const ticket of cancelled) drop(ticket);
      cancelled = [];
      const { sampled, finished } = scheduler.commit(step.plan);
      const result: StepResult = { sampled: [], finished: [] };
      for (const sequence of sampled) {
        const ticket = ticketOf(sequence);
        const { lastTokenS } = ticket;
        ticket.firstTokenS ??= step.endS;
        ticket.lastTokenS = step.endS;
        const sinceLastS = lastTokenS === null ? null : step.endS - lastTokenS;
        result.sampled.push({ ticket, sinceLastS });
      }
      for (const sequence of finished) {
        const ticket = ticketOf(sequence);
        ticket.firstTokenS ??= step.endS;
        ticket.lastTokenS ??= step.endS;
        tickets.delete(sequence);
        result.finished.push(ticket);
      }
      return result;
    },
    counts: () => scheduler.counts(),
    meter(nowS) {
      meter.advance(nowS, scheduler.counts());
      return meter.reading();
    },
    get preemptions() {
      return preemptions;
    },
    maxTokens: scheduler.maxTokens,
  };
}

import type { Scheduler, Sequence, StepPlan } from '../engine/scheduler.ts';
import type { PowerModel } from '../time/power.ts';
import type { StepTime, StepTimeModel, StepWork } from '../time/step-time.ts';
import { createCauseClock } from './cause-clock.ts';
import type { Pipeline } from './pipeline.ts';
import { REQUEST, type RequestLog } from './request-log.ts';
import type { ServingRequest } from './serving-request.ts';

/** What runs on one replica. */
export interface ReplicaParts {
  scheduler: Scheduler;
  asyncScheduling: boolean;
  /** Time to copy tokens of the KV cache back from host memory, milliseconds. */
  hostLoadMs: (tokens: number) => number;
  time: StepTimeModel;
  power: PowerModel | null;
  accelerators: number;
  /** Stages that its steps share with those of other batches; null where a step has the accelerators for itself. */
  pipeline: { passage: Pipeline; transferMs: (tokens: number) => number } | null;
}

/** Totals of one replica, seconds of step time unless named otherwise. */
export interface ReplicaTotals {
  busyS: number;
  computeS: number;
  memoryS: number;
  networkS: number;
  hostS: number;
  kvTokenSeconds: number;
  kvTokensMax: number;
  kvFullS: number;
  steps: number;
  preemptions: number;
  /** Energy of all its accelerators while steps run. */
  busyEnergyJ: number;
}

/** Before the first step. */
export const noTotals = (): ReplicaTotals => ({
  busyS: 0,
  computeS: 0,
  memoryS: 0,
  networkS: 0,
  hostS: 0,
  kvTokenSeconds: 0,
  kvTokensMax: 0,
  kvFullS: 0,
  steps: 0,
  preemptions: 0,
  busyEnergyJ: 0,
});

/** One engine in simulated time; requests are numbers of the log. */
export interface Replica {
  readonly totals: ReplicaTotals;
  /** End of the step under way; infinite when none is. */
  readonly endS: number;
  outstanding(): number;
  submit(index: number, request: ServingRequest, nowS: number): void;
  /**
   * Ends the step under way and starts the next. Steps that nothing can change before `quietUntilS`
   * (the next thing that happens elsewhere) are run at once, up to the last that ends before it.
   */
  advance(quietUntilS: number): void;
  /** Requests that have their last token, since the last call. */
  takeFinished(): number[];
  /** Stops at once; the numbers of the requests that were not finished. */
  fail(nowS: number): number[];
}

/** A step under way. */
interface Step {
  plan: StepPlan;
  endS: number;
}

/**
 * The loop of an inference engine. Synchronous: look at the inbox, schedule, run, book. Asynchronous (vLLM's
 * asynchronous scheduling, a queue of two batches): while a step runs the next one is scheduled
 * already, so that an arrival waits for one more step.
 */
export function createReplica(
  parts: ReplicaParts,
  log: RequestLog,
  options: { fastPath: boolean },
): Replica {
  const { scheduler, time, power, accelerators, asyncScheduling, pipeline } = parts;
  const stages = pipeline?.passage.stages ?? 1;
  const causes = createCauseClock(log);
  const waitedMs = log.causesMs[0] ?? new Float64Array(0);
  const inbox: Array<{ index: number; request: ServingRequest }> = [];
  const open = new Map<number, Sequence>();
  const totals = noTotals();
  let current: Step | null = null;
  let planned: StepPlan | null = null;
  let finished: number[] = [];

  const takeInbox = (nowS: number): void => {
    for (const { index, request } of inbox) {
      // The decoding side of a split engine, or a second try, queues it again: its wait began before.
      if (Number.isNaN(log.queuedS[index])) log.queuedS[index] = nowS;
      const sequence = scheduler.add({ ...request, tag: index });
      if (typeof sequence === 'string') {
        log.state[index] = REQUEST.refused;
        finished.push(index);
      } else open.set(index, sequence);
    }
    inbox.length = 0;
  };

  const plan = (nowS: number): StepPlan | null => {
    for (;;) {
      const made = scheduler.schedule();
      if (made === null) return null;
      totals.preemptions += made.preempted;
      for (const { tag } of made.victims) {
        // The step under way is booked already; a victim that is in it loses its place at its end.
        causes.enter(tag, 'preempted', current?.endS ?? nowS);
        log.preemptions[tag] = (log.preemptions[tag] ?? 0) + 1;
      }
      if (made.slots.length > 0) return made;
      scheduler.commit(made);
      if (!asyncScheduling) continue;
      return null;
    }
  };

  /** Through the stages of the pipeline, where there is one: what transfers and other steps add is exchange. */
  const passed = (step: StepTime, work: StepWork, nowS: number): StepTime => {
    if (pipeline === null) return step;
    const transferMs = pipeline.transferMs(work.prefillTokens + work.decodeTokens);
    const stageS = step.totalMs / 1000 / stages;
    const totalMs = (pipeline.passage.enter(nowS, stageS, transferMs / 1000) - nowS) * 1000;
    return { ...step, totalMs, collectiveMs: step.collectiveMs + totalMs - step.totalMs };
  };

  /**
   * Adds a step of that work to the totals; its duration in seconds. In each of the stages it takes its share of the
   * time, so that a replica whose stages are all at work is busy once.
   */
  const account = (work: StepWork, loadMs: number, nowS: number): number => {
    const whole = withLoad(time.stepTime(work), loadMs);
    const step = passed(whole, work, nowS);
    addBusy(whole);
    const seconds = step.totalMs / 1000;
    const kvTokens = work.decodeContextTokens + work.prefillContextTokens;
    totals.kvTokenSeconds += seconds * kvTokens;
    if (kvTokens > totals.kvTokensMax) totals.kvTokensMax = kvTokens;
    if (scheduler.kvFull) totals.kvFullS += seconds / stages;
    if (work.prefillSequences === 0) causes.decodeStep(step);
    else {
      const without = work.decodeTokens === 0 ? null : time.stepTime(decodesOf(work));
      causes.prefillStep(step, without);
    }
    return seconds;
  };

  const addBusy = (step: StepTime): void => {
    const seconds = step.totalMs / 1000 / stages;
    totals.busyS += seconds;
    totals.computeS += step.computeMs / 1000 / stages;
    totals.memoryS += step.memoryMs / 1000 / stages;
    totals.networkS += step.collectiveMs / 1000 / stages;
    totals.hostS += step.overheadMs / 1000 / stages;
    totals.steps += 1;
    if (power !== null) totals.busyEnergyJ += seconds * power.stepW(step) * accelerators;
  };

  const begin = (made: StepPlan, nowS: number): Step => {
    for (const { tag, cached, received } of made.admitted) {
      // Who comes back after a preemption is being booked already.
      if (causes.has(tag)) continue;
      waitedMs[tag] = (waitedMs[tag] ?? 0) + (nowS - (log.submittedS[tag] ?? nowS)) * 1000;
      if (Number.isNaN(log.startedS[tag])) {
        log.startedS[tag] = nowS;
        log.cachedTokens[tag] = cached;
      }
      causes.enter(tag, received > 0 ? 'decode' : 'prefill', nowS);
    }
    let loaded = 0;
    for (const one of made.admitted) loaded += one.loaded;
    const loadMs = loaded === 0 ? 0 : parts.hostLoadMs(loaded);
    return { plan: made, endS: nowS + account(made.work, loadMs, nowS) };
  };

  const book = (made: StepPlan, nowS: number): void => {
    const outcome = scheduler.commit(made);
    for (const { tag, state } of outcome.sampled) {
      log.lastTokenS[tag] = nowS;
      if (made.work.prefillSequences === 0) continue;
      if (Number.isNaN(log.firstTokenS[tag])) log.firstTokenS[tag] = nowS;
      if (state === 'running') causes.enter(tag, 'decode', nowS);
    }
    for (const { tag } of outcome.finished) {
      causes.leave(tag, nowS);
      if (Number.isNaN(log.lastTokenS[tag])) log.lastTokenS[tag] = nowS;
      if (Number.isNaN(log.firstTokenS[tag])) log.firstTokenS[tag] = nowS;
      log.state[tag] = REQUEST.finished;
      open.delete(tag);
      finished.push(tag);
    }
  };

  const start = (nowS: number): void => {
    takeInbox(nowS);
    if (current === null) {
      const made = planned ?? plan(nowS);
      planned = null;
      if (made === null) return;
      current = begin(made, nowS);
    }
    if (asyncScheduling && planned === null) planned = plan(nowS);
  };

  /** Runs steps that are alike in one go; see Scheduler.repeats. */
  const skip = (quietUntilS: number): void => {
    // With asynchronous scheduling the newest plan is the one after the step under way.
    const newest = asyncScheduling ? planned : current?.plan;
    if (current === null || newest == null || !isAlike(current.plan, newest)) return;
    const most = scheduler.repeats(newest);
    const work = { ...newest.work };
    if (!asyncScheduling) grow(work, 1);
    let steps = 0;
    let { endS } = current;
    while (steps < most && endS < quietUntilS) {
      steps += 1;
      endS += account(work, 0, endS);
      grow(work, 1);
    }
    if (steps === 0) return;
    scheduler.repeat(newest, steps);
    if (newest !== current.plan) {
      for (const slot of current.plan.slots) slot.contextTokens += steps;
      grow(current.plan.work, steps);
    }
    current.endS = endS;
  };

  return {
    totals,
    get endS() {
      return current?.endS ?? Number.POSITIVE_INFINITY;
    },
    outstanding: () => open.size + inbox.length,
    submit(index, request, nowS) {
      log.submittedS[index] = nowS;
      inbox.push({ index, request });
      if (current === null || (asyncScheduling && planned === null)) start(nowS);
    },
    advance(quietUntilS) {
      if (current === null) return;
      const { plan: done, endS } = current;
      book(done, endS);
      current = null;
      if (planned !== null) {
        current = begin(planned, endS);
        planned = null;
      }
      start(endS);
      if (options.fastPath) skip(quietUntilS);
    },
    takeFinished() {
      const taken = finished;
      finished = [];
      return taken;
    },
    fail(nowS) {
      const lost = [...open.keys(), ...inbox.map(({ index }) => index)];
      for (const index of lost) {
        // What was waited for here is over; what ran, ran for nothing.
        if (causes.has(index)) causes.leave(index, nowS);
        else
          waitedMs[index] =
            (waitedMs[index] ?? 0) + (nowS - (log.submittedS[index] ?? nowS)) * 1000;
      }
      for (const sequence of open.values()) scheduler.remove(sequence);
      if (current !== null) scheduler.commit(current.plan);
      if (planned !== null) scheduler.commit(planned);
      open.clear();
      inbox.length = 0;
      current = null;
      planned = null;
      return lost;
    },
  };
}

/** Copies from host memory come before the step that needs them. */
const withLoad = (step: StepTime, loadMs: number): StepTime =>
  loadMs === 0
    ? step
    : { ...step, totalMs: step.totalMs + loadMs, overheadMs: step.overheadMs + loadMs };

/** The work of a step without its prompt chunks. */
const decodesOf = (work: StepWork): StepWork => ({
  ...work,
  prefillTokens: 0,
  prefillSequences: 0,
  prefillPairs: 0,
  prefillContextTokens: 0,
  sampledTokens: work.decodeTokens,
  ...(work.ranks === undefined ? {} : { ranks: work.ranks.map(decodesOf) }),
});

/** The same decodes, one token further. */
const isAlike = (one: StepPlan, next: StepPlan): boolean =>
  one.work.prefillSequences === 0 && one.slots.length === next.slots.length;

/** The work of the same decodes, `steps` tokens further. */
function grow(work: StepWork, steps: number): void {
  work.decodeContextTokens += steps * work.decodeTokens;
  work.decodeLongestTokens += steps;
}

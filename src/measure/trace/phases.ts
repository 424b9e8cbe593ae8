import { KIND } from '../../records/kineto/event-kind.ts';
import { cell, endUs } from '../../records/kineto/event-table.ts';
import type { KinetoTrace } from '../../records/kineto/kineto-trace.ts';
import type { DeviceWork } from './device-work.ts';
import { union, type Intervals } from './intervals.ts';
import { isCommunication } from './kernel-category.ts';
import { launchIndex } from './launch-index.ts';
import type { StepLanes } from './step-lanes.ts';

export const PHASES = ['forward', 'backward', 'optimizer', 'communication', 'unlinked'] as const;
export type Phase = (typeof PHASES)[number];

/** Nodes of the autograd engine, and what traces of 2021 call them: `AddmmBackward`, `AddBackward0`. */
const BACKWARD = /^autograd::engine::|^[A-Z]\w*Backward\d*$|AccumulateGrad$/;

/** Device time by the phase of training that launched it; kernel time, so streams add up. */
export interface PhaseTimes {
  deviceMs: Record<Phase, number>;
  perStep: Array<{ name: string; deviceMs: Record<Phase, number> }>;
}

/**
 * Phases from what PyTorch names on the host: `Optimizer.step` and `Optimizer.zero_grad` ranges,
 * nodes of the autograd engine for the backward pass, all else forward. Collectives count
 * for themselves; work without its launch in the trace is unlinked.
 */
export function phaseTimes(
  trace: KinetoTrace,
  { rows }: DeviceWork,
  steps: readonly StepLanes[],
): PhaseTimes {
  const { events, names } = trace;
  const launch = launchIndex(trace);
  const optimizer = hostRanges(trace, (name) => name.startsWith('Optimizer.'));
  const backward = hostRanges(trace, (name) => BACKWARD.test(name));
  const collective = names.map(isCommunication);
  const phaseOf = (row: number): Phase => {
    if (collective[cell(events.name, row)] === true) return 'communication';
    const call = launch.get(cell(events.correlation, row));
    if (call === undefined) return 'unlinked';
    const atUs = cell(events.startUs, call);
    if (contains(optimizer, atUs)) return 'optimizer';
    return contains(backward, atUs) ? 'backward' : 'forward';
  };
  const total = emptyTimes();
  const perStep = steps.map(({ name }) => ({ name, deviceMs: emptyTimes() }));
  let at = 0;
  for (const row of rows) {
    const phase = phaseOf(row);
    const durationMs = cell(events.durationUs, row) / 1000;
    total[phase] += durationMs;
    const startUs = cell(events.startUs, row);
    while (at < steps.length && startUs >= stepEnd(steps[at])) at++;
    const step = steps[at];
    const own = perStep[at];
    if (step !== undefined && own !== undefined && startUs >= step.startUs) {
      own.deviceMs[phase] += durationMs;
    }
  }
  return { deviceMs: total, perStep };
}

const stepEnd = (step: StepLanes | undefined): number =>
  step === undefined ? Infinity : step.startUs + step.totalUs;

const emptyTimes = (): Record<Phase, number> => ({
  forward: 0,
  backward: 0,
  optimizer: 0,
  communication: 0,
  unlinked: 0,
});

function hostRanges({ events, names }: KinetoTrace, wanted: (name: string) => boolean): Intervals {
  const chosen = names.map(wanted);
  const starts: number[] = [];
  const ends: number[] = [];
  for (let row = 0; row < events.length; row++) {
    const kind = cell(events.kind, row);
    if (kind !== KIND.operator && kind !== KIND.annotation) continue;
    if (chosen[cell(events.name, row)] !== true) continue;
    starts.push(cell(events.startUs, row));
    ends.push(endUs(events, row));
  }
  return union(starts, ends);
}

/** Whether a time lies in a set; O(log n). */
function contains(set: Intervals, time: number): boolean {
  let low = 0;
  let high = set.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((set[2 * middle + 1] ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return 2 * low < set.length && (set[2 * low] ?? 0) <= time;
}

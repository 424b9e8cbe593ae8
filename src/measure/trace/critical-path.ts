import { KIND } from '../../records/kineto/event-kind.ts';
import { cell, endUs } from '../../records/kineto/event-table.ts';
import type { KinetoTrace } from '../../records/kineto/kineto-trace.ts';
import type { DeviceWork } from './device-work.ts';
import type { HostWork } from './host-work.ts';
import { lengthWithin, subtract } from './intervals.ts';
import { isCommunication } from './kernel-category.ts';
import { launchIndex } from './launch-index.ts';
import type { StepLanes } from './step-lanes.ts';

export const PATH_PARTS = [
  'compute',
  'communication',
  'copies',
  'launch',
  'dataLoading',
  'runtimeCalls',
  'hostOperators',
  'hostOther',
] as const;
export type PathPart = (typeof PATH_PARTS)[number];

/** What the length of a step is made of, along the chain of waits that ends it; sums to the step. */
export interface CriticalPath {
  name: string;
  totalUs: number;
  partsUs: Record<PathPart, number>;
}

/** Calls in which the host waits for the accelerator. */
const WAITS = /(?:Device|Stream|Event)Synchronize|Memcpy(?!.*Async)|hipMemcpyWithStream/;

/**
 * Walks back from the end of each step. Work on the accelerator waited for whatever ended last
 * before it started, other work or its own launch (a stream is in order, and an event makes one
 * stream wait for another); the host ran on since the last call in which it waited for the
 * accelerator. A heuristic: the trace does not say which wait was real. O(n log n).
 */
export function criticalPaths(
  trace: KinetoTrace,
  work: DeviceWork,
  host: HostWork,
  steps: readonly StepLanes[],
): CriticalPath[] {
  const graph = walkGraph(trace, work, host);
  return steps.map(({ name, startUs, totalUs }) => ({
    name,
    totalUs,
    partsUs: walkBack(graph, startUs, startUs + totalUs),
  }));
}

interface WalkGraph {
  trace: KinetoTrace;
  /** Device work by end, and the ends. */
  byEnd: Int32Array;
  ends: Float64Array;
  launch: ReadonlyMap<number, number>;
  /** Waiting calls per thread, by end. */
  waits: ReadonlyMap<number, number[]>;
  partOf: (row: number) => PathPart;
  hostParts: ReadonlyArray<readonly [PathPart, (start: number, end: number) => number]>;
}

function walkGraph(trace: KinetoTrace, { rows }: DeviceWork, host: HostWork): WalkGraph {
  const { events, names } = trace;
  const byEnd = rows.toSorted((a, b) => endUs(events, a) - endUs(events, b) || a - b);
  const isWait = names.map((name) => WAITS.test(name));
  const waits: number[] = [];
  for (let row = 0; row < events.length; row++) {
    const kind = cell(events.kind, row);
    if (kind !== KIND.runtime && kind !== KIND.driver) continue;
    if (isWait[cell(events.name, row)] === true) waits.push(row);
  }
  waits.sort((a, b) => endUs(events, a) - endUs(events, b));
  const collective = names.map(isCommunication);
  const calls = subtract(host.runtimeCalls, host.dataLoading);
  const operators = subtract(subtract(host.operators, host.dataLoading), host.runtimeCalls);
  return {
    trace,
    byEnd,
    ends: Float64Array.from(byEnd, (row) => endUs(events, row)),
    launch: launchIndex(trace),
    waits: Map.groupBy(waits, (row) => cell(events.thread, row)),
    partOf: (row) => {
      if (cell(events.kind, row) !== KIND.kernel) return 'copies';
      return collective[cell(events.name, row)] === true ? 'communication' : 'compute';
    },
    hostParts: [
      ['dataLoading', lengthWithin(host.dataLoading)],
      ['runtimeCalls', lengthWithin(calls)],
      ['hostOperators', lengthWithin(operators)],
    ],
  };
}

function walkBack(graph: WalkGraph, startUs: number, stepEndUs: number): Record<PathPart, number> {
  const { events } = graph.trace;
  const parts: Record<PathPart, number> = {
    compute: 0,
    communication: 0,
    copies: 0,
    launch: 0,
    dataLoading: 0,
    runtimeCalls: 0,
    hostOperators: 0,
    hostOther: 0,
  };
  const add = (part: PathPart, fromUs: number, toUs: number): void => {
    parts[part] += Math.max(0, toUs - Math.max(fromUs, startUs));
  };
  let atUs = stepEndUs;
  let index = lastIndexUntil(graph.ends, atUs);
  // Each turn moves to work that ended earlier, so there are at most as many as there is work.
  while (index >= 0 && (graph.ends[index] ?? 0) > startUs && atUs > startUs) {
    const row = graph.byEnd[index] ?? 0;
    const workEndUs = graph.ends[index] ?? 0;
    hostTime(graph, parts, Math.max(workEndUs, startUs), atUs);
    const workStartUs = Math.min(cell(events.startUs, row), workEndUs);
    add(graph.partOf(row), workStartUs, workEndUs);
    atUs = workStartUs;
    const earlier = Math.min(index - 1, lastIndexUntil(graph.ends, workStartUs));
    const call = graph.launch.get(cell(events.correlation, row));
    const launchUs = call === undefined ? -Infinity : cell(events.startUs, call);
    if (earlier >= 0 && (graph.ends[earlier] ?? 0) >= launchUs) {
      add('launch', graph.ends[earlier] ?? 0, atUs);
      atUs = graph.ends[earlier] ?? 0;
      index = earlier;
    } else if (call === undefined) {
      break;
    } else {
      add('launch', launchUs, atUs);
      atUs = Math.min(atUs, launchUs);
      index = Math.min(earlier, lastIndexUntil(graph.ends, waitEndUs(graph, call, atUs)));
    }
  }
  if (atUs > startUs) hostTime(graph, parts, startUs, atUs);
  return parts;
}

/** End of the last call before `atUs` in which the launching thread waited; -Infinity without one. */
function waitEndUs({ trace, waits }: WalkGraph, call: number, atUs: number): number {
  const own = waits.get(cell(trace.events.thread, call)) ?? [];
  let low = 0;
  let high = own.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (endUs(trace.events, own[middle] ?? 0) <= atUs) low = middle + 1;
    else high = middle;
  }
  const wait = own[low - 1];
  return wait === undefined ? -Infinity : endUs(trace.events, wait);
}

/** Splits time of the host by what it did; the rest is other. */
function hostTime(
  { hostParts }: WalkGraph,
  parts: Record<PathPart, number>,
  fromUs: number,
  toUs: number,
): void {
  let restUs = Math.max(0, toUs - fromUs);
  for (const [part, within] of hostParts) {
    const us = within(fromUs, toUs);
    parts[part] += us;
    restUs -= us;
  }
  parts.hostOther += Math.max(0, restUs);
}

/** Index of the last value not after `limit`; -1 of none. */
function lastIndexUntil(sorted: Float64Array, limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

import { isDeviceWork, KIND } from '../../records/kineto/event-kind.ts';
import { cell, endUs, NONE } from '../../records/kineto/event-table.ts';
import type { KinetoTrace } from '../../records/kineto/kineto-trace.ts';

/** A step as the TensorBoard plug-in sees it: from when its predecessor's work ended to its own end. */
export interface TbStep {
  name: string;
  startUs: number;
  endUs: number;
}

/** A launch and the extent of the device work that it started. */
interface Launch {
  startUs: number;
  endUs: number;
  works: number[];
}

/**
 * Steps of torch_tb_profiler (kineto 041e7ce): host steps moved to the device's side, as its
 * documentation tells and its figures show. A step ends when the last work launched inside it ends,
 * and the next begins there; steps at the tail whose work the profiler missed are dropped.
 */
export function tbPluginSteps(trace: KinetoTrace): TbStep[] {
  const steps = hostSteps(trace);
  const works = rowsByStart(trace, isDeviceWork);
  const launches = launchesOf(trace, works);
  const extents = deviceExtents(trace, steps, launches);
  if (extents.every(({ works: count }) => count === 0)) return steps;
  const shifted = shift(trace, steps, extents, works);
  return shifted.slice(0, keptSteps(extents));
}

/** Rows of the kinds wanted, by start; equal starts in file order. */
export function rowsByStart({ events }: KinetoTrace, wanted: (kind: number) => boolean): number[] {
  const rows: number[] = [];
  for (let row = 0; row < events.length; row++) {
    if (wanted(cell(events.kind, row))) rows.push(row);
  }
  return rows.sort((a, b) => cell(events.startUs, a) - cell(events.startUs, b) || a - b);
}

const isHostRange = (kind: number): boolean =>
  kind === KIND.operator || kind === KIND.annotation || kind === KIND.deviceAnnotation;

/** Host steps by start; without any, one from the first operator to the end of the last. */
function hostSteps(trace: KinetoTrace): TbStep[] {
  const { events, names } = trace;
  const isStep = names.map((name) => name.startsWith('ProfilerStep#'));
  const ranges = rowsByStart(trace, isHostRange);
  const steps = ranges
    .filter((row) => isStep[cell(events.name, row)] === true)
    .map((row) => ({
      name: String(Number.parseInt(names[cell(events.name, row)]?.split('#')[1] ?? '', 10)),
      startUs: cell(events.startUs, row),
      endUs: endUs(events, row),
    }));
  if (steps.length > 0) return steps;
  const operators = ranges.filter((row) => events.kind[row] === KIND.operator);
  const startUs = operators.reduce(
    (min, row) => Math.min(min, cell(events.startUs, row)),
    Infinity,
  );
  const lastUs = operators.reduce((max, row) => Math.max(max, endUs(events, row)), -Infinity);
  return [{ name: '0', startUs, endUs: lastUs }];
}

/** Launches by start. Work joins the last launch of its correlation before it, or the next one. */
function launchesOf(trace: KinetoTrace, works: readonly number[]): Launch[] {
  const { events } = trace;
  const rows = rowsByStart(trace, (kind) => kind === KIND.runtime);
  const launches: Launch[] = [];
  const byCorrelation = new Map<number, Launch>();
  const waiting = new Map<number, number[]>();
  let next = 0;
  const take = (row: number): void => {
    const correlation = cell(events.correlation, row);
    const launch = byCorrelation.get(correlation);
    if (launch !== undefined) launch.works.push(row);
    else waiting.set(correlation, [...(waiting.get(correlation) ?? []), row]);
  };
  for (const row of rows) {
    while (next < works.length && comesBefore(trace, works[next] ?? 0, row)) {
      take(works[next++] ?? 0);
    }
    const correlation = cell(events.correlation, row);
    const early = waiting.get(correlation) ?? [];
    waiting.delete(correlation);
    const launch = {
      startUs: cell(events.startUs, row),
      endUs: endUs(events, row),
      works: [...early],
    };
    launches.push(launch);
    byCorrelation.set(correlation, launch);
  }
  while (next < works.length) take(works[next++] ?? 0);
  return launches;
}

function comesBefore({ events }: KinetoTrace, a: number, b: number): boolean {
  const difference = cell(events.startUs, a) - cell(events.startUs, b);
  return difference < 0 || (difference === 0 && a < b);
}

interface Extent {
  startUs: number;
  endUs: number;
  works: number;
  /** Rows of the work. */
  rows: number[];
}

/** What each step launched: calls that lie wholly inside it, in one pass over both. */
function deviceExtents(
  { events }: KinetoTrace,
  steps: readonly TbStep[],
  launches: readonly Launch[],
): Extent[] {
  const extents = steps.map((): Extent => ({
    startUs: Infinity,
    endUs: -Infinity,
    works: 0,
    rows: [],
  }));
  let at = 0;
  let launchAt = 0;
  while (at < steps.length && launchAt < launches.length) {
    const step = steps[at];
    const launch = launches[launchAt];
    const extent = extents[at];
    if (step === undefined || launch === undefined || extent === undefined) break;
    if (
      launch.startUs >= step.startUs &&
      launch.endUs > step.endUs &&
      launch.startUs >= step.endUs
    ) {
      at++;
      continue;
    }
    launchAt++;
    if (launch.startUs < step.startUs || launch.endUs > step.endUs) continue;
    for (const row of launch.works) {
      extent.startUs = Math.min(extent.startUs, cell(events.startUs, row));
      extent.endUs = Math.max(extent.endUs, endUs(events, row));
      extent.works++;
      extent.rows.push(row);
    }
  }
  return extents;
}

function shift(
  { events }: KinetoTrace,
  steps: readonly TbStep[],
  extents: readonly Extent[],
  works: readonly number[],
): TbStep[] {
  const firstUs = extents[0]?.startUs ?? Infinity;
  let previousEndUs = steps[0]?.startUs ?? 0;
  if (firstUs !== Infinity) {
    const launchedInStep = new Set(extents.flatMap(({ rows }) => rows));
    for (const row of works) {
      const end = endUs(events, row);
      if (!launchedInStep.has(row) && end < firstUs) previousEndUs = Math.max(previousEndUs, end);
    }
  }
  return steps.map(({ name, startUs, endUs: hostEndUs }, i) => {
    const start = Math.max(previousEndUs, startUs);
    const end = Math.max(hostEndUs, extents[i]?.endUs ?? -Infinity, start);
    previousEndUs = end;
    return { name, startUs: start, endUs: end };
  });
}

/** The plug-in's share of its neighbour's work below which it takes the last step for cut off. */
const CUT_OFF_SHARE = 0.8;

function keptSteps(extents: readonly Extent[]): number {
  if (extents.length < 2) return extents.length;
  const last = extents.findLastIndex(({ works }) => works > 0);
  const before = extents[last - 1]?.works ?? 0;
  const cutOff = last > 0 && before * CUT_OFF_SHARE > (extents[last]?.works ?? NONE);
  return cutOff ? last : last + 1;
}

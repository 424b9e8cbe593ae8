import { KIND } from '../../records/kineto/event-kind.ts';
import { cell, endUs, NONE } from '../../records/kineto/event-table.ts';
import type { KinetoTrace } from '../../records/kineto/kineto-trace.ts';

/**
 * The rows that HolisticTraceAnalysis looks at, by its published rules (checked against f4d0062 and
 * 0.5.0): kernels whose launch began before the last profiler step did; with a single step or none,
 * all. Where time stamps have fractions, starts are rounded up and ends down to whole microseconds,
 * so that a short kernel can have a negative length: the peer's figures have it too.
 */
export interface HtaRows {
  /** Rows on a stream, once for each launch that names their correlation, in the peer's order. */
  device: Int32Array;
  /** Start of the launch of a row as the peer's idle analysis finds it; null when it finds none. */
  launchStartUs: (row: number) => number | null;
  startUs: (row: number) => number;
  endUs: (row: number) => number;
  /** Numbers of the steps that count, ascending. */
  stepsUsed: number[];
}

const SYNC_NAMES = new Set(['Event Sync', 'Context Sync']);

export function htaRows(trace: KinetoTrace): HtaRows {
  const { events } = trace;
  const round = trace.fractional;
  const startUs = (row: number): number =>
    round ? Math.ceil(cell(events.startUs, row)) : cell(events.startUs, row);
  const roundedEndUs = (row: number): number =>
    round ? Math.floor(endUs(events, row)) : endUs(events, row);
  const split = splitRows(trace);
  const limit = stepLimit(trace, split, startUs);
  const inFrame = (row: number): boolean => limit === null || startUs(row) < limit.lastStartUs;
  const launches = launchesOf(trace, split.host);
  const device = limit === null ? split.device : linked(trace, split, launches.counts(inFrame));
  const stray = split.host.filter((row) => cell(events.stream, row) !== NONE && inFrame(row));
  return {
    device: joined(device, stray),
    launchStartUs: launchFinder({ trace, limit, launches, inFrame, startUs }),
    startUs,
    endUs: roundedEndUs,
    stepsUsed: limit?.stepsUsed ?? [...stepNumbers(trace, split.host).keys()].sort(ascending),
  };
}

function joined(a: Int32Array, b: Int32Array): Int32Array {
  const out = new Int32Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

const ascending = (a: number, b: number): number => a - b;

interface Split {
  device: Int32Array;
  host: Int32Array;
}

/** The peer's own test for a device row: a stream and a correlation, or a device-wide sync. */
function splitRows({ events, names }: KinetoTrace): Split {
  const isSync = names.map((name) => SYNC_NAMES.has(name));
  const device = new Int32Array(events.length);
  const host = new Int32Array(events.length);
  let devices = 0;
  let hosts = 0;
  for (let row = 0; row < events.length; row++) {
    if (events.kind[row] === KIND.span) continue;
    const linkedWork = cell(events.stream, row) >= 0 && cell(events.correlation, row) >= 0;
    if (linkedWork || isSync[cell(events.name, row)] === true) device[devices++] = row;
    else host[hosts++] = row;
  }
  return { device: device.slice(0, devices), host: host.slice(0, hosts) };
}

interface StepLimit {
  lastStartUs: number;
  stepsUsed: number[];
}

/** Null when the trace has fewer than two different steps: then the peer drops nothing. */
function stepLimit(
  trace: KinetoTrace,
  { host }: Split,
  startUs: (row: number) => number,
): StepLimit | null {
  const { events, names } = trace;
  const isStep = names.map((name) => name.includes('ProfilerStep'));
  if (isStep.filter(Boolean).length < 2) return null;
  let lastStartUs = -Infinity;
  for (const row of host) {
    if (isStep[cell(events.name, row)] === true) lastStartUs = Math.max(lastStartUs, startUs(row));
  }
  const stepsUsed = [...stepNumbers(trace, host)]
    .filter(([, row]) => startUs(row) < lastStartUs)
    .map(([step]) => step)
    .sort(ascending);
  return { lastStartUs, stepsUsed };
}

/** First host row of each step. */
function stepNumbers({ events, names }: KinetoTrace, host: Int32Array): Map<number, number> {
  const numbers = names.map((name) => /^ProfilerStep\s*#\s*(\d+)/.exec(name)?.[1]);
  const steps = new Map<number, number>();
  for (const row of host) {
    const step = numbers[cell(events.name, row)];
    if (step !== undefined && !steps.has(Number(step))) steps.set(Number(step), row);
  }
  return steps;
}

interface Launches {
  /** Last host row in the file with a correlation. */
  last: ReadonlyMap<number, number>;
  /** How many host rows with a correlation pass a test. */
  counts(test: (row: number) => boolean): ReadonlyMap<number, number>;
}

function launchesOf({ events }: KinetoTrace, host: Int32Array): Launches {
  const launches = host.filter((row) => cell(events.correlation, row) >= 0);
  const lastByCorrelation = (list: Int32Array): Map<number, number> => {
    const last = new Map<number, number>();
    for (const row of list) last.set(cell(events.correlation, row), row);
    return last;
  };
  return {
    last: lastByCorrelation(launches),
    counts(test) {
      const counts = new Map<number, number>();
      for (const row of launches) {
        if (!test(row)) continue;
        const correlation = cell(events.correlation, row);
        counts.set(correlation, (counts.get(correlation) ?? 0) + 1);
      }
      return counts;
    },
  };
}

/** Device rows with a launch in the frame, as often as they have one. */
function linked(
  { events }: KinetoTrace,
  { device }: Split,
  counts: ReadonlyMap<number, number>,
): Int32Array {
  const timesOf = (row: number): number => counts.get(cell(events.correlation, row)) ?? 0;
  const out = new Int32Array(device.reduce((sum, row) => sum + timesOf(row), 0));
  let length = 0;
  for (const row of device) {
    const times = timesOf(row);
    out.fill(row, length, length + times);
    length += times;
  }
  return out;
}

/**
 * How the peer's idle analysis looks up the start of a launch: by its place in the file, which is 0
 * where a kernel has none; then the first event of the file stands in for the launch.
 */
function launchFinder(given: {
  trace: KinetoTrace;
  limit: StepLimit | null;
  launches: Launches;
  inFrame: (row: number) => boolean;
  startUs: (row: number) => number;
}): (row: number) => number | null {
  const { trace, limit, launches, inFrame, startUs } = given;
  const { events, firstStartUs } = trace;
  const roundedUs =
    firstStartUs !== null && trace.fractional ? Math.ceil(firstStartUs) : firstStartUs;
  const stands = limit === null || (roundedUs !== null && roundedUs < limit.lastStartUs);
  return (row) => {
    const launch = launches.last.get(cell(events.correlation, row));
    if (launch === undefined) return stands ? roundedUs : null;
    return inFrame(launch) ? startUs(launch) : null;
  };
}

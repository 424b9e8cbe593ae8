import { cell, endUs } from '../../records/kineto/event-table.ts';
import type { KinetoTrace } from '../../records/kineto/kineto-trace.ts';
import type { DeviceWork } from './device-work.ts';
import { launchIndex } from './launch-index.ts';
import { mean, quantiles } from './median.ts';

/** How the host feeds the accelerator. */
export interface LaunchSummary {
  /** Calls whose name says that they launch a kernel or a graph. */
  launchCount: number;
  /** Of these, calls with no work in the trace: captured into a graph, or not recorded. */
  withoutWork: number;
  /** From the start of the call to the start of its work; includes waiting in the queue. */
  delayUs: Spread | null;
  /** Time between neighbours on a stream, where it is idle. */
  gapUs: Spread | null;
  streams: StreamQueue[];
}

export interface Spread {
  mean: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

/** Work launched and not yet started on one stream. */
export interface StreamQueue {
  stream: number;
  works: number;
  maxLength: number;
  /** Mean over time, from the first launch to the last start. */
  meanLength: number;
  /** Share of that time with nothing queued. */
  emptyShare: number;
}

const LAUNCH = /Launch(?:Cooperative)?Kernel|GraphLaunch|LaunchKernelExC/;

export function launchSummary(trace: KinetoTrace, { rows }: DeviceWork): LaunchSummary {
  const { events, names } = trace;
  const launch = launchIndex(trace);
  const worked = new Set<number>();
  const delays: number[] = [];
  const queues = new Map<number, Array<{ launchUs: number; startUs: number; endUs: number }>>();
  for (const row of rows) {
    const call = launch.get(cell(events.correlation, row));
    const startUs = cell(events.startUs, row);
    if (call !== undefined) {
      worked.add(call);
      delays.push(startUs - cell(events.startUs, call));
    }
    const launchUs = call === undefined ? startUs : cell(events.startUs, call);
    const stream = cell(events.stream, row);
    const entry = { launchUs, startUs, endUs: endUs(events, row) };
    const queue = queues.get(stream);
    if (queue === undefined) queues.set(stream, [entry]);
    else queue.push(entry);
  }
  const launches = [...launch.values()].filter((row) =>
    LAUNCH.test(names[cell(events.name, row)] ?? ''),
  );
  return {
    launchCount: launches.length,
    withoutWork: launches.filter((row) => !worked.has(row)).length,
    delayUs: spread(delays),
    gapUs: spread([...queues.values()].flatMap(gaps)),
    streams: [...queues].map(([stream, queue]) => queueOf(stream, queue)),
  };
}

type Queued = ReadonlyArray<{ launchUs: number; startUs: number; endUs: number }>;

/** Idle times between neighbours; `queue` is in the order of starts. */
function gaps(queue: Queued): number[] {
  let latestUs = Infinity;
  const found: number[] = [];
  for (const { startUs, endUs: workEndUs } of queue) {
    if (startUs > latestUs) found.push(startUs - latestUs);
    latestUs = latestUs === Infinity ? workEndUs : Math.max(latestUs, workEndUs);
  }
  return found;
}

/** Queue length as HTA counts it: up at a launch, down when the work starts. */
function queueOf(stream: number, queue: Queued): StreamQueue {
  const points = queue
    .flatMap(({ launchUs, startUs }) => [
      { atUs: Math.min(launchUs, startUs), change: 1 },
      { atUs: startUs, change: -1 },
    ])
    .sort((a, b) => a.atUs - b.atUs || a.change - b.change);
  let length = 0;
  let maxLength = 0;
  let integral = 0;
  let emptyUs = 0;
  points.forEach(({ atUs, change }, i) => {
    const beforeUs = points[i - 1]?.atUs ?? atUs;
    integral += length * (atUs - beforeUs);
    if (length <= 0) emptyUs += atUs - beforeUs;
    length += change;
    maxLength = Math.max(maxLength, length);
  });
  const spanUs = (points.at(-1)?.atUs ?? 0) - (points[0]?.atUs ?? 0);
  return {
    stream,
    works: queue.length,
    maxLength,
    meanLength: spanUs === 0 ? 0 : integral / spanUs,
    emptyShare: spanUs === 0 ? 0 : emptyUs / spanUs,
  };
}

function spread(values: readonly number[]): Spread | null {
  const average = mean(values);
  const [p50 = 0, p95 = 0, p99 = 0, max = 0] = quantiles(values, [0.5, 0.95, 0.99, 1]) ?? [];
  return average === null ? null : { mean: average, p50, p95, p99, max };
}

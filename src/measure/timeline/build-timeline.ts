import { isDeviceWork, KIND } from '../../records/kineto/event-kind.ts';
import { cell, NONE } from '../../records/kineto/event-table.ts';
import type { KinetoTrace } from '../../records/kineto/kineto-trace.ts';
import type { StepLanes } from '../trace/step-lanes.ts';
import { categoryOf } from './category.ts';
import { nestEvents } from './nest-events.ts';
import type { Lane, Timeline, Track } from './timeline.ts';

/** Lays the events of a trace out in tracks and lanes; O(n log n). Negative durations count as 0. */
export function buildTimeline(
  trace: KinetoTrace,
  steps: ReadonlyArray<Pick<StepLanes, 'name' | 'startUs' | 'totalUs'>>,
): Timeline {
  const { events, names } = trace;
  const { originUs, startUs, endUs, spanUs } = relativeTimes(trace);
  const groups = groupTracks(trace);
  const tracks: Track[] = [];
  const lanes: Lane[] = [];
  const order = new Int32Array(events.length);
  let length = 0;
  for (const { track, rows } of groups) {
    const sorted = Int32Array.from(rows).sort(
      (a, b) => cell(startUs, a) - cell(startUs, b) || cell(endUs, b) - cell(endUs, a) || a - b,
    );
    const byDepth: number[][] = [];
    let hidden = 0;
    nestEvents(sorted, startUs, endUs).forEach((depth, i) => {
      if (depth < 0) hidden++;
      else (byDepth[depth] ??= []).push(cell(sorted, i));
    });
    for (const [depth, own] of byDepth.entries()) {
      order.set(own, length);
      lanes.push({ track: tracks.length, depth, from: length, to: length + own.length });
      length += own.length;
    }
    tracks.push({ ...track, events: rows.length, hidden });
  }
  const kept = order.subarray(0, length);
  const categories = categoriesOf(trace);
  return {
    originUs,
    baseUs: baseOf(trace),
    spanUs,
    tracks,
    lanes,
    steps: steps.map((step) => ({
      name: step.name,
      startUs: step.startUs - originUs,
      durationUs: step.totalUs,
    })),
    names,
    startUs: Float64Array.from(kept, (row) => cell(startUs, row)),
    durationUs: Float64Array.from(kept, (row) => Math.max(0, cell(events.durationUs, row))),
    name: Int32Array.from(kept, (row) => cell(events.name, row)),
    category: Uint8Array.from(kept, (row) => cell(categories, row)),
    correlation: Float64Array.from(kept, (row) => cell(events.correlation, row)),
  };
}

function relativeTimes({ events }: KinetoTrace) {
  let originUs = Infinity;
  for (let row = 0; row < events.length; row++) {
    originUs = Math.min(originUs, cell(events.startUs, row));
  }
  const startUs = new Float64Array(events.length);
  const endUs = new Float64Array(events.length);
  let spanUs = 0;
  for (let row = 0; row < events.length; row++) {
    const start = cell(events.startUs, row) - originUs;
    startUs[row] = start;
    endUs[row] = start + Math.max(0, cell(events.durationUs, row));
    spanUs = Math.max(spanUs, cell(endUs, row));
  }
  return { originUs: Number.isFinite(originUs) ? originUs : 0, startUs, endUs, spanUs };
}

type Group = { track: Omit<Track, 'events' | 'hidden'>; rows: number[] };

/** Threads of the host as the file brings them, then each device: its streams, then ranges on them. */
function groupTracks({ events, threads }: KinetoTrace): Group[] {
  const groups = new Map<string, Group>();
  for (let row = 0; row < events.length; row++) {
    const track = trackOf(
      cell(events.kind, row),
      threads[cell(events.thread, row)] ?? '',
      cell(events.device, row),
      cell(events.stream, row),
    );
    const key = `${track.kind} ${track.device} ${track.stream} ${track.thread}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { track, rows: [row] });
    else known.rows.push(row);
  }
  const place = { host: 0, device: 1, annotations: 1 };
  return [...groups.values()].sort(
    ({ track: a }, { track: b }) =>
      place[a.kind] - place[b.kind] ||
      (a.device ?? 0) - (b.device ?? 0) ||
      (a.stream ?? 0) - (b.stream ?? 0) ||
      (a.kind === b.kind ? 0 : a.kind === 'annotations' ? -1 : 1),
  );
}

function trackOf(kind: number, thread: string, device: number, stream: number): Group['track'] {
  if (isDeviceWork(kind) || kind === KIND.sync) {
    return { kind: 'device', thread, device: known(device), stream: known(stream) };
  }
  if (kind !== KIND.deviceAnnotation) return { kind: 'host', thread, device: null, stream: null };
  return { kind: 'annotations', thread, device: known(device), stream: known(stream) };
}

const known = (value: number): number | null => (value === NONE ? null : value);

/** Patterns are tried once for each pair of kind and name. */
function categoriesOf({ events, names }: KinetoTrace): Uint8Array {
  const found = new Map<number, number>();
  const categories = new Uint8Array(events.length);
  for (let row = 0; row < events.length; row++) {
    const kind = cell(events.kind, row);
    const name = cell(events.name, row);
    const key = name * 16 + kind;
    const category = found.get(key) ?? categoryOf(kind, names[name] ?? '');
    found.set(key, category);
    categories[row] = category;
  }
  return categories;
}

/** `baseTimeNanoseconds` of later Kineto versions; clocks of ranks are then comparable. */
function baseOf({ fields }: KinetoTrace): number {
  const base = Number(fields['baseTimeNanoseconds'] ?? 0);
  return Number.isFinite(base) ? base / 1000 : 0;
}

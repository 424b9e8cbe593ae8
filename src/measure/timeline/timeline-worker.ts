/** What a worker thread of the trace library runs: taking a trace in, and questions to one taken in. */
import {
  closeSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { TailraceError, type ErrorCode } from '../../records/errors.ts';
import { readKineto } from '../../records/kineto/read-kineto.ts';
import { hasCost } from '../trace/operator-cost.ts';
import { openTrace } from '../trace/open-trace.ts';
import { analyzeRank } from '../trace/rank-analysis.ts';
import { traceJson } from '../trace/trace-json.ts';
import { buildTimeline } from './build-timeline.ts';
import { encodeTile } from './encode-tile.ts';
import { eventDetail, findEvents, type EventDetail, type FoundEvents } from './find-events.ts';
import { prepareTimeline, type Prepared } from './prepare-timeline.ts';
import { rangeBreakdown, type RangeBreakdown } from './range-breakdown.ts';
import { decodeTimeline, encodeTimeline } from './timeline-file.ts';
import { timelineTile } from './timeline-tile.ts';
import type { Step, Track } from './timeline.ts';

/** A Result that may be sent between threads, which an Error of a class may not. */
export type Sent<T> =
  | { ok: true; value: T }
  | { ok: false; error: { code: ErrorCode; message: string; field: string | null } };

export interface TakeTask {
  /** The name that messages give. */
  name: string;
  /** What was uploaded. */
  path: string;
  /** Where the timeline is written; it appears only when it is whole. */
  out: string;
  maxUnpackedBytes: number;
  maxEvents: number;
}

/** What a trace that was taken in says of itself. */
export interface TakenTrace {
  storedBytes: number;
  rank: number | null;
  worldSize: number | null;
  /** Events in the file, also those not kept. */
  eventCount: number;
  shownEvents: number;
  originUs: number;
  baseUs: number;
  spanUs: number;
  /** By name id, cut to what a label has room for; of a trace with very many, the first. */
  names: string[];
  tracks: Track[];
  /** By lane: its track and depth. */
  lanes: Array<{ track: number; depth: number }>;
  steps: Step[];
  /** As `tailrace analyze --json` prints it for this file alone. */
  analysis: Record<string, unknown>;
}

const MAX_NAMES = 20_000;
const LABEL_CHARS = 120;

/** Reads, analyzes and keeps one trace. */
export function take(task: TakeTask): Promise<Sent<TakenTrace>> {
  return sent(async () => {
    const { name, path, out, maxEvents } = task;
    const chunks = bounded(openTrace({ name, path, gzip: isGzip(path) }), task);
    const trace = await readKineto(chunks, { file: name, keepShapesOf: hasCost, maxEvents });
    const rank = analyzeRank(trace.rank ?? 0, trace);
    const timeline = buildTimeline(trace, rank.steps);
    const bytes = encodeTimeline(timeline);
    writeFileSync(`${out}.partial`, bytes, { mode: 0o600 });
    renameSync(`${out}.partial`, out);
    return {
      storedBytes: bytes.length,
      rank: trace.rank,
      worldSize: trace.worldSize,
      eventCount: trace.eventCount,
      shownEvents: timeline.startUs.length,
      originUs: timeline.originUs,
      baseUs: timeline.baseUs,
      spanUs: timeline.spanUs,
      names: timeline.names.slice(0, MAX_NAMES).map((one) => one.slice(0, LABEL_CHARS)),
      tracks: [...timeline.tracks],
      lanes: timeline.lanes.map(({ track, depth }) => ({ track, depth })),
      steps: [...timeline.steps],
      analysis: traceJson([rank]),
    };
  });
}

function isGzip(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(2);
    readSync(file, head, 0, 2, 0);
    return head[0] === 0x1f && head[1] === 0x8b;
  } finally {
    closeSync(file);
  }
}

/** A small gzip may unpack to anything. */
async function* bounded(
  chunks: AsyncIterable<Uint8Array>,
  { name, maxUnpackedBytes }: TakeTask,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxUnpackedBytes) {
      const message = `${name}: unpacks to more than ${maxUnpackedBytes} bytes (traces.maxUnpackedBytes); profile fewer steps`;
      throw new TailraceError('TR_BODY_TOO_LARGE', message, { field: 'FILE' });
    }
    yield chunk;
  }
}

/** Timelines in memory, the last used last: at most this many, and bytes of their files unpacked. */
const MAX_OPEN = 8;
const MAX_OPEN_ROWS = 16_000_000;
const open = new Map<string, Prepared>();

function prepared(path: string): Prepared {
  const known = open.get(path);
  const own = known ?? prepareTimeline(decodeTimeline(readTimeline(path), path));
  open.delete(path);
  open.set(path, own);
  for (const [other] of open) {
    const rows = [...open.values()].reduce((sum, { timeline }) => sum + timeline.startUs.length, 0);
    if (other === path || (open.size <= MAX_OPEN && rows <= MAX_OPEN_ROWS)) break;
    open.delete(other);
  }
  return own;
}

function readTimeline(path: string): Buffer {
  try {
    statSync(path);
    return readFileSync(path);
  } catch (cause) {
    throw new TailraceError('TR_NOT_FOUND', 'the trace was deleted', { field: 'id', cause });
  }
}

export const tile = (ask: {
  path: string;
  level: number;
  index: number;
}): Promise<Sent<Uint8Array<ArrayBuffer>>> =>
  sent(() => {
    const own = prepared(ask.path);
    const cut = timelineTile(own.timeline, ask.level, ask.index);
    const busyUs = own.busyWithin.map((busy) => busy(cut.fromUs, cut.toUs));
    return encodeTile(cut, own.timeline, busyUs);
  });

export const range = (ask: {
  path: string;
  fromUs: number;
  toUs: number;
}): Promise<Sent<RangeBreakdown>> =>
  sent(() => rangeBreakdown(prepared(ask.path), ask.fromUs, ask.toUs));

export const find = (ask: {
  path: string;
  text: string;
  limit: number;
}): Promise<Sent<FoundEvents>> => sent(() => findEvents(prepared(ask.path), ask.text, ask.limit));

export const event = (ask: { path: string; row: number }): Promise<Sent<EventDetail | null>> =>
  sent(() => eventDetail(prepared(ask.path), ask.row));

async function sent<T>(work: () => T | Promise<T>): Promise<Sent<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (!(error instanceof TailraceError)) throw error;
    const { code, message, field } = error;
    return { ok: false, error: { code, message, field } };
  }
}

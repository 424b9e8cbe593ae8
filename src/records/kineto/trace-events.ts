import { TailraceError } from '../errors.ts';
import { balance } from './balance.ts';
import { parseArray, parseLenient, textOf, withoutCallStacks } from './parse-elements.ts';

/** A run of events in file order, or fields that stand beside the events. */
export type TracePart =
  | { kind: 'events'; events: unknown[] }
  | { kind: 'fields'; fields: Readonly<Record<string, unknown>> };

/** Bytes before the events, and after them, at most: lists of process groups can be long. */
const MAX_FIELDS_BYTES = 64 * 1024 * 1024;
/** Bytes handed to the parser at once. */
const BATCH_BYTES = 512 * 1024;
/** One event longer than this is no event. */
const MAX_EVENT_BYTES = 256 * 1024 * 1024;
/** Guesses for the last whole event of a batch before walking its bytes. */
const MAX_GUESSES = 16;

const EVENTS_KEY = /"traceEvents"\s*:\s*\[/g;

/**
 * Splits a Chrome trace, an object with `traceEvents` or a bare array, into runs of parsed events.
 * Holds one batch at a time. `file` is the name that messages give. Throws TR_TRACE_INVALID and
 * TR_TRACE_TRUNCATED.
 *
 * Fast because nothing looks at single bytes: a batch is cut after a `}` that `, {` follows, and
 * that it parses as an array proves that the cut lies between two events.
 */
export async function* traceEvents(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
): AsyncGenerator<TracePart, void, undefined> {
  const cut: Cut = { buffer: Buffer.alloc(0), seen: 0, state: 'before', events: 0, bare: false };
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  for await (const chunk of chunks) {
    pending.push(chunk);
    pendingBytes += chunk.length;
    if (pendingBytes < BATCH_BYTES) continue;
    cut.buffer = Buffer.concat([cut.buffer, ...pending]);
    pending = [];
    pendingBytes = 0;
    yield* advance(cut, file, false);
  }
  cut.buffer = Buffer.concat([cut.buffer, ...pending]);
  yield* advance(cut, file, true);
}

type State = 'before' | 'events' | 'after';

interface Cut {
  buffer: Buffer;
  /** Bytes already dropped from the front of the buffer. */
  seen: number;
  state: State;
  events: number;
  /** The file is an array and not an object. */
  bare: boolean;
}

function* advance(cut: Cut, file: string, last: boolean): Generator<TracePart> {
  if (cut.state === 'before') yield* findEvents(cut, file, last);
  if (cut.state === 'events') yield* takeEvents(cut, file, last);
  if (cut.state === 'after' && cut.buffer.length > MAX_FIELDS_BYTES) {
    throw invalid(file, 'has more than 64 MiB after its events');
  }
  if (!last) return;
  if (cut.state === 'events' || cut.state === 'before') throw truncated(cut, file);
  if (cut.state === 'after') yield { kind: 'fields', fields: fieldsAfter(cut, file) };
}

/** Finds the bracket that opens the events; the first match inside a string is not it. */
function* findEvents(cut: Cut, file: string, last: boolean): Generator<TracePart> {
  const text = textOf(cut.buffer);
  const first = text.trimStart()[0];
  if (first === '[') {
    drop(cut, text.indexOf('[') + 1);
    cut.state = 'events';
    cut.bare = true;
    return;
  }
  if (first !== '{' && first !== undefined) throw invalid(file, 'does not begin as JSON');
  for (const match of text.matchAll(EVENTS_KEY)) {
    const [fields] = parseArray(`[${text.slice(0, match.index + match[0].length)}]}]`) ?? [];
    if (!isRecord(fields) || !Array.isArray(fields['traceEvents'])) continue;
    const { traceEvents: _, ...rest } = fields;
    yield { kind: 'fields', fields: rest };
    drop(cut, Buffer.byteLength(text.slice(0, match.index + match[0].length)));
    cut.state = 'events';
    return;
  }
  if (last && text.trim() === '') throw invalid(file, 'is empty');
  if (last && parseArray(`[${text}]`) !== null) throw invalid(file, 'has no "traceEvents"');
  if (cut.buffer.length > MAX_FIELDS_BYTES) {
    throw invalid(file, 'has no "traceEvents" in its first 64 MiB');
  }
}

/** Takes all whole events off the buffer; at the end of the array the state moves on. */
function* takeEvents(cut: Cut, file: string, last: boolean): Generator<TracePart> {
  if (!last) {
    const events = guess(cut);
    if (events !== null) {
      cut.events += events.length;
      yield { kind: 'events', events };
      return;
    }
  }
  const { buffer } = cut;
  const { lastElementEnd, arrayEnd } = balance(buffer, 0, buffer.length);
  const end = arrayEnd === -1 ? lastElementEnd : arrayEnd;
  if (end === -1) {
    if (buffer.length > MAX_EVENT_BYTES) throw invalid(file, `has no whole event ${placeOf(cut)}`);
    return;
  }
  const text = textOf(buffer.subarray(0, end)).replace(/^\s*,/, '');
  const events = parseArray(`[${text}]`) ?? parseLenient(`[${text}]`);
  if (events === null) {
    throw invalid(file, `has text that is no JSON in the events after number ${placeOf(cut)}`);
  }
  cut.events += events.length;
  yield { kind: 'events', events };
  drop(cut, arrayEnd === -1 ? end : end + 1);
  if (arrayEnd !== -1) cut.state = 'after';
}

/** All events up to a likely cut, when parsing proves the cut right; else null. */
function guess(cut: Cut): unknown[] | null {
  const { buffer } = cut;
  let from = buffer.length - 1;
  for (let tries = 0; tries < MAX_GUESSES; tries++) {
    const brace = buffer.lastIndexOf(0x7d, from);
    if (brace <= 0) return null;
    if (followedByObject(buffer, brace + 1)) {
      const text = textOf(buffer.subarray(0, brace + 1)).replace(/^\s*,/, '');
      const events = parseArray(`[${withoutCallStacks(text)}]`);
      if (events === null) return null;
      drop(cut, brace + 1);
      return events;
    }
    from = brace - 1;
  }
  return null;
}

/** True when a comma and an opening brace follow, with white space between. */
function followedByObject(buffer: Buffer, at: number): boolean {
  const comma = skipSpace(buffer, at);
  return buffer[comma] === 0x2c && buffer[skipSpace(buffer, comma + 1)] === 0x7b;
}

function skipSpace(buffer: Buffer, at: number): number {
  let i = at;
  while (i < buffer.length && (buffer[i] ?? 0) <= 0x20) i++;
  return i;
}

/** Fields after the events: `, "traceName": "...", ... }`, or nothing after a bare array. */
function fieldsAfter(cut: Cut, file: string): Readonly<Record<string, unknown>> {
  const text = textOf(cut.buffer).trim();
  if (cut.bare && text === '') return {};
  const [fields] = parseArray(`[{${text.replace(/^,/, '')}]`) ?? [];
  if (isRecord(fields)) return fields;
  throw truncated(cut, file);
}

function drop(cut: Cut, bytes: number): void {
  cut.buffer = cut.buffer.subarray(bytes);
  cut.seen += bytes;
}

const placeOf = ({ events, seen }: Cut): string => `${events} (byte ${seen} of the unpacked text)`;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const invalid = (file: string, why: string): TailraceError =>
  new TailraceError('TR_TRACE_INVALID', `${file}: is no Chrome trace: it ${why}`, {
    field: 'FILE',
  });

const truncated = (cut: Cut, file: string): TailraceError =>
  new TailraceError(
    'TR_TRACE_TRUNCATED',
    `${file}: ends in the middle, after ${cut.events} whole events; copy it again or let the profiler finish`,
    { field: 'FILE' },
  );

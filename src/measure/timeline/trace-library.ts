/**
 * Profiler traces that people brought, kept in the state folder as timelines. It must not parse on its
 * own thread: see timeline-threads.ts. One folder, two files a trace (docs/formats/timeline.md).
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../records/clock.ts';
import { TailraceError } from '../../records/errors.ts';
import { newId } from '../../records/ids.ts';
import type { EventDetail, FoundEvents } from './find-events.ts';
import type { RangeBreakdown } from './range-breakdown.ts';
import { receiveUpload } from './receive-upload.ts';
import type { TimelineThreads } from './timeline-threads.ts';
import type { TakenTrace } from './timeline-worker.ts';
import { expired } from './expired.ts';
import { TRACE_FILE_VERSION, traceFile, type TraceEntry } from './trace-entry.ts';

export interface TraceLimits {
  maxUploadBytes: number;
  maxUnpackedBytes: number;
  keepBytes: number;
  keepDays: number;
}

export interface TraceLibrary {
  /** Newest first. */
  list(): TraceEntry[];
  /** Keeps what comes and begins to read it. Throws TR_BUSY, TR_BODY_TOO_LARGE, TR_BODY_INVALID. */
  add(name: string, body: AsyncIterable<Uint8Array>): Promise<TraceEntry>;
  /** Its entry, and what it says of itself once it is read; null when there is no such trace. */
  get(id: string): Promise<{ entry: TraceEntry; taken: TakenTrace | null } | null>;
  /** False when there is no such trace. */
  remove(id: string): Promise<boolean>;
  /** The questions below throw TR_NOT_FOUND, and TR_BUSY while the trace is being read. */
  tile(id: string, level: number, index: number): Promise<Uint8Array<ArrayBuffer>>;
  range(id: string, fromUs: number, toUs: number): Promise<RangeBreakdown>;
  find(id: string, text: string, limit: number): Promise<FoundEvents>;
  event(id: string, row: number): Promise<EventDetail | null>;
  close(): Promise<void>;
}

/** Age deletes traces also while nobody brings new ones. */
const SWEEP_MS = 3_600_000;

/** Bodies that come in at one time, and traces that wait to be read. */
const MAX_COMING = 4;
const MAX_READING = 8;
/** An event takes some 90 bytes while it is read. */
const MAX_EVENTS = 20_000_000;

export interface LibraryOptions {
  stateDir: string;
  clock: Clock;
  limits: () => TraceLimits;
  threads: TimelineThreads;
}

/** Opens the folder, which it makes when a first trace comes. What was half taken in is removed. */
export async function openTraceLibrary(options: LibraryOptions): Promise<TraceLibrary> {
  const { clock, limits, threads } = options;
  const dir = join(options.stateDir, 'traces');
  const place = (id: string, kind: string): string => join(dir, `${id}.${kind}`);
  const entries = await readEntries(dir);
  let coming = 0;
  let isClosed = false;

  const forget = async (id: string): Promise<void> => {
    entries.delete(id);
    await rm(place(id, 'json'), { force: true });
    await rm(place(id, 'timeline'), { force: true });
  };
  const sweep = async (): Promise<void> => {
    const old = expired([...entries.values()], limits(), clock.wallMs());
    for (const id of old) await forget(id);
  };
  const read = async (entry: TraceEntry): Promise<void> => {
    const { maxUnpackedBytes } = limits();
    const task = { maxUnpackedBytes, maxEvents: MAX_EVENTS, out: place(entry.id, 'timeline') };
    const path = place(entry.id, 'upload');
    let taken: TakenTrace | null = null;
    let next: TraceEntry;
    try {
      taken = await threads.take({ ...task, name: entry.name, path });
      next = readyEntry(entry, taken);
    } catch (error) {
      next = { ...entry, state: 'failed', error: shownError(error) };
    }
    // What a stop cut off is no failure of the trace; its upload is removed at the next start.
    if (isClosed) return;
    await rm(path, { force: true });
    // Deleted while it was read.
    if (!entries.has(entry.id)) return forget(entry.id);
    await writeWhole(place(entry.id, 'json'), { version: TRACE_FILE_VERSION, entry: next, taken });
    entries.set(entry.id, next);
    await sweep();
  };
  /** Where the timeline of a trace stands that can be asked. */
  const askable = (id: string): string => {
    const entry = entries.get(id);
    if (entry === undefined) throw new TailraceError('TR_NOT_FOUND', NO_TRACE, { field: 'id' });
    if (entry.state === 'ready') return place(id, 'timeline');
    if (entry.state === 'reading') throw new TailraceError('TR_BUSY', 'the trace is being read');
    throw new TailraceError('TR_TRACE_INVALID', entry.error?.message ?? 'it could not be read');
  };

  await sweep();
  // A disk that refuses now is asked again at the next.
  const sweeping = setInterval(() => void sweep().catch(() => undefined), SWEEP_MS).unref();
  return {
    list: () =>
      [...entries.values()].sort((a, b) => b.addedAtMs - a.addedAtMs || (a.id < b.id ? 1 : -1)),
    async add(name, body) {
      const reading = [...entries.values()].filter(({ state }) => state === 'reading').length;
      if (coming >= MAX_COMING || reading + coming >= MAX_READING) {
        throw new TailraceError('TR_BUSY', `${reading + coming} traces come in already; wait`);
      }
      coming += 1;
      try {
        const id = newId(clock.wallMs());
        await mkdir(dir, { recursive: true, mode: 0o700 });
        const uploadBytes = await receiveUpload(body, place(id, 'upload'), limits().maxUploadBytes);
        const entry = newEntry(id, name, uploadBytes, clock.wallMs());
        entries.set(id, entry);
        // Its failure is kept in the entry; what remains is a disk that refuses.
        read(entry).catch((error: unknown) => {
          entries.set(id, { ...entry, state: 'failed', error: shownError(error) });
        });
        return entry;
      } finally {
        coming -= 1;
      }
    },
    async get(id) {
      const entry = entries.get(id);
      if (entry === undefined) return null;
      if (entry.state !== 'ready') return { entry, taken: null };
      const text = await readFile(place(id, 'json'), 'utf8');
      const { taken } = JSON.parse(text) as { taken: TakenTrace };
      return { entry, taken };
    },
    async remove(id) {
      if (!entries.has(id)) return false;
      await forget(id);
      return true;
    },
    tile: async (id, level, index) => threads.tile({ path: askable(id), level, index }),
    range: async (id, fromUs, toUs) => threads.range({ path: askable(id), fromUs, toUs }),
    find: async (id, text, limit) => threads.find({ path: askable(id), text, limit }),
    event: async (id, row) => threads.event({ path: askable(id), row }),
    close: () => {
      isClosed = true;
      clearInterval(sweeping);
      return threads.close();
    },
  };
}

const NO_TRACE = 'no trace has this id; old ones are deleted (traces.keepDays, traces.keepBytes)';

/** Entries whose files are whole; everything else in the folder is what a stop left behind. */
async function readEntries(dir: string): Promise<Map<string, TraceEntry>> {
  const files = await readdir(dir).catch(() => []);
  const entries = new Map<string, TraceEntry>();
  for (const file of files.filter((one) => one.endsWith('.json'))) {
    const text = await readFile(join(dir, file), 'utf8').catch(() => '');
    const parsed = traceFile.safeParse(safeJson(text));
    if (parsed.success) entries.set(parsed.data.entry.id, parsed.data.entry);
  }
  for (const file of files) {
    const id = file.split('.', 1)[0] ?? '';
    if (!entries.has(id) || /\.(?:upload|partial)$/.test(file)) {
      await rm(join(dir, file), { force: true });
    }
  }
  return entries;
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function writeWhole(path: string, value: unknown): Promise<void> {
  await writeFile(`${path}.partial`, JSON.stringify(value), { mode: 0o600 });
  await rename(`${path}.partial`, path);
}

const newEntry = (
  id: string,
  name: string,
  uploadBytes: number,
  addedAtMs: number,
): TraceEntry => ({
  id,
  name,
  state: 'reading',
  addedAtMs,
  uploadBytes,
  storedBytes: null,
  rank: null,
  worldSize: null,
  eventCount: null,
  spanUs: null,
  error: null,
});

function readyEntry(entry: TraceEntry, taken: TakenTrace): TraceEntry {
  const { storedBytes, rank, worldSize, eventCount, spanUs } = taken;
  return { ...entry, state: 'ready', storedBytes, rank, worldSize, eventCount, spanUs };
}

function shownError(error: unknown): { code: string; message: string } {
  if (error instanceof TailraceError) return { code: error.code, message: error.message };
  return { code: 'TR_INTERNAL', message: 'the trace could not be read' };
}

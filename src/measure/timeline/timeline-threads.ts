import { Piscina } from 'piscina';
import { TailraceError } from '../../records/errors.ts';
import type { EventDetail, FoundEvents } from './find-events.ts';
import type { RangeBreakdown } from './range-breakdown.ts';
import type { Sent, TakenTrace, TakeTask } from './timeline-worker.ts';

/** Traces are read and asked away from the control process's own thread, which must go on answering. */
export interface TimelineThreads {
  take(task: TakeTask): Promise<TakenTrace>;
  tile(ask: { path: string; level: number; index: number }): Promise<Uint8Array<ArrayBuffer>>;
  range(ask: { path: string; fromUs: number; toUs: number }): Promise<RangeBreakdown>;
  find(ask: { path: string; text: string; limit: number }): Promise<FoundEvents>;
  event(ask: { path: string; row: number }): Promise<EventDetail | null>;
  close(): Promise<void>;
}

/** Questions that wait at most; a browser asks a handful at a time. */
const MAX_WAITING = 256;
/** A thread that nobody asks for this long ends, and frees the timelines it holds. */
const IDLE_MS = 120_000;

/**
 * Two threads, started when they are first needed: one takes traces in, one after the other, and one
 * answers, so that a large upload keeps nobody waiting. Rejects with the TailraceError of the work;
 * TR_BUSY when too many questions wait.
 */
export function createTimelineThreads(): TimelineThreads {
  const filename = workerFile(import.meta.url);
  const one = { filename, minThreads: 0, maxThreads: 1, maxQueue: MAX_WAITING };
  const taking = new Piscina({ ...one, idleTimeout: 0 });
  const asking = new Piscina({ ...one, idleTimeout: IDLE_MS });
  const run = async <T>(pool: Piscina, name: string, task: unknown): Promise<T> => {
    if (pool.queueSize >= MAX_WAITING) {
      throw new TailraceError('TR_BUSY', 'too many questions about traces wait; ask again');
    }
    return received((await pool.run(task, { name })) as Sent<T>);
  };
  return {
    take: (task) => run(taking, 'take', task),
    tile: (ask) => run(asking, 'tile', ask),
    range: (ask) => run(asking, 'range', ask),
    find: (ask) => run(asking, 'find', ask),
    event: (ask) => run(asking, 'event', ask),
    close: async () => {
      await Promise.all([taking.close({ force: true }), asking.close({ force: true })]);
    },
  };
}

function received<T>(sent: Sent<T>): T {
  if (sent.ok) return sent.value;
  const { code, message, field } = sent.error;
  throw new TailraceError(code, message, field === null ? {} : { field });
}

/** The worker beside this file; in the published bundle, the entry of that name. */
const workerFile = (here: string): string =>
  new URL(here.endsWith('.ts') ? './timeline-worker.ts' : './timeline-worker.js', here).href;

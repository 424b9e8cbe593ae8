import type { Clock } from '../../records/clock.ts';
import { TailraceError, type ErrorCode } from '../../records/errors.ts';
import {
  checkAsk,
  checkTrainingAsk,
  runAsk,
  runTrainingAsk,
  type PlanAsk,
  type PlanKind,
  type PlanResult,
  type RunOptions,
} from './plan-ask.ts';

export type JobState = 'running' | 'done' | 'failed' | 'cancelled';

/** One plan that is being computed, or was. */
export interface PlanJob {
  id: string;
  kind: PlanKind;
  state: JobState;
  startedAtMs: number;
  endedAtMs: number | null;
  /** Steps done of all; total 0 until it is known. */
  progress: { done: number; total: number };
  /** Milliseconds that are left at this pace; null when not known. */
  remainingMs: number | null;
  error: { code: ErrorCode; message: string; field: string | null } | null;
}

export interface PlanJobs {
  /** Starts a plan. Throws TR_PLAN_INVALID, or TR_BUSY when too many run. */
  start(ask: PlanAsk): PlanJob;
  /** Newest first. */
  list(): PlanJob[];
  get(id: string): { job: PlanJob; result: PlanResult | null } | null;
  /** Cancels a running job; one that ended is left as it is. Null when there is none. */
  cancel(id: string): PlanJob | null;
  close(): void;
}

/** A plan that came to its end. `traceRows`: rows of a recorded trace that it replayed. */
export interface DonePlan {
  kind: PlanKind;
  atMs: number;
  result: PlanResult;
  traceRows?: number | null;
}

const MAX_RUNNING = 2;
const MAX_KEPT = 32;

interface Entry {
  job: PlanJob;
  result: PlanResult | null;
  controller: AbortController;
}

/** A plan that was checked, ready to run. */
type Run = (options: RunOptions) => Promise<PlanResult>;

/** Plans under way and the latest results, in memory and bounded: an old result makes way for a new job. */
export function createPlanJobs(
  clock: Clock,
  prepare: (ask: PlanAsk) => Run = prepareAsk,
  onDone: (done: DonePlan) => void = () => {},
): PlanJobs {
  const entries: Entry[] = [];
  let nextId = 1;
  const find = (id: string): Entry | undefined => entries.find(({ job }) => job.id === id);
  const end = ({ job, controller }: Entry, state: JobState, error: PlanJob['error']): void => {
    if (job.state !== 'running') return;
    job.state = controller.signal.aborted ? 'cancelled' : state;
    job.error = job.state === 'failed' ? error : null;
    job.endedAtMs = clock.wallMs();
    job.remainingMs = null;
  };
  return {
    start(ask) {
      const run = prepare(ask);
      if (entries.filter(({ job }) => job.state === 'running').length >= MAX_RUNNING) {
        throw new TailraceError('TR_BUSY', `${MAX_RUNNING} plans run already: wait, or cancel one`);
      }
      const entry = newEntry(`plan-${nextId}`, ask.kind, clock.wallMs());
      nextId += 1;
      entries.unshift(entry);
      if (entries.length > MAX_KEPT) forgetOldest(entries);
      const { job, controller } = entry;
      const startMs = clock.monoMs();
      const onProgress = (done: number, total: number): void => {
        job.progress = { done, total };
        const elapsedMs = clock.monoMs() - startMs;
        job.remainingMs = done > 0 ? Math.round((elapsedMs * (total - done)) / done) : null;
      };
      run({ wallMs: job.startedAtMs, signal: controller.signal, onProgress }).then(
        (result) => {
          entry.result = controller.signal.aborted ? null : result;
          end(entry, 'done', null);
          const { kind, endedAtMs } = entry.job;
          if (entry.result !== null && endedAtMs !== null) {
            onDone({ kind, atMs: endedAtMs, result: entry.result });
          }
        },
        (error: unknown) => end(entry, 'failed', errorOf(error)),
      );
      return { ...job };
    },
    list: () => entries.map(({ job }) => ({ ...job })),
    get(id) {
      const entry = find(id);
      return entry === undefined ? null : { job: { ...entry.job }, result: entry.result };
    },
    cancel(id) {
      const entry = find(id);
      if (entry === undefined) return null;
      entry.controller.abort();
      end(entry, 'cancelled', null);
      return { ...entry.job };
    },
    close() {
      for (const { controller } of entries) controller.abort();
    },
  };
}

/** Checks an ask and says how it is computed. Throws TR_PLAN_INVALID. */
function prepareAsk(ask: PlanAsk): Run {
  const { kind } = ask;
  if (kind === 'train') {
    const setup = checkTrainingAsk(ask);
    if (!setup.ok) throw setup.error;
    return (options) => runTrainingAsk(ask, options);
  }
  const plan = checkAsk(ask);
  if (!plan.ok) throw plan.error;
  return (options) => runAsk({ ...ask, kind }, plan.value, options);
}

function forgetOldest(entries: Entry[]): void {
  const oldest = entries.findLastIndex(({ job }) => job.state !== 'running');
  if (oldest >= 0) entries.splice(oldest, 1);
}

const newEntry = (id: string, kind: PlanKind, startedAtMs: number): Entry => ({
  job: {
    id,
    kind,
    state: 'running',
    startedAtMs,
    endedAtMs: null,
    progress: { done: 0, total: 0 },
    remainingMs: null,
    error: null,
  },
  result: null,
  controller: new AbortController(),
});

function errorOf(error: unknown): PlanJob['error'] {
  if (error instanceof TailraceError) {
    const { code, message, field } = error;
    return { code, message, field };
  }
  return { code: 'TR_INTERNAL', message: 'the plan could not be computed', field: null };
}

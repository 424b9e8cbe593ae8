import { setImmediate } from 'node:timers/promises';

/** Lets a long computation be watched and stopped between its runs. */
export interface RunWatch {
  signal: AbortSignal;
  onRun(done: number, total: number, name: string): void;
}

/**
 * Runs every job in turn and gives the event loop a turn before each, so that a signal or a
 * progress line gets through. Null when the signal stopped it before the end.
 */
export async function watchRuns<Job, Result>(
  jobs: ReadonlyArray<{ name: string; job: Job }>,
  run: (job: Job) => Result,
  watch: RunWatch,
): Promise<Result[] | null> {
  const results: Result[] = [];
  for (const { name, job } of jobs) {
    await setImmediate();
    if (watch.signal.aborted) return null;
    watch.onRun(results.length, jobs.length, name);
    results.push(run(job));
  }
  return results;
}

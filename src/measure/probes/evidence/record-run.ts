import { compareRuns, type Comparison } from './compare-runs.ts';
import { thin, type ProbeResult } from './probe-result.ts';
import { appendResult, lastAlike, readResults } from './result-store.ts';

export interface Recorded {
  path: string;
  /** The run it was compared with; null when there is none with the same machine and settings. */
  previousAtMs: number | null;
  comparisons: Comparison[];
  /** Lines of the file that could not be read. */
  skipped: number;
}

/** Keeps a run as evidence and compares it with the last one alike. Metrics are thinned as stored. */
export async function recordRun(
  path: string,
  run: Omit<ProbeResult, 'version'>,
): Promise<Recorded> {
  const metrics = Object.fromEntries(
    Object.entries(run.metrics).map(([name, one]) => [name, { ...one, values: thin(one.values) }]),
  );
  const result: ProbeResult = { version: 1, ...run, metrics };
  const { results, skipped } = await readResults(path);
  const previous = lastAlike(results, result);
  await appendResult(path, result);
  return {
    path,
    previousAtMs: previous?.atMs ?? null,
    comparisons: previous === null ? [] : compareRuns(previous, result),
    skipped,
  };
}

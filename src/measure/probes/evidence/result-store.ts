import { join } from 'node:path';
import { TailraceError } from '../../../records/errors.ts';
import { appendJsonLine, readJsonLines } from '../../../records/json-lines.ts';
import { probeResult, type ProbeResult } from './probe-result.ts';

/** Where probes keep their results: one line of JSON a run, in the state folder. */
export const resultsPath = (stateDir: string): string => join(stateDir, 'probes', 'results.jsonl');

/** Results so far, oldest first, and how many lines could not be read (a cut line, a later version). */
export async function readResults(
  path: string,
): Promise<{ results: ProbeResult[]; skipped: number }> {
  try {
    const { values, skipped } = await readJsonLines(path, probeResult);
    return { results: values, skipped };
  } catch (error) {
    throw failed(path, error);
  }
}

/** Adds one result. Throws TR_PROBE_FAILED. */
export async function appendResult(path: string, result: ProbeResult): Promise<void> {
  try {
    await appendJsonLine(path, probeResult.parse(result));
  } catch (error) {
    throw failed(path, error);
  }
}

/** The latest result of the same kind, machine and settings before `result`; null when there is none. */
export function lastAlike(
  results: readonly ProbeResult[],
  result: ProbeResult,
): ProbeResult | null {
  const alike = (one: ProbeResult): boolean =>
    one.kind === result.kind &&
    one.machine.hostname === result.machine.hostname &&
    keyOf(one.settings) === keyOf(result.settings) &&
    one.atMs < result.atMs;
  return results.findLast(alike) ?? null;
}

const keyOf = (settings: ProbeResult['settings']): string =>
  JSON.stringify(Object.entries(settings).toSorted(([a], [b]) => (a < b ? -1 : 1)));

function failed(path: string, error: unknown): TailraceError {
  const reason = error instanceof Error ? error.message : String(error);
  const message = `${path}: ${reason}; set TAILRACE_DATA to a folder that may be written to`;
  return new TailraceError('TR_PROBE_FAILED', message, { cause: error });
}

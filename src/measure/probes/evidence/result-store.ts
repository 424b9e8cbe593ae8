import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TailraceError } from '../../../records/errors.ts';
import { probeResult, type ProbeResult } from './probe-result.ts';

/** Where probes keep their results: one line of JSON a run, in the state folder. */
export const resultsPath = (stateDir: string): string => join(stateDir, 'probes', 'results.jsonl');

/** Results so far, oldest first, and how many lines could not be read (a cut line, a later version). */
export async function readResults(
  path: string,
): Promise<{ results: ProbeResult[]; skipped: number }> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { results: [], skipped: 0 };
    }
    throw failed(path, error);
  }
  const lines = text.split('\n').filter((line) => line !== '');
  const results = lines.flatMap((line) => parseLine(line) ?? []);
  return { results, skipped: lines.length - results.length };
}

function parseLine(line: string): ProbeResult | null {
  try {
    const parsed = probeResult.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Adds one result. One write of one line; a line that was cut by a crash before it stays apart. */
export async function appendResult(path: string, result: ProbeResult): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    const before = await readFile(path, 'utf8').catch(() => '');
    const lead = before === '' || before.endsWith('\n') ? '' : '\n';
    await appendFile(path, `${lead}${JSON.stringify(probeResult.parse(result))}\n`);
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

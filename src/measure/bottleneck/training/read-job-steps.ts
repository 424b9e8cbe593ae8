import { closeSync, createReadStream, fstatSync, globSync, openSync } from 'node:fs';
import type { JobConfig } from '../../../config/schema.ts';
import { TailraceError } from '../../../records/errors.ts';
import { readStepLog } from '../../../records/step-log/read-step-log.ts';
import type { Window } from '../../ledger/ledger.ts';
import type { StepRecord } from '../../../records/step-log/step-record.ts';

/** Of each file only the end is read: about 250,000 steps. */
const MAX_BYTES = 67_108_864;
/** Of one job, whatever the number of its files. */
const MAX_RECORDS = 500_000;
const MAX_FILES = 10_000;

export interface JobSteps {
  records: StepRecord[];
  /** What could not be read, or was left out. */
  notes: string[];
}

/** Reads step records of a job; the account is handed one, so that it can be computed without a disk. */
export type ReadJobSteps = (job: JobConfig, window: Window) => Promise<JobSteps>;

/** Clocks of ranks may be off; and steps before the window tell the pace without a fault. */
const MARGIN_MS = 3_600_000;

/**
 * Reads the step logs that a job names, in no order: those of the window (default: all) and as long before it, an hour at least. Never
 * rejects: a file that is not there or not valid is a note, its good records before the fault stay.
 */
export async function readJobSteps(job: JobConfig, window?: Window): Promise<JobSteps> {
  const span = spanOf(window);
  const files = job.stepLogs.flatMap((pattern) => globSync(pattern)).toSorted();
  const found: JobSteps = { records: [], notes: [] };
  if (files.length === 0) {
    found.notes.push(`no file matches jobs[${job.name}].stepLogs (${job.stepLogs.join(', ')})`);
  }
  for (const file of new Set(files.slice(0, MAX_FILES))) {
    try {
      await readOne(file, { job, span }, found);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      found.notes.push(error instanceof TailraceError ? reason : `${file}: ${reason}`);
    }
  }
  if (found.records.length >= MAX_RECORDS) {
    found.notes.push(`more than ${MAX_RECORDS} step records: the rest is not accounted for`);
  }
  return found;
}

function spanOf(window: Window | undefined): Window {
  if (window === undefined) {
    return { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
  }
  const beforeMs = Math.max(MARGIN_MS, window.toMs - window.fromMs);
  return { fromMs: window.fromMs - beforeMs, toMs: window.toMs + MARGIN_MS };
}

async function readOne(
  file: string,
  { job, span }: { job: JobConfig; span: Window },
  found: JobSteps,
): Promise<void> {
  const fd = openSync(file, 'r');
  const { size } = fstatSync(fd);
  closeSync(fd);
  if (size === 0) return;
  const start = Math.max(0, size - MAX_BYTES);
  const stream = createReadStream(file, { start, end: size - 1 });
  const chunks = start === 0 ? stream : afterFirstLine(stream);
  for await (const record of readStepLog(chunks, { file })) {
    // A file may hold several jobs; a record without a name belongs to whoever names the file.
    if (record.job !== undefined && record.job !== job.name) continue;
    const atMs = record.ts * 1000;
    if (atMs < span.fromMs || atMs > span.toMs) continue;
    if (found.records.length >= MAX_RECORDS) return;
    found.records.push(record);
  }
}

/** The first line of a file that is read from its middle is cut. */
async function* afterFirstLine(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isCut = true;
  for await (const chunk of chunks) {
    const at = isCut ? chunk.indexOf(0x0a) : -1;
    if (isCut && at === -1) continue;
    yield isCut ? chunk.subarray(at + 1) : chunk;
    isCut = false;
  }
}

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** One journal file. A worker's files are ordered by start, then by sequence. */
export interface JournalSegment {
  file: string;
  path: string;
  worker: string;
  /** When its process began to write, Unix milliseconds; later for each process of a worker. */
  startMs: number;
  /** Counts the files of one process, from 0. */
  seq: number;
  bytes: number;
  /** The newest of its worker: it may still grow, and is never deleted. */
  newest: boolean;
}

const nameForm = /^([A-Za-z0-9._-]{1,64})-(\d{1,15})-(\d{1,9})\.tj$/;
const workerForm = /^[A-Za-z0-9._-]{1,64}$/;

/** Throws RangeError for a worker name that cannot be part of a file name. */
export function segmentName(worker: string, startMs: number, seq: number): string {
  if (!workerForm.test(worker)) throw new RangeError(`not a worker name: ${worker}`);
  return `${worker}-${Math.floor(startMs)}-${seq}.tj`;
}

/** The journal files of a folder, oldest first; none when the folder is not there. */
export function listSegments(dir: string): JournalSegment[] {
  const segments: JournalSegment[] = [];
  for (const file of namesIn(dir)) {
    const [, worker, startMs, seq] = nameForm.exec(file) ?? [];
    const path = join(dir, file);
    const bytes = worker === undefined ? null : sizeOf(path);
    if (worker === undefined || bytes === null) continue;
    const order = { startMs: Number(startMs), seq: Number(seq) };
    segments.push({ file, path, worker, ...order, bytes, newest: false });
  }
  segments.sort((a, b) => a.startMs - b.startMs || a.seq - b.seq || (a.file < b.file ? -1 : 1));
  const newest = new Map(segments.map((one) => [one.worker, one]));
  for (const one of newest.values()) one.newest = true;
  return segments;
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Null when the file went away since it was listed, or is no file. */
function sizeOf(path: string): number | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true ? stat.size : null;
}

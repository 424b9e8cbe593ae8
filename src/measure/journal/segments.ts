import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** One journal file. A worker's files are ordered by start and sequence; only the newest is still written. */
export interface JournalFile {
  file: string;
  path: string;
  worker: string;
  startMs: number;
  seq: number;
  bytes: number;
  /** The newest of its worker: it may still grow, and is never deleted. */
  newest: boolean;
}

const nameForm = /^(.+)-(\d{1,15})-(\d{1,9})\.tj$/;

export const segmentName = (worker: string, startMs: number, seq: number): string =>
  `${worker}-${Math.floor(startMs)}-${seq}.tj`;

/** The journal files of a folder, oldest first; none when the folder is not there. */
export function listSegments(dir: string): JournalFile[] {
  const files: JournalFile[] = [];
  for (const file of namesIn(dir)) {
    const parts = nameForm.exec(file);
    if (parts === null) continue;
    const path = join(dir, file);
    const bytes = sizeOf(path);
    if (bytes === null) continue;
    const [, worker = '', startMs = '0', seq = '0'] = parts;
    files.push({
      file,
      path,
      worker,
      startMs: Number(startMs),
      seq: Number(seq),
      bytes,
      newest: false,
    });
  }
  files.sort((a, b) => a.startMs - b.startMs || a.seq - b.seq || (a.file < b.file ? -1 : 1));
  const newest = new Map(files.map((one) => [one.worker, one]));
  for (const one of newest.values()) one.newest = true;
  return files;
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

/** Null when the file went away since it was listed. */
function sizeOf(path: string): number | null {
  try {
    return statSync(path).size;
  } catch {
    return null;
  }
}

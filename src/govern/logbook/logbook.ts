/**
 * What happened once and is evidence later: plans, drills, releases, forecasts. Lines of JSON in the state folder,
 * since the command line writes there too, with or without an instance. It must not judge: collectors do.
 */
import { join } from 'node:path';
import { TailraceError } from '../../records/errors.ts';
import { appendJsonLine, readJsonLines } from '../../records/json-lines.ts';
import {
  logbookEntry,
  type EntryOf,
  type LogbookEntry,
  type LogbookKind,
} from '../../records/logbook-entry.ts';

/** The newest that are read; a service writes about two lines a day by itself. */
const MAX_READ = 50_000;

export interface Logbook {
  /** Oldest first. */
  entries(): Promise<LogbookEntry[]>;
  add(entry: LogbookEntry): Promise<void>;
}

export const logbookPath = (stateDir: string): string => join(stateDir, 'logbook.jsonl');

/** The logbook of a state folder. TR_STATE_MISSING where it cannot be read or written. */
export function openLogbook(stateDir: string): Logbook {
  const path = logbookPath(stateDir);
  // One write at a time from this process: a line must not begin inside another.
  let last: Promise<unknown> = Promise.resolve();
  return {
    async entries() {
      try {
        return (await readJsonLines(path, logbookEntry)).values.slice(-MAX_READ);
      } catch (error) {
        throw failed(path, error);
      }
    },
    add(entry) {
      const write = last
        .then(() => appendJsonLine(path, logbookEntry.parse(entry)))
        .catch((error: unknown) => {
          throw failed(path, error);
        });
      last = write.catch(() => undefined);
      return write;
    },
  };
}

/** A logbook that ends with the process, for a state folder that is not there. */
export function memoryLogbook(entries: LogbookEntry[] = []): Logbook {
  return {
    entries: async () => [...entries],
    add: async (entry) => void entries.push(logbookEntry.parse(entry)),
  };
}

/** Entries of one kind. */
export const entriesOf = <Kind extends LogbookKind>(
  entries: readonly LogbookEntry[],
  kind: Kind,
): Array<EntryOf<Kind>> =>
  entries.filter((one): one is EntryOf<Kind> & LogbookEntry => one.kind === kind);

function failed(path: string, error: unknown): TailraceError {
  const reason = error instanceof Error ? error.message : String(error);
  const message = `${path}: ${reason}; set TAILRACE_DATA to a folder that may be written to`;
  return new TailraceError('TR_STATE_MISSING', message, { cause: error });
}

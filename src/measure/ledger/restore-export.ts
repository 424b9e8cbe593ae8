import { DuckDBInstance } from '@duckdb/node-api';
import { join } from 'node:path';
import { configSchema, type Config } from '../../config/schema.ts';
import type { Clock } from '../../records/clock.ts';
import { TailraceError } from '../../records/errors.ts';
import { openJournal } from '../journal/writer.ts';
import { recordFromRow, selectSql } from './columns.ts';
import type { Window } from './ledger.ts';
import { openLedger } from './open-ledger.ts';
import { quote } from './record-table.ts';

/** Records that wait for the disk at most; each batch is acknowledged before the next is read. */
const BATCH_FLUSH = 2_000;

/** Requests of each service and their own cost, US dollars; null where no request has one. */
export type ByService = Map<string, { requests: number; usageUsd: number | null }>;

export interface Restored {
  records: number;
  simulated: boolean;
  /** What the file held of each service, added up as it was read. */
  saved: ByService;
  /** What the restored ledger says of each service in `window`. */
  services: ByService;
}

/**
 * Makes a state folder from an export: its records go through a journal, as they once did, and are sealed. Duplicates are
 * taken once. `dir` must be empty. Throws TR_FILE_UNREADABLE.
 */
export async function restoreExport(ask: {
  file: string;
  dir: string;
  clock: Clock;
  window?: Window;
}): Promise<Restored> {
  const { file, dir, clock } = ask;
  const { simulated, saved } = await toJournal(file, dir, clock);
  const ledger = await openLedger({ dir, config: parts().ledger, clock });
  try {
    // One call takes a bounded batch.
    while ((await ledger.ingest()) > 0);
    await ledger.maintain({ force: true });
    const { recordsTotal } = await ledger.health();
    const window = ask.window ?? { fromMs: 0, toMs: clock.wallMs() };
    const cells = await ledger.cells({ window, by: 'engine-model-status' });
    const services: ByService = new Map();
    for (const { service, requests, usageUsd } of cells) {
      const usd = usageUsd.unknownCount < requests ? usageUsd.sum : null;
      addTo(services, service, { requests, usageUsd: usd });
    }
    return { records: recordsTotal, simulated, saved, services };
  } finally {
    await ledger.close();
  }
}

function addTo(
  all: ByService,
  service: string,
  more: { requests: number; usageUsd: number | null },
): void {
  const { requests, usageUsd } = all.get(service) ?? { requests: 0, usageUsd: null };
  all.set(service, {
    requests: requests + more.requests,
    usageUsd: more.usageUsd === null ? usageUsd : (usageUsd ?? 0) + more.usageUsd,
  });
}

async function toJournal(
  file: string,
  dir: string,
  clock: Clock,
): Promise<Pick<Restored, 'simulated' | 'saved'>> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const journal = openJournal({
    dir: join(dir, 'journal'),
    worker: 'restore',
    config: parts().journal,
    clock,
  });
  const saved: ByService = new Map();
  let simulated = false;
  let waiting = 0;
  try {
    const result = await connection.stream(
      `SELECT ${selectSql()} FROM read_parquet(${quote(file)})`,
    );
    for await (const rows of result.yieldRowsJs()) {
      for (const row of rows) {
        const record = recordFromRow(row);
        simulated ||= record.simulated;
        const { service, cost } = record;
        if (service !== null) addTo(saved, service, { requests: 1, usageUsd: cost.usageUsd });
        journal.append(record);
        waiting += 1;
        if (waiting % BATCH_FLUSH === 0) await journal.flush();
      }
    }
    return { simulated, saved };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${file}: ${reason}: give a file of tailrace export`;
    throw new TailraceError('TR_FILE_UNREADABLE', message, { field: 'FILE', cause: error });
  } finally {
    await journal.close();
    connection.closeSync();
    instance.closeSync();
  }
}

/** The shipped settings: those of the instance may be of another machine. Nothing is dropped for its age. */
function parts(): Pick<Config, 'journal' | 'ledger'> {
  const { journal, ledger } = configSchema.parse({
    services: [{ name: 's', owner: 'o', models: ['m'], route: 'r' }],
    routes: [{ name: 'r', engines: [{ engine: 'e' }] }],
    engines: [{ name: 'e', url: 'http://127.0.0.1:9/v1' }],
  });
  const days = 36_500;
  return {
    journal,
    ledger: {
      ...ledger,
      retention: { recordsDays: days, minutesDays: days, hoursDays: days },
    },
  };
}

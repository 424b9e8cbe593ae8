/**
 * Journal to queryable with rollups: `node bench/ingest.ts [--records N] [--rounds N]`. Writes N synthetic
 * records through the journal, then times a ledger that takes them in and seals them, in this process; then its peer: DuckDB
 * alone, from lines of JSON to Parquet on one thread, without rollups, duplicates or checks. Rounds are processes
 * of their own, the best is shown. Prints JSON: records/s of wall time, and CPU seconds of all threads
 * (the database's too).
 */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { configSchema } from '../src/config/schema.ts';
import { fromJsonSql, jsonTypesSql } from '../src/measure/ledger/columns.ts';
import { openLedger } from '../src/measure/ledger/open-ledger.ts';
import { systemClock } from '../src/records/clock.ts';
import { createSyntheticRecords } from './synthetic-records.ts';
import { writeJournals } from './write-journals.ts';

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '50000' },
    rounds: { type: 'string', default: '1' },
  },
});
const records = Number(values.records);
const rounds = Number(values.rounds);
/** Ten million requests a day: how many records share a minute's rollups decides what those cost. */
const stepMs = 8.64;

/** User and system time of this process so far, seconds. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const sizeOf = (dir: string): number =>
  readdirSync(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);

const rounded = (value: number, digits = 0): number => Number(value.toFixed(digits));

interface Report {
  records: number;
  machine: string;
  journal: Record<string, number>;
  ledger: { recordsPerSecond: number; recordsPerCpuSecond: number } & Record<string, number>;
  peer: { what: string; recordsPerCpuSecond: number };
  /** CPU time of the ledger by that of the peer. */
  ratio: number;
  rssMaxMib: number;
}

async function round(): Promise<Report> {
  const dir = mkdtempSync(join(tmpdir(), 'tailrace-ingest-'));
  try {
    const fromMs = systemClock.wallMs() - records * stepMs;
    const written = await timed(() => writeJournals({ dir, records, fromMs, stepMs }));
    const journalBytes = sizeOf(join(dir, 'journal'));
    const config = configSchema.shape.ledger.parse(undefined);
    const taken = await timed(async () => {
      const ledger = await openLedger({ dir, config, clock: systemClock });
      while ((await ledger.ingest()) > 0) await ledger.maintain();
      await ledger.maintain({ force: true });
      return ledger;
    });
    const ledger = taken.value;
    const health = await ledger.health();
    await ledger.close();
    if (health.recordsTotal !== records) throw new Error(`${health.recordsTotal} of ${records}`);
    const rssMaxMib = rounded(process.resourceUsage().maxRSS / 1024);
    const peer = await peerCpuSeconds(dir, fromMs);
    return {
      records,
      machine: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} CPUs`,
      journal: {
        recordsPerSecond: rounded(records / written.seconds),
        cpuSeconds: rounded(written.cpuSeconds, 2),
        bytesPerRecord: rounded(journalBytes / records),
      },
      ledger: {
        recordsPerSecond: rounded(records / taken.seconds),
        recordsPerCpuSecond: rounded(records / taken.cpuSeconds),
        seconds: rounded(taken.seconds, 2),
        cpuSeconds: rounded(taken.cpuSeconds, 2),
        segments: health.segments,
        bytesPerRecord: rounded(health.segmentBytes / records),
      },
      peer: {
        what: 'DuckDB, read_json to Parquet',
        recordsPerCpuSecond: rounded(records / peer),
      },
      ratio: rounded(taken.cpuSeconds / peer, 2),
      rssMaxMib,
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** What the same records cost DuckDB with its own way of reading JSON (types given, nothing guessed from a sample). */
async function peerCpuSeconds(dir: string, fromMs: number): Promise<number> {
  const lines = join(dir, 'peer.ndjson');
  const next = createSyntheticRecords({ seed: 1, fromMs, stepMs });
  const file = openSync(lines, 'w');
  for (let at = 0; at < records; at += 1000) {
    const some = Array.from({ length: Math.min(1000, records - at) }, () => JSON.stringify(next()));
    writeSync(file, `${some.join('\n')}\n`);
  }
  closeSync(file);
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const from = `SELECT ${fromJsonSql()} FROM read_json('${lines}', format = 'newline_delimited', columns = ${jsonTypesSql()})`;
  const { cpuSeconds: seconds } = await timed(() =>
    connection.run(
      `COPY (${from}) TO '${join(dir, 'peer.parquet')}' (FORMAT parquet, COMPRESSION zstd)`,
    ),
  );
  connection.closeSync();
  instance.closeSync();
  return seconds;
}

function bestOfRounds(): { rounds: number; all: number[]; best: Report } {
  const args = [import.meta.filename, '--records', String(records)];
  const reports = Array.from({ length: rounds }, () => {
    const child = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (child.status !== 0) throw new Error(child.stderr);
    return JSON.parse(child.stdout) as Report;
  });
  const all = reports.map(({ ledger }) => ledger.recordsPerCpuSecond);
  const [best] = reports.toSorted(
    (a, b) => b.ledger.recordsPerCpuSecond - a.ledger.recordsPerCpuSecond,
  );
  if (best === undefined) throw new Error('--rounds has to be 1 or more');
  return { rounds, all, best };
}

const report = rounds === 1 ? await round() : bestOfRounds();
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);

/** Synthesis of the records is part of the first figure: it says what one process writes at most. */
async function timed<T>(
  body: () => Promise<T>,
): Promise<{ value: T; seconds: number; cpuSeconds: number }> {
  const startMs = performance.now();
  const startCpu = cpuSeconds();
  const value = await body();
  return {
    value,
    seconds: (performance.now() - startMs) / 1000,
    cpuSeconds: cpuSeconds() - startCpu,
  };
}

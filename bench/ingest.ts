/**
 * Journal to queryable with rollups: `node bench/ingest.ts [--records N]`. Writes N synthetic records
 * through the journal, then times a ledger that takes them in and seals them, in this process.
 * Prints JSON: records/s of wall time, and CPU seconds of all threads (the database's too).
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { configSchema } from '../src/config/schema.ts';
import { openLedger } from '../src/measure/ledger/open-ledger.ts';
import { systemClock } from '../src/records/clock.ts';
import { writeJournals } from './write-journals.ts';

const { values } = parseArgs({ options: { records: { type: 'string', default: '50000' } } });
const records = Number(values.records);
/** Ten million requests a day: how many records share a minute's rollups decides what those cost. */
const stepMs = 8.64;

/** User and system time of this process so far, seconds. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const sizeOf = (dir: string): number =>
  readdirSync(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);

const round = (value: number, digits = 0): number => Number(value.toFixed(digits));

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
  const report = {
    records,
    journal: {
      recordsPerSecond: round(records / written.seconds),
      cpuSeconds: round(written.cpuSeconds, 2),
      bytesPerRecord: round(journalBytes / records),
    },
    ledger: {
      recordsPerSecond: round(records / taken.seconds),
      recordsPerCpuSecond: round(records / taken.cpuSeconds),
      seconds: round(taken.seconds, 2),
      cpuSeconds: round(taken.cpuSeconds, 2),
      segments: health.segments,
      bytesPerRecord: round(health.segmentBytes / records),
    },
    rssMaxMib: round(process.resourceUsage().maxRSS / 1024),
  };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
} finally {
  rmSync(dir, { recursive: true, force: true });
}

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

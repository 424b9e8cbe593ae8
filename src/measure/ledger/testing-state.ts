import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configSchema, type Config } from '../../config/schema.ts';
import type { Clock } from '../../records/clock.ts';
import type { RequestRecord } from '../../records/request-record.ts';
import { testingRecord } from '../../records/testing-record.ts';
import { openJournal } from '../journal/writer.ts';

/** 2027-01-15T08:00:00Z: a whole hour, so that tests can speak of minutes and hours. */
export const startMs = 1_800_000_000_000;

/** A state folder of its own, journals written by the real writer. For tests of this folder only. */
export interface TestState {
  dir: string;
  clock: Clock & { nowMs: number };
  config: Config['ledger'];
  /** Appends the records to a new journal file of `worker`, as a run of that worker would. */
  journal(records: readonly RequestRecord[], worker?: string): Promise<void>;
  remove(): void;
}

export function testState(some: Partial<Config['ledger']> = {}): TestState {
  const dir = mkdtempSync(join(tmpdir(), 'tailrace-ledger-test-'));
  const clock = { nowMs: startMs + 3_600_000, wallMs: () => clock.nowMs, monoMs: () => 0 };
  let runs = 0;
  return {
    dir,
    clock,
    config: { ...ledgerDefaults(), ...some },
    async journal(records, worker = 'w0') {
      runs += 1;
      const journal = openJournal({
        dir: join(dir, 'journal'),
        worker,
        config: journalConfig(),
        clock: { wallMs: () => startMs + runs, monoMs: () => 0 },
      });
      for (const one of records) journal.append(one);
      await journal.flush();
      await journal.close();
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

const parsed = (): Config =>
  configSchema.parse({
    services: [{ name: 's', owner: 'o', models: ['m'], route: 'r' }],
    routes: [{ name: 'r', engines: [{ engine: 'e' }] }],
    engines: [{ name: 'e', url: 'http://127.0.0.1:9/v1' }],
  });
const ledgerDefaults = (): Config['ledger'] => ({ ...parsed().ledger, memoryMiB: 256 });
const journalConfig = (): Config['journal'] => ({ ...parsed().journal, fsync: 'never' });

/** A plain successful request of a measured engine, some of it unknown, for tests to vary. */
export const makeRecord = (change: Partial<RequestRecord> = {}): RequestRecord =>
  testingRecord({
    startedAtMs: startMs,
    modelAsked: 'llama',
    modelServed: 'llama',
    latency: latencyOf(500),
    tokens: { in: 100, cachedIn: 0, cacheWrite: null, out: 50, reasoning: null },
    energy: { energyWh: null, basis: 'unknown' },
    simulated: false,
    ...change,
  });

export const latencyOf = (e2eMs: number): RequestRecord['latency'] => ({
  e2eMs,
  queueMs: 1,
  gatewayMs: 0.5,
  retryMs: 0,
  ttftMs: e2eMs / 4,
  tpotMeanMs: e2eMs / 100,
  tpotMaxMs: e2eMs / 50,
  engineQueueMs: null,
  prefillMs: e2eMs / 5,
  decodeMs: (e2eMs * 3) / 4,
});

/** `count` records one a second from `fromMs` on, varied by their index. */
export function manyRecords(
  count: number,
  vary: (i: number) => Partial<RequestRecord> = () => ({}),
  fromMs = startMs,
): RequestRecord[] {
  return Array.from({ length: count }, (_, i) =>
    makeRecord({ startedAtMs: fromMs + i * 1000, latency: latencyOf(100 + i), ...vary(i) }),
  );
}

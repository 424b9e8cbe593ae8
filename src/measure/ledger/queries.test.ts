import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EngineSample } from '../../records/engine-sample.ts';
import type { RequestRecord } from '../../records/request-record.ts';
import type { Ledger, RequestQuery } from './ledger.ts';
import { openLedger } from './open-ledger.ts';
import { latencyOf, manyRecords, startMs, testState } from './testing-state.ts';

let of: ReturnType<typeof testState>;
let ledger: Ledger;
beforeEach(async () => {
  of = testState();
  ledger = await openLedger(of);
});
afterEach(async () => {
  await ledger.close();
  of.remove();
});

const records = manyRecords(90, (i) => ({
  service: i % 3 === 0 ? null : 'chat',
  engine: `e${i % 2}`,
  modelServed: i % 5 === 0 ? null : 'served',
  modelAsked: 'asked',
  tenant: i % 4 === 0 ? "o'neil" : 'acme',
  outcome: i % 10 === 0 ? 'timeout' : 'success',
  latency: { ...latencyOf((i * 37) % 90), ttftMs: i % 6 === 0 ? null : (i * 11) % 90 },
}));
const whole = { fromMs: startMs, toMs: startMs + 90_000 };

/** A third each in two segments and the buffer. */
async function fill(): Promise<void> {
  for (let at = 0; at < 90; at += 30) {
    await of.journal(records.slice(at, at + 30));
    await ledger.ingest();
    if (at < 60) await ledger.maintain({ force: true });
  }
}

const query = (some: Partial<RequestQuery> = {}): RequestQuery => ({
  window: whole,
  sort: 'startedAt',
  descending: false,
  limit: 1000,
  offset: 0,
  ...some,
});

test('Q1: windows are exact and half open, filters are those of the fields', async () => {
  await fill();
  const cases: Array<[Partial<RequestQuery>, (one: RequestRecord) => boolean]> = [
    [{}, () => true],
    [
      { window: { fromMs: startMs + 29_000, toMs: startMs + 61_000 } },
      ({ startedAtMs: at }) => at >= startMs + 29_000 && at < startMs + 61_000,
    ],
    [{ window: { fromMs: startMs + 1, toMs: startMs + 1000 } }, () => false],
    [{ service: 'chat', engine: 'e1' }, (one) => one.service === 'chat' && one.engine === 'e1'],
    [{ model: 'asked' }, (one) => one.modelServed === null],
    [{ model: 'served' }, (one) => one.modelServed === 'served'],
    [{ tenant: "o'neil" }, (one) => one.tenant === "o'neil"],
    [{ tenant: "' OR 1=1 --" }, () => false],
    [{ feature: 'help', outcome: 'timeout' }, (one) => one.outcome === 'timeout'],
    [{ minE2eMs: 80 }, (one) => one.latency.e2eMs >= 80],
  ];
  for (const [some, fits] of cases) {
    const wanted = records.filter(fits);
    const found = await ledger.requests(query(some));
    expect(found.records).toEqual(wanted);
    expect(found.total).toBe(wanted.length);
  }
});

test('Q2: pages in either order hold each record once, unknown values last', async () => {
  await fill();
  for (const sort of ['startedAt', 'e2e', 'ttft', 'cost', 'tokensOut'] as const) {
    for (const descending of [false, true]) {
      const all: RequestRecord[] = [];
      for (let offset = 0; offset < 90; offset += 20) {
        const page = await ledger.requests(query({ sort, descending, limit: 20, offset }));
        expect(page.total).toBe(90);
        all.push(...page.records);
      }
      expect(new Set(all.map(({ id }) => id)).size).toBe(90);
      if (sort !== 'ttft') continue;
      const values = all.map(({ latency }) => latency.ttftMs);
      const known = values.filter((one) => one !== null);
      const sorted = known.toSorted((a, b) => (descending ? b - a : a - b));
      expect(values).toEqual([...sorted, ...Array<null>(90 - known.length).fill(null)]);
    }
  }
});

test('Q3: an export is the records of the window as Parquet, whole or not at all', async () => {
  await fill();
  const path = join(of.dir, "it's [an] export.parquet");
  const window = { fromMs: startMs + 10_000, toMs: startMs + 80_000 };
  expect(await ledger.exportParquet(window, path)).toBe(70);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const file = path.replaceAll("'", "''");
  const rows = await connection.runAndReadAll(
    `SELECT id, "startedAtMs", "tokens_out"::DOUBLE, typeof("tokens_out") FROM read_parquet('${file}')`,
  );
  expect(rows.getRowsJS()).toEqual(
    records.slice(10, 80).map((one) => [one.id, one.startedAtMs, one.tokens.out, 'BIGINT']),
  );
  connection.closeSync();
  instance.closeSync();
  expect(await ledger.exportParquet({ fromMs: 0, toMs: 1 }, join(of.dir, 'none.parquet'))).toBe(0);
  const nowhere = join(of.dir, 'no', 'folder.parquet');
  await expect(ledger.exportParquet(window, nowhere)).rejects.toMatchObject({
    code: 'TR_EXPORT_FAILED',
  });
  expect(existsSync(nowhere)).toBe(false);
  expect(readdirSync(of.dir).filter((name) => name.endsWith('.partial'))).toEqual([]);
});

const sample = (fromMs: number, toMs: number, some: Partial<EngineSample> = {}): EngineSample => ({
  engine: 'e0',
  fromMs: startMs + fromMs,
  toMs: startMs + toMs,
  up: true,
  acceleratorSeconds: (toMs - fromMs) / 1000,
  busyShare: 0.5,
  runningMean: 4,
  waitingMean: null,
  batchLimit: 256,
  kvUsageShare: 0.25,
  preemptions: 1,
  energyWh: null,
  basis: 'measured',
  simulated: false,
  ...some,
});

test('Q4: engine use is weighted by time, over the time each value is known', async () => {
  await ledger.addSamples([]);
  await ledger.addSamples([
    sample(0, 10_000, { busyShare: 1 }),
    sample(10_000, 40_000, { busyShare: 0, runningMean: null, preemptions: null }),
    sample(60_000, 80_000, { up: false, busyShare: null, acceleratorSeconds: null }),
    sample(0, 60_000, { engine: 'e1', simulated: true }),
    sample(3_600_000, 3_660_000, { engine: 'late' }),
  ]);
  const window = { fromMs: startMs + 1, toMs: startMs + 61_000 };
  const [first, second, ...rest] = await ledger.engineUse(window);
  expect(rest).toEqual([]);
  expect(first).toEqual({
    engine: 'e0',
    window: { fromMs: startMs, toMs: startMs + 120_000 },
    sampledMs: 60_000,
    upMs: 40_000,
    acceleratorSeconds: 40,
    busyShare: 0.25,
    runningMean: 4,
    waitingMean: null,
    batchLimit: 256,
    kvUsageShare: 0.25,
    preemptions: 2,
    energyWh: null,
    simulated: false,
  });
  expect(second).toMatchObject({ engine: 'e1', sampledMs: 60_000, simulated: true });
  await ledger.close();
  ledger = await openLedger(of);
  expect(await ledger.engineUse(window)).toEqual([first, second]);
});

test('Q5: looks at rollups do not wait for an export, and see each record once meanwhile', async () => {
  await of.journal(records);
  const totals: number[] = [];
  const look = async (): Promise<void> => {
    const cells = await ledger.cells({ window: whole, by: 'feature' });
    totals.push(cells.reduce((sum, { requests }) => sum + requests, 0));
  };
  const progress = { isDone: false };
  const work = (async () => {
    await ledger.ingest();
    await ledger.exportParquet(whole, join(of.dir, 'x.parquet'));
    await ledger.maintain({ force: true });
    progress.isDone = true;
  })();
  for (let i = 0; i < 100_000 && !progress.isDone; i += 1) {
    await look();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await work;
  await look();
  expect(new Set(totals)).toEqual(new Set([0, 90]));
});

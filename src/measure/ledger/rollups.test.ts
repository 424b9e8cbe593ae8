import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, test } from 'vitest';
import type { RequestRecord } from '../../records/request-record.ts';
import { relativeErrorBound } from '../sketch/create-sketch.ts';
import type { Cell, Ledger } from './ledger.ts';
import { openLedger } from './open-ledger.ts';
import { openLedgerReadOnly } from './open-read-only.ts';
import { latencyOf, makeRecord, manyRecords, startMs, testState } from './testing-state.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const closers: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A ledger over the records; `seals` says after how many records each seal comes. */
async function ledgerOf(
  records: readonly RequestRecord[],
  some: Parameters<typeof testState>[0] & { seals?: readonly number[] } = {},
): Promise<{ ledger: Ledger; of: ReturnType<typeof testState> }> {
  const { seals = [], ...config } = some;
  const of = testState(config);
  const ledger = await openLedger(of);
  closers.push(async () => {
    await ledger.close();
    of.remove();
  });
  let at = 0;
  for (const end of [...seals, records.length]) {
    await of.journal(records.slice(at, end));
    await ledger.ingest();
    if (end !== records.length || seals.includes(end)) await ledger.maintain({ force: true });
    at = end;
  }
  return { ledger, of };
}

const window = (fromMs: number, toMs: number) => ({
  fromMs: startMs + fromMs,
  toMs: startMs + toMs,
});
const names = ({ service, engine, model, status, feature, tenant }: Cell): unknown[] => [
  service,
  engine,
  model,
  status,
  feature,
  tenant,
];
const counts = (cells: readonly Cell[]): Array<[unknown, number]> =>
  cells
    .map((one): [string, number] => [JSON.stringify(names(one)), one.requests])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([text, requests]) => [JSON.parse(text), requests]);

const varied = manyRecords(600, (i) => ({
  startedAtMs: startMs + i * 20_000,
  service: i % 5 === 0 ? null : `s${i % 2}`,
  engine: `e${i % 3}`,
  modelServed: i % 4 === 0 ? null : 'served',
  modelAsked: 'asked',
  status: i % 7 === 0 ? 503 : 200,
  outcome: i % 7 === 0 ? 'upstream_error' : 'success',
  feature: i % 6 === 0 ? null : `f${i % 4}`,
  tenant: `t${i % 5}`,
  latency: latencyOf(10 + ((i * 7919) % 600)),
}));

/** The answer of the definition, from the records. */
function expected(
  records: readonly RequestRecord[],
  names_: (one: RequestRecord) => unknown[],
): Array<[unknown, number]> {
  const groups = new Map<string, number>();
  for (const one of records) {
    const key = JSON.stringify(names_(one));
    groups.set(key, (groups.get(key) ?? 0) + 1);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, n]) => [JSON.parse(key), n]);
}

const splits = {
  'engine-model-status': (one: RequestRecord) => [
    one.service ?? '',
    one.engine,
    one.modelServed ?? one.modelAsked,
    one.status,
    null,
    null,
  ],
  feature: (one: RequestRecord) => [one.service ?? '', null, null, null, one.feature, null],
  tenant: (one: RequestRecord) => [one.service ?? '', null, null, null, null, one.tenant],
} as const;

test.each([[[]], [[600]], [[50, 51, 400]]])(
  'R1: groups and counts are those of the records, over any window and however sealed (%j)',
  async (seals) => {
    const { ledger } = await ledgerOf(varied, { seals });
    const windows = [
      [0, 4 * hour],
      [13 * minute, 14 * minute],
      [7 * minute, 3 * hour - 5 * minute],
      [hour, 2 * hour],
      [hour + minute, 2 * hour - minute],
    ] as const;
    for (const [fromMs, toMs] of windows) {
      const asked = window(fromMs, toMs);
      const inside = varied.filter(
        (one) => one.startedAtMs >= asked.fromMs && one.startedAtMs < asked.toMs,
      );
      for (const by of ['engine-model-status', 'feature', 'tenant'] as const) {
        const cells = await ledger.cells({ window: asked, by });
        expect(counts(cells)).toEqual(expected(inside, splits[by]));
        const only = await ledger.cells({ window: asked, by, service: 's1' });
        const s1 = inside.filter(({ service }) => service === 's1');
        expect(counts(only)).toEqual(expected(s1, splits[by]));
      }
    }
  },
);

test('R2: percentiles are within the bound of the exact ones, and failures feed none', async () => {
  const { ledger } = await ledgerOf(varied, { seals: [200, 450] });
  const cells = await ledger.cells({ window: window(0, 4 * hour), by: 'engine-model-status' });
  for (const cell of cells) {
    const members = varied.filter(
      (one) => JSON.stringify(splits['engine-model-status'](one)) === JSON.stringify(names(cell)),
    );
    if (cell.status === 503) {
      expect([cell.ttft.count, cell.tpot.count, cell.e2e.count]).toEqual([0, 0, 0]);
      expect(cell.slowest).toEqual([]);
      expect(cell.outcomes).toEqual({ upstream_error: members.length });
      continue;
    }
    const sorted = members.map(({ latency }) => latency.e2eMs).sort((a, b) => a - b);
    expect(cell.e2e.count).toBe(sorted.length);
    for (const q of [0.5, 0.95, 0.99]) {
      const exact = sorted[Math.ceil(q * sorted.length) - 1] ?? Number.NaN;
      const error = Math.abs(cell.e2e.quantile(q) / exact - 1);
      expect(error).toBeLessThanOrEqual(relativeErrorBound * 1.0001);
    }
    // A minute keeps its slowest tenth, at least one, and these minutes hold one of a group; a block of many minutes keeps 16.
    const sure = Math.min(16, sorted.length);
    expect(cell.slowest.slice(0, sure).map(({ e2eMs }) => e2eMs)).toEqual(
      sorted.toReversed().slice(0, sure),
    );
  }
});

test('R3: sums keep what is known apart from what is not', async () => {
  const records = [
    makeRecord(),
    makeRecord({
      tokens: { in: null, cachedIn: null, cacheWrite: null, out: 9, reasoning: null },
      cost: { kind: 'unknown', usageUsd: null, acceleratorSeconds: null, basis: 'unknown' },
      energy: { energyWh: 0.5, basis: 'modelled' },
      usageSource: 'estimated',
      simulated: true,
      attempts: [
        { engine: 'a', status: 500, durationMs: 1, errorCode: 'TR_UPSTREAM_ERROR' },
        { engine: 'b', status: 200, durationMs: 1, errorCode: null },
      ],
    }),
  ];
  for (const seals of [[], [1], [2]]) {
    const { ledger } = await ledgerOf(records, { seals });
    const [cell] = await ledger.cells({ window: window(0, minute), by: 'feature' });
    expect(cell).toMatchObject({
      requests: 2,
      tokensIn: { sum: 100, unknownCount: 1 },
      tokensCachedIn: { sum: 0, unknownCount: 1 },
      tokensOut: { sum: 59, unknownCount: 0 },
      usageUsd: { sum: 0.0002, unknownCount: 1 },
      acceleratorSeconds: { sum: 0.2, unknownCount: 1 },
      energyWh: { sum: 0.5, unknownCount: 1 },
      retriedRequests: 1,
      simulatedRequests: 1,
      estimatedUsageRequests: 1,
    });
  }
});

test('R4: the busiest tenants of each service by name, the rest as other; none is lost', async () => {
  // Tenant i has 20 - i requests in `chat` and one in `mail`.
  const records = manyRecords(20, (i) => ({ tenant: `t${i}`, service: 'mail' }));
  for (let i = 0; i < 20; i += 1) {
    records.push(...manyRecords(20 - i, () => ({ tenant: `t${i}` })));
  }
  for (const seals of [[], [100], [records.length]]) {
    const { ledger } = await ledgerOf(records, { seals, topTenants: 3 });
    const cells = await ledger.cells({ window: window(0, hour), by: 'tenant' });
    const chat = cells.filter(({ service }) => service === 'chat');
    const by = new Map(chat.map((one) => [one.tenant, one.requests]));
    expect(by.size).toBe(4);
    expect(by.has('t0') && by.has('other')).toBe(true);
    expect([...by.values()].reduce((sum, n) => sum + n, 0)).toBe(210);
    if (seals.length === 0) {
      expect(by).toEqual(new Map(Object.entries({ t0: 20, t1: 19, t2: 18, other: 153 })));
    }
    const series = await ledger.series({ window: window(0, hour), by: 'tenant', stepMs: minute });
    const seen = series.flatMap((step) => step.cells.filter(({ service }) => service === 'chat'));
    expect(new Set(seen.map(({ tenant }) => tenant)).size).toBe(4);
    expect(seen.reduce((sum, { requests }) => sum + requests, 0)).toBe(210);
  }
});

test('R5: names that clients make up are bounded and crowd out no engine', async () => {
  const madeUp = manyRecords(3000, (i) => ({
    startedAtMs: startMs + i,
    service: null,
    engine: null,
    modelServed: null,
    modelAsked: `made-up-${i}`,
    feature: `f${i}`,
    status: 404,
    outcome: 'rejected',
  }));
  const real = makeRecord({ startedAtMs: startMs + 5000 });
  for (const seals of [[], [3001]]) {
    const { ledger } = await ledgerOf([...madeUp, real], { seals });
    const all = { window: window(0, hour) };
    const cells = await ledger.cells({ ...all, by: 'engine-model-status' });
    expect(cells.length).toBeLessThan(300);
    expect(cells.reduce((sum, { requests }) => sum + requests, 0)).toBe(3001);
    expect(cells.find(({ engine }) => engine === 'h100')?.model).toBe('llama');
    expect((await ledger.cells({ ...all, by: 'feature' })).length).toBeLessThan(1100);
  }
});

test('R6: steps of a series are whole minutes, cover the window and add up to it', async () => {
  const { ledger } = await ledgerOf(varied, { seals: [100, 350] });
  const asked = window(30_500, 2 * hour + 500);
  for (const stepMs of [1, minute, 7 * minute, 90 * minute]) {
    const steps = await ledger.series({ window: asked, by: 'feature', stepMs });
    const step = Math.ceil(stepMs / minute) * minute;
    expect(steps[0]?.window.fromMs).toBe(startMs);
    for (const [i, { window }] of steps.slice(1).entries()) {
      expect(window.fromMs % step).toBe(0);
      expect(window.fromMs).toBe(steps[i]?.window.toMs);
    }
    expect(steps.at(-1)?.window.toMs).toBe(startMs + 2 * hour + minute);
    const cells = await ledger.cells({ window: asked, by: 'feature' });
    const total = (of: readonly Cell[]): number => of.reduce((sum, one) => sum + one.requests, 0);
    expect(total(steps.flatMap((one) => one.cells))).toBe(total(cells));
    expect(total(cells)).toBe(363);
  }
  await expect(
    ledger.series({ window: { fromMs: 0, toMs: startMs }, by: 'feature', stepMs: minute }),
  ).rejects.toMatchObject({ code: 'TR_WINDOW_INVALID' });
  expect(await ledger.series({ window: window(0, 0), by: 'feature', stepMs: minute })).toEqual([]);
});

test('R7: records go first, minutes next, hours last, and never a number with them', async () => {
  const retention = { recordsDays: 1, minutesDays: 2, hoursDays: 3 };
  const { ledger, of } = await ledgerOf(varied, { seals: [250, 600], retention });
  const all = window(0, 4 * hour);
  const page = { sort: 'startedAt', descending: false, limit: 10, offset: 0 } as const;
  const state = async () => {
    await ledger.maintain({ force: true });
    const cells = await ledger.cells({ window: all, by: 'feature' });
    const { total } = await ledger.requests({ window: all, ...page });
    const { segments, segmentBytes } = await ledger.health();
    return {
      rolled: cells.reduce((sum, one) => sum + one.requests, 0),
      total,
      segments,
      segmentBytes,
    };
  };
  expect(await state()).toMatchObject({ rolled: 600, total: 600, segments: 2 });
  of.clock.nowMs = startMs + day + 5 * hour;
  expect(await state()).toEqual({ rolled: 600, total: 0, segments: 0, segmentBytes: 0 });
  expect(await ledger.request(varied[0]?.id ?? '')).toBeNull();
  const half = await ledger.cells({ window: window(0, 30 * minute), by: 'feature' });
  expect(half.reduce((sum, one) => sum + one.requests, 0)).toBe(90);
  of.clock.nowMs = startMs + 2 * day + 5 * hour;
  expect(await state()).toMatchObject({ rolled: 600, total: 0 });
  for (const stepMs of [minute, 10 * minute, hour]) {
    const steps = await ledger.series({ window: all, by: 'feature', stepMs });
    const rolled = steps.flatMap(({ cells }) => cells);
    expect(rolled.reduce((sum, one) => sum + one.requests, 0)).toBe(600);
  }
  of.clock.nowMs = startMs + 3 * day + 5 * hour;
  expect(await state()).toMatchObject({ rolled: 0, total: 0 });
});

test('R7: an hour counts once in a series, also when its records begin late in it', async () => {
  const late = manyRecords(10, (i) => ({ startedAtMs: startMs + 20 * minute + i }));
  const retention = { recordsDays: 1, minutesDays: 1, hoursDays: 9 };
  const { ledger, of } = await ledgerOf(late, { seals: [10], retention });
  of.clock.nowMs = startMs + 3 * day;
  await ledger.maintain({ force: true });
  const ask = { window: window(0, hour), by: 'feature' as const };
  for (const stepMs of [10 * minute, 20 * minute, 40 * minute, hour]) {
    const cells = (await ledger.series({ ...ask, stepMs })).flatMap((step) => step.cells);
    expect(cells.reduce((sum, { requests }) => sum + requests, 0)).toBe(10);
  }
  const [cell] = await ledger.cells({ ...ask, window: window(30 * minute, hour) });
  expect(cell?.requests).toBe(10);
});

test('R7: cells do not come from rows that are gone', async () => {
  const retention = { recordsDays: 1, minutesDays: 1, hoursDays: 1 };
  const { ledger, of } = await ledgerOf(manyRecords(10), { seals: [10], retention });
  const by = 'feature' as const;
  expect((await ledger.cells({ window: window(0, hour), by }))[0]?.requests).toBe(10);
  of.clock.nowMs = startMs + 2 * day;
  await ledger.maintain({ force: true });
  const fresh = manyRecords(3, () => ({ feature: 'new' }), startMs + 2 * day);
  await of.journal(fresh);
  await ledger.ingest();
  await ledger.maintain({ force: true });
  const cells = await ledger.cells({ window: window(0, 3 * day), by });
  expect(cells.map(({ feature, requests }) => [feature, requests])).toEqual([['new', 3]]);
});

test('R8: hours and days are made once they are over, and what comes late is added', async () => {
  const records = manyRecords(1100, (i) => ({
    startedAtMs: startMs + i * 100_000,
    feature: `f${i % 3}`,
    tenant: `t${i % 5}`,
  }));
  // One in nine comes three hours late, the first ones a day and more.
  const arrivedMs = ({ startedAtMs }: RequestRecord, i: number): number =>
    startedAtMs + (i < 5 ? 27 * hour : i % 9 === 0 ? 3 * hour : 0);
  const arrivals = records
    .map((one, i) => ({ one, at: arrivedMs(one, i) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ one }) => one);
  const seals = Array.from({ length: 16 }, (_, n) => (n + 1) * 68);
  const { ledger, of } = await ledgerOf(arrivals, { seals });
  const db = new DatabaseSync(join(of.dir, 'catalogue.db'), { readOnly: true });
  closers.push(async () => db.close());
  const made = (tierMs: number): number =>
    db.prepare("SELECT 1 FROM blocks WHERE grouping = 'tenant' AND tierMs = ?").all(tierMs).length;
  const overMs = startMs + 1100 * 100_000;
  expect([made(hour), made(day)]).toEqual([Math.floor((overMs - startMs) / hour), 1]);
  const windows = [
    [0, 31 * hour],
    [-day, day],
    [hour, 17 * hour],
    [90 * minute, 29 * hour + minute],
  ] as const;
  for (const [fromMs, toMs] of windows) {
    const asked = window(fromMs, toMs);
    const inside = records.filter(
      (one) => one.startedAtMs >= asked.fromMs && one.startedAtMs < asked.toMs,
    );
    for (const by of ['engine-model-status', 'feature', 'tenant'] as const) {
      const cells = await ledger.cells({ window: asked, by });
      expect(counts(cells)).toEqual(expected(inside, splits[by]));
      const seen = cells.flatMap(({ slowest }) => slowest.map(({ e2eMs }) => e2eMs));
      const slowest = inside.map(({ latency }) => latency.e2eMs);
      expect(Math.max(...seen)).toBe(Math.max(...slowest));
    }
  }
});

test('R9: a catalogue of format 1 gets its rollups from the records', async () => {
  const of = testState();
  closers.push(async () => of.remove());
  const first = await openLedger(of);
  await of.journal(varied);
  await first.ingest();
  await first.maintain({ force: true });
  const ask = { window: window(0, 4 * hour), by: 'feature' } as const;
  const before = counts(await first.cells(ask));
  await first.close();
  const db = new DatabaseSync(join(of.dir, 'catalogue.db'));
  db.exec('DROP TABLE blocks; CREATE TABLE rollups (segment INTEGER); PRAGMA user_version = 1');
  db.close();
  await expect(openLedgerReadOnly(of)).rejects.toMatchObject({ code: 'TR_STATE_MISSING' });
  const second = await openLedger(of);
  expect(counts(await second.cells(ask))).toEqual(before);
  await second.close();
  const reader = await openLedgerReadOnly(of);
  expect(counts(await reader.cells(ask))).toEqual(before);
  await reader.close();
});

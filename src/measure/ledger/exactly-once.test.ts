import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, test } from 'vitest';
import { newId } from '../../records/ids.ts';
import type { RequestRecord } from '../../records/request-record.ts';
import type { LedgerReader } from './ledger.ts';
import { openLedgerReadOnly } from './open-read-only.ts';
import { openLedger } from './open-ledger.ts';
import { realSegmentFs, type SegmentFs } from './segment-fs.ts';
import { makeRecord, manyRecords, startMs, testState, type TestState } from './testing-state.ts';

const open: Array<{ close(): Promise<void> }> = [];
const states: TestState[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  for (const one of states.splice(0)) one.remove();
});

function state(some: Parameters<typeof testState>[0] = {}): TestState {
  const made = testState(some);
  states.push(made);
  return made;
}

async function ledgerOf(of: TestState, fs?: SegmentFs) {
  const ledger = await openLedger({ ...of, ...(fs === undefined ? {} : { fs }) });
  open.push(ledger);
  return ledger;
}

const everything = { fromMs: 0, toMs: 4_000_000_000_000 };

/** Ids by every way to them: raw records, and counts from each rollup. They must agree. */
async function idsIn(ledger: LedgerReader): Promise<string[]> {
  const { records, total } = await ledger.requests({
    window: everything,
    sort: 'startedAt',
    descending: false,
    limit: 100_000,
    offset: 0,
  });
  expect(total).toBe(records.length);
  for (const by of ['engine-model-status', 'feature', 'tenant'] as const) {
    const cells = await ledger.cells({ window: everything, by });
    expect(cells.reduce((sum, one) => sum + one.requests, 0)).toBe(total);
  }
  expect((await ledger.health()).recordsTotal).toBe(total);
  return records.map(({ id }) => id);
}

const idsOf = (records: readonly RequestRecord[]): string[] => records.map(({ id }) => id);
const files = (of: TestState, folder: string): string[] => readdirSync(join(of.dir, folder)).sort();

test('L1: a restart takes in each record once, sealed or not', async () => {
  const of = state({ segmentRows: 40 });
  const records = manyRecords(100);
  await of.journal(records.slice(0, 60));
  const first = await ledgerOf(of);
  expect((await first.health()).segments).toBe(1);
  await of.journal(records.slice(60, 90));
  expect(await first.ingest()).toBe(30);
  expect(await first.ingest()).toBe(0);
  await first.close();
  await of.journal(records.slice(90));
  const second = await ledgerOf(of);
  expect(await idsIn(second)).toEqual(idsOf(records));
  expect(await second.health()).toMatchObject({ duplicateRecords: 0, journalLagBytes: 0 });
});

test('L2: a copied journal file is duplicates, against buffer and against segments', async () => {
  const of = state();
  const records = manyRecords(50);
  await of.journal(records);
  const [file = ''] = files(of, 'journal');
  const copy = (name: string): void =>
    copyFileSync(join(of.dir, 'journal', file), join(of.dir, 'journal', name));
  copy('w1-1-0.tj');
  const ledger = await ledgerOf(of);
  expect(await ledger.health()).toMatchObject({ recordsTotal: 50, duplicateRecords: 50 });
  await ledger.maintain({ force: true });
  copy('w2-2-0.tj');
  await of.journal(
    manyRecords(5, () => ({ tenant: 'late' })),
    'w3',
  );
  expect(await ledger.ingest()).toBe(5);
  expect(await ledger.health()).toMatchObject({ recordsTotal: 55, duplicateRecords: 100 });
  expect(new Set(await idsIn(ledger)).size).toBe(55);
});

test('L2: batches of nothing but duplicates do not hide what comes after them', async () => {
  const of = state();
  const content = { prompt: 'x'.repeat(1_000_000), output: null, truncated: true };
  await of.journal(manyRecords(20, () => ({ content })));
  const first = await ledgerOf(of);
  await first.maintain({ force: true });
  await first.close();
  const [file = ''] = files(of, 'journal');
  for (const copy of ['copy-1-0.tj', 'copy-2-0.tj']) {
    copyFileSync(join(of.dir, 'journal', file), join(of.dir, 'journal', copy));
  }
  await of.journal([makeRecord({ tenant: 'late' })], 'w1');
  const reader = await openLedgerReadOnly(of);
  open.push(reader);
  expect((await idsIn(reader)).length).toBe(21);
});

test('L3: what a killed worker left half written does not keep its file', async () => {
  const of = state();
  await of.journal(manyRecords(5), 'w0');
  const [file = ''] = files(of, 'journal');
  const path = join(of.dir, 'journal', file);
  truncateSync(path, statSync(path).size - 10);
  await of.journal(manyRecords(5), 'w0');
  const ledger = await ledgerOf(of);
  expect((await idsIn(ledger)).length).toBe(9);
  expect(await ledger.health()).toMatchObject({ journalLagBytes: 0 });
  await ledger.maintain({ force: true });
  expect(files(of, 'journal')).not.toContain(file);
});

test('L3: covered journal files go after the seal, the newest of a worker stays', async () => {
  const of = state();
  await of.journal(manyRecords(5), 'w0');
  await of.journal(manyRecords(5), 'w0');
  await of.journal(manyRecords(5), 'w1');
  const before = files(of, 'journal');
  const ledger = await ledgerOf(of);
  expect(files(of, 'journal')).toEqual(before);
  await ledger.maintain({ force: true });
  expect(files(of, 'journal')).toEqual(before.slice(1));
  expect((await idsIn(ledger)).length).toBe(15);
});

test('L4: files of a seal that did not commit go at open', async () => {
  const of = state();
  await of.journal(manyRecords(5));
  await (await ledgerOf(of)).close();
  for (const name of ['1-1-0.parquet', '1-1-0.parquet.tmp']) {
    writeFileSync(join(of.dir, 'segments', name), 'PAR1');
  }
  const ledger = await ledgerOf(of);
  expect(files(of, 'segments')).toEqual([]);
  expect((await idsIn(ledger)).length).toBe(5);
});

const noSpace = (): never => {
  throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
};

const failing = {
  publish: (isFull: () => boolean): SegmentFs => ({
    ...realSegmentFs,
    publish: (from, to) => (isFull() ? noSpace() : realSegmentFs.publish(from, to)),
  }),
  sizeOf: (isFull: () => boolean): SegmentFs => ({
    ...realSegmentFs,
    sizeOf: (path) => (isFull() ? noSpace() : realSegmentFs.sizeOf(path)),
  }),
};

test.each(['publish', 'sizeOf'] as const)(
  'L5: a disk that is full at %s loses nothing, leaves nothing, and is said',
  async (step) => {
    const of = state({ segmentRows: 10 });
    let isFull = true;
    const fs = failing[step](() => isFull);
    const records = manyRecords(70);
    const ledger = await ledgerOf(of, fs);
    for (let at = 0; at < 60; at += 10) {
      await of.journal(records.slice(at, at + 10), `w${at}`);
      await ledger.ingest();
      await ledger.maintain();
    }
    expect(await ledger.health()).toMatchObject({ diskFull: true, bufferRows: 40, segments: 0 });
    expect(files(of, 'segments')).toEqual([]);
    await of.journal(records.slice(60), 'late');
    expect(await ledger.ingest()).toBe(0);
    const { journalLagBytes, lastError } = await ledger.health();
    expect(journalLagBytes).toBeGreaterThan(0);
    expect(lastError).toContain('no space');
    isFull = false;
    await ledger.maintain();
    await ledger.ingest();
    expect(await idsIn(ledger)).toEqual(idsOf(records));
    expect(await ledger.health()).toMatchObject({
      diskFull: false,
      lastError: null,
      journalLagBytes: 0,
    });
  },
);

test('L5: records beyond the memory are taken in and sealed all the same', async () => {
  const of = state({ memoryMiB: 64 });
  // Does not compress: DuckDB and the journal carry all of it.
  const content = () => ({
    prompt: randomBytes(1200).toString('base64'),
    output: randomBytes(1200).toString('base64'),
    truncated: true,
  });
  const records = manyRecords(12_000, () => ({ content: content() }));
  for (let at = 0; at < 12_000; at += 3000)
    await of.journal(records.slice(at, at + 3000), `w${at}`);
  const ledger = await ledgerOf(of);
  await ledger.maintain({ force: true });
  const { recordsTotal, bufferRows, journalLagBytes, lastError } = await ledger.health();
  expect({ recordsTotal, bufferRows, journalLagBytes, lastError }).toEqual({
    recordsTotal: 12_000,
    bufferRows: 0,
    journalLagBytes: 0,
    lastError: null,
  });
  for (const one of [records[0], records[6000], records[11_999]]) {
    expect(await ledger.request(one?.id ?? '')).toEqual(one);
  }
});

test('L6: closing twice is closing once, and gives the lock up', async () => {
  const of = state();
  const first = await ledgerOf(of);
  await first.close();
  await first.close();
  await (await openLedger(of)).close();
});

test('L6: a folder of a later version is left alone', async () => {
  const of = state();
  await (await openLedger(of)).close();
  const db = new DatabaseSync(join(of.dir, 'catalogue.db'));
  db.exec('PRAGMA user_version = 4');
  db.close();
  await expect(openLedger(of)).rejects.toMatchObject({ code: 'TR_STATE_NEWER' });
  await expect(openLedgerReadOnly(of)).rejects.toMatchObject({ code: 'TR_STATE_NEWER' });
});

test('L7: read-only shows sealed records and the tail of the journals, and changes nothing', async () => {
  const of = state();
  await expect(openLedgerReadOnly(of)).rejects.toMatchObject({ code: 'TR_STATE_MISSING' });
  const records = manyRecords(30);
  await of.journal(records.slice(0, 10));
  const owner = await ledgerOf(of);
  await owner.maintain({ force: true });
  await of.journal(records.slice(10, 20));
  await owner.ingest();
  await of.journal(records.slice(20));
  const before = [files(of, 'journal'), files(of, 'segments')];
  const beside = await openLedgerReadOnly(of);
  expect(await idsIn(beside)).toEqual(idsOf(records));
  await beside.close();
  await owner.close();
  const alone = await openLedgerReadOnly(of);
  expect(await idsIn(alone)).toEqual(idsOf(records));
  await alone.close();
  expect([files(of, 'journal'), files(of, 'segments')]).toEqual(before);
  expect(existsSync(join(of.dir, 'tmp'))).toBe(false);
});

test('L8: half a surrogate pair, which any client can send, holds nothing up', async () => {
  const of = state();
  const odd = makeRecord({ modelAsked: 'a\uD800b', tenant: '\uDC00', startedAtMs: startMs + 1 });
  await of.journal([makeRecord(), odd, makeRecord({ startedAtMs: startMs + 2 })]);
  const ledger = await ledgerOf(of);
  expect((await idsIn(ledger)).length).toBe(3);
  expect(await ledger.request(odd.id)).toMatchObject({ modelAsked: 'a\uFFFDb', tenant: '\uFFFD' });
  expect(await ledger.health()).toMatchObject({ corruptFrames: 0, lastError: null });
});

test('L8: a line that is no record is counted and passed over', async () => {
  const of = state();
  const bad = { ...makeRecord(), tokens: { in: 'many', cachedIn: null } };
  const wrongVersion = { ...makeRecord(), v: 2 };
  const odd = [bad, wrongVersion] as unknown as RequestRecord[];
  await of.journal([makeRecord(), ...odd, makeRecord({ startedAtMs: startMs + 1 })]);
  const ledger = await ledgerOf(of);
  expect((await idsIn(ledger)).length).toBe(2);
  expect(await ledger.health()).toMatchObject({ corruptFrames: 2 });
});

test.each(['looked at', 'sealed'])(
  'L8: what only the table refuses is left out once records are %s',
  async (when) => {
    const of = state();
    const bad = {
      ...makeRecord({ feature: 'bad' }),
      stream: 'perhaps',
    } as unknown as RequestRecord;
    const good = manyRecords(300);
    await of.journal([...good.slice(0, 100), bad, ...good.slice(100)]);
    const ledger = await ledgerOf(of);
    if (when === 'sealed') await ledger.maintain({ force: true });
    expect(await idsIn(ledger)).toEqual(idsOf(good));
    const late = makeRecord({ startedAtMs: startMs + 400_000 });
    await of.journal([late], 'late');
    await ledger.ingest();
    await ledger.maintain({ force: true });
    expect(await idsIn(ledger)).toEqual(idsOf([...good, late]));
    const cells = await ledger.cells({
      window: { fromMs: startMs, toMs: startMs + 3_600_000 },
      by: 'feature',
    });
    expect(cells.reduce((sum, { requests }) => sum + requests, 0)).toBe(301);
    expect(cells.some(({ feature }) => feature === 'bad')).toBe(false);
    expect(await ledger.health()).toMatchObject({
      corruptFrames: 1,
      recordsTotal: 301,
      lastError: null,
    });
  },
);

test('L9: losses and damage are counted over restarts', async () => {
  const of = state();
  await of.journal([makeRecord(), { lost: 7 } as unknown as RequestRecord]);
  const first = await ledgerOf(of);
  expect(await first.health()).toMatchObject({ lostRecords: 7 });
  await first.maintain({ force: true });
  await first.close();
  const second = await ledgerOf(of);
  expect(await second.health()).toMatchObject({ lostRecords: 7, recordsTotal: 1 });
});

test('a request is found by id in buffer and segments; what is no id is no request', async () => {
  const of = state();
  const [sealed, fresh] = [makeRecord(), makeRecord({ startedAtMs: startMs + 1 })];
  await of.journal([sealed]);
  const ledger = await ledgerOf(of);
  await ledger.maintain({ force: true });
  await of.journal([fresh]);
  await ledger.ingest();
  expect(await ledger.request(sealed.id)).toEqual(sealed);
  expect(await ledger.request(fresh.id.toUpperCase())).toEqual(fresh);
  expect(await ledger.request(newId(startMs))).toBeNull();
  for (const id of ['', "'; DROP TABLE buffer; --", 'x'.repeat(36)]) {
    expect(await ledger.request(id)).toBeNull();
  }
});

test('pauses come between batches, not while somebody waits, and change nothing of what is taken in', async () => {
  const of = state();
  await of.journal(manyRecords(300));
  const ledger = await ledgerOf(of);
  await of.journal(manyRecords(300), 'w1');
  let pauses = 0;
  let waiting: Promise<unknown> = Promise.resolve();
  const taken = await ledger.ingest(async () => {
    pauses += 1;
    if (pauses === 2) waiting = ledger.request(newId(startMs));
  });
  expect(taken).toBe(300);
  expect(pauses).toBe(2);
  await waiting;
  expect((await idsIn(ledger)).length).toBe(600);
});

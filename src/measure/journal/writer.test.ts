import { mkdirSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listSegments } from './segments.ts';
import { FaultyFs, readFolder, smallRecord, tempDir, testJournal } from './testing-journal.ts';

const idsOf = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => smallRecord(from + i).id);

it('J1 J3: appends do nothing at once, and a flush acknowledges them in order', async () => {
  const dir = join(tempDir(), 'journal');
  const acknowledged: string[] = [];
  const journal = testJournal(dir, {}, { onAcknowledged: (ids) => acknowledged.push(...ids) });
  for (let n = 0; n < 100; n += 1) journal.append(smallRecord(n));
  expect(journal.stats()).toMatchObject({ appended: 100, acknowledged: 0, lost: 0 });
  expect(listSegments(dir)).toEqual([]);
  await journal.flush();
  expect(journal.stats()).toMatchObject({ acknowledged: 100, pendingBytes: 0, lastError: null });
  expect(acknowledged).toEqual(idsOf(0, 100));
  expect((await readFolder(dir)).ids).toEqual(idsOf(0, 100));
  expect(statSync(listSegments(dir)[0]?.path ?? '').mode & 0o777).toBe(0o600);
});

it('J2: a group is written by its time without being asked, and by its size', async () => {
  const bySize = tempDir();
  const first = testJournal(bySize, { flushBytes: 1024, flushMs: 100 });
  const fs = new FaultyFs();
  const byTime = tempDir();
  const second = testJournal(byTime, { flushMs: 1 }, { fs });
  for (let n = 0; n < 10; n += 1) first.append(smallRecord(n));
  second.append(smallRecord(0));
  while (first.stats().acknowledged < 10 || second.stats().acknowledged < 1) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect((await readFolder(bySize)).ids).toEqual(idsOf(0, 10));
  expect((await readFolder(byTime)).ids).toEqual(idsOf(0, 1));
});

it('J2: one write is in flight, whoever flushes', async () => {
  const dir = tempDir();
  const fs = new FaultyFs();
  const journal = testJournal(dir, { flushBytes: 1024 }, { fs });
  const flushes: Array<Promise<void>> = [];
  for (let n = 0; n < 500; n += 1) {
    journal.append(smallRecord(n));
    if (n % 7 === 0) flushes.push(journal.flush());
    if (n % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all([...flushes, journal.flush()]);
  expect(fs.inFlightMax).toBe(1);
  expect((await readFolder(dir)).ids).toEqual(idsOf(0, 500));
});

it('J3: syncs before it acknowledges, after a while, or not at all', async () => {
  const syncsWith = async (fsync: 'always' | 'interval' | 'never'): Promise<number> => {
    const fs = new FaultyFs();
    const journal = testJournal(tempDir(), { fsync, fsyncIntervalMs: 60_000 }, { fs });
    journal.append(smallRecord(1));
    await journal.flush();
    const early = fs.syncs;
    await journal.close();
    return early * 10 + fs.syncs;
  };
  expect(await syncsWith('always')).toBe(11);
  expect(await syncsWith('interval')).toBe(1);
  expect(await syncsWith('never')).toBe(0);
});

it('J3: the interval syncs on its own', async () => {
  const fs = new FaultyFs();
  const journal = testJournal(tempDir(), { fsyncIntervalMs: 10 }, { fs });
  journal.append(smallRecord(1));
  await journal.flush();
  while (fs.syncs === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(journal.stats()).toMatchObject({ acknowledged: 1, lastError: null });
});

it('J4: goes on at the very byte when the disk has room again', async () => {
  const dir = tempDir();
  const fs = new FaultyFs();
  const journal = testJournal(dir, {}, { fs });
  journal.append(smallRecord(0));
  await journal.flush();
  for (let n = 1; n < 20; n += 1) journal.append(smallRecord(n));
  for (const roomBytes of [3, 0, 700, 1]) {
    fs.roomBytes = roomBytes;
    await journal.flush();
    expect(journal.stats()).toMatchObject({ acknowledged: 1, diskFull: true });
    expect((await readFolder(dir)).corruptFrames).toBe(0);
  }
  fs.roomBytes = Infinity;
  await journal.flush();
  expect(journal.stats()).toMatchObject({ acknowledged: 20, diskFull: false, lastError: null });
  expect(listSegments(dir)).toHaveLength(1);
  expect(await readFolder(dir)).toEqual({ ids: idsOf(0, 20), lostRecords: 0, corruptFrames: 0 });
});

it('J4: tries again by itself', async () => {
  const fs = new FaultyFs();
  const journal = testJournal(tempDir(), { flushMs: 1 }, { fs });
  fs.roomBytes = 30;
  journal.append(smallRecord(0));
  await journal.flush();
  expect(journal.stats().diskFull).toBe(true);
  fs.roomBytes = Infinity;
  while (journal.stats().acknowledged === 0) await new Promise((r) => setTimeout(r, 5));
});

it.each(['write', 'sync'] as const)('J4: a broken %s moves the group to a new file', async (at) => {
  const dir = tempDir();
  const fs = new FaultyFs();
  const journal = testJournal(dir, { fsync: 'always' }, { fs });
  journal.append(smallRecord(0));
  await journal.flush();
  for (let n = 1; n < 5; n += 1) journal.append(smallRecord(n));
  if (at === 'write') fs.breakWrite = 'EIO';
  else fs.breakSync = 'EIO';
  await journal.flush();
  expect(journal.stats()).toMatchObject({ acknowledged: 1, lost: 0, diskFull: false });
  expect(journal.stats().lastError).toContain('EIO');
  await journal.flush();
  expect(journal.stats()).toMatchObject({ acknowledged: 5, lastError: null });
  expect(listSegments(dir)).toHaveLength(2);
  const read = await readFolder(dir);
  expect(read).toMatchObject({ lostRecords: 0, corruptFrames: 0 });
  expect([...new Set(read.ids)]).toEqual(idsOf(0, 5));
});

it('J5: leaves a file before it grows beyond segmentBytes', async () => {
  const dir = tempDir();
  const journal = testJournal(dir, { segmentBytes: 65_536, flushBytes: 8192 });
  for (let n = 0; n < 300; n += 1) {
    journal.append(smallRecord(n));
    if (n % 10 === 9) await journal.flush();
  }
  const segments = listSegments(dir);
  expect(segments.length).toBeGreaterThan(3);
  for (const { bytes } of segments) expect(bytes).toBeLessThanOrEqual(65_536);
  expect(segments.map(({ seq }) => seq)).toEqual(segments.map((_, i) => i));
  expect((await readFolder(dir)).ids).toEqual(idsOf(0, 300));
});

it('J5: a process begins a file of its own, later than all before, whatever the clock says', async () => {
  const dir = tempDir();
  const clockAt = (wallMs: number) => ({ clock: { wallMs: () => wallMs, monoMs: () => 0 } });
  for (const [n, wallMs] of [5000, 5000, 4000].entries()) {
    const journal = testJournal(dir, {}, clockAt(wallMs));
    journal.append(smallRecord(n));
    await journal.close();
  }
  const torn = listSegments(dir)[0]?.path ?? '';
  truncateSync(torn, statSync(torn).size - 5);
  const starts = listSegments(dir).map(({ startMs, newest }) => [startMs, newest]);
  expect(starts).toEqual([
    [5000, false],
    [5001, false],
    [5002, true],
  ]);
  expect(await readFolder(dir)).toEqual({ ids: idsOf(1, 3), lostRecords: 0, corruptFrames: 0 });
});

it('J5: two processes of one name do not share a file', async () => {
  const dir = tempDir();
  const first = testJournal(dir);
  const second = testJournal(dir);
  first.append(smallRecord(1));
  second.append(smallRecord(2));
  await Promise.all([first.flush(), second.flush()]);
  expect(listSegments(dir)).toHaveLength(2);
  expect((await readFolder(dir)).ids.sort()).toEqual(idsOf(1, 3));
});

it('J5: a removed file is noticed, and its group written anew', async () => {
  const dir = tempDir();
  const journal = testJournal(dir);
  journal.append(smallRecord(0));
  await journal.flush();
  rmSync(dir, { recursive: true });
  journal.append(smallRecord(1));
  await journal.flush();
  expect(journal.stats().lastError).toContain('removed');
  await journal.flush();
  expect(journal.stats()).toMatchObject({ acknowledged: 2, lastError: null });
  expect((await readFolder(dir)).ids).toEqual(idsOf(1, 2));
});

it('J8: keeps what fits, counts the rest, and tells the loss once the disk is back', async () => {
  const dir = tempDir();
  const fs = new FaultyFs();
  const journal = testJournal(dir, { maxPendingBytes: 65_536 }, { fs });
  fs.roomBytes = 100;
  for (let n = 0; n < 200; n += 1) {
    journal.append(smallRecord(n));
    if (n % 40 === 0) await journal.flush();
  }
  const full = journal.stats();
  expect(full.pendingBytes).toBeLessThanOrEqual(65_536);
  expect(full.pendingBytes).toBeGreaterThan(60_000);
  expect(full.lost).toBeGreaterThan(50);
  fs.roomBytes = Infinity;
  await journal.flush();
  journal.append(smallRecord(200));
  await journal.close();
  const { ids, lostRecords, corruptFrames } = await readFolder(dir);
  const kept = 200 - full.lost;
  expect(ids).toEqual([...idsOf(0, kept), ...idsOf(200, 201)]);
  expect({ lostRecords, corruptFrames }).toEqual({ lostRecords: full.lost, corruptFrames: 0 });
  expect(journal.stats()).toMatchObject({ appended: 201, acknowledged: kept + 1, lost: full.lost });
});

it('J8: what cannot be a frame is lost alone', async () => {
  const dir = tempDir();
  const journal = testJournal(dir);
  journal.append(smallRecord(0, 'x'.repeat(17 * 1024 * 1024)));
  journal.append({ ...smallRecord(1), status: 200n as unknown as number });
  journal.append(smallRecord(2));
  await journal.close();
  expect(await readFolder(dir)).toMatchObject({ ids: idsOf(2, 3), lostRecords: 2 });
});

it('J8: a folder that cannot be made is an error to see, not to throw', async () => {
  const path = join(tempDir(), 'taken');
  writeFileSync(path, 'a file');
  const journal = testJournal(join(path, 'journal'));
  journal.append(smallRecord(0));
  await journal.flush();
  expect(journal.stats()).toMatchObject({ acknowledged: 0, lost: 0 });
  expect(journal.stats().lastError).toMatch(/ENOTDIR|EEXIST/);
  rmSync(path);
  await journal.flush();
  expect(journal.stats()).toMatchObject({ acknowledged: 1, lastError: null });
});

it('J8: no half-made file is left where the disk was full from the start', async () => {
  const dir = tempDir();
  const fs = new FaultyFs();
  fs.roomBytes = 10;
  const journal = testJournal(dir, {}, { fs });
  journal.append(smallRecord(0));
  for (let i = 0; i < 3; i += 1) await journal.flush();
  expect(readdirSync(dir)).toEqual([]);
});

it('J9: closing counts what the disk did not take, and later records, as lost', async () => {
  const dir = tempDir();
  const fs = new FaultyFs();
  const journal = testJournal(dir, {}, { fs });
  journal.append(smallRecord(0));
  await journal.flush();
  fs.roomBytes = 0;
  journal.append(smallRecord(1));
  await journal.close();
  journal.append(smallRecord(2));
  await journal.close();
  expect(journal.stats()).toMatchObject({ appended: 3, acknowledged: 1, lost: 2, pendingBytes: 0 });
  expect((await readFolder(dir)).ids).toEqual(idsOf(0, 1));
});

it('refuses a worker name that is a path', () => {
  expect(() => testJournal(tempDir(), {}, { worker: '../x' })).toThrow(RangeError);
});

it('lists only journal files, oldest first', () => {
  const dir = tempDir();
  mkdirSync(join(dir, 'folder-1-1.tj'));
  for (const name of [
    'w-1-20-0.tj',
    'w-1-3-1.tj',
    'w-1-3-0.tj',
    'w-2-9-0.tj',
    'x.tj',
    'w-1-1-0.tmp',
  ]) {
    writeFileSync(join(dir, name), 'abc');
  }
  expect(listSegments(dir).map(({ file, worker, newest }) => [file, worker, newest])).toEqual([
    ['w-1-3-0.tj', 'w-1', false],
    ['w-1-3-1.tj', 'w-1', false],
    ['w-2-9-0.tj', 'w-2', true],
    ['w-1-20-0.tj', 'w-1', true],
  ]);
});

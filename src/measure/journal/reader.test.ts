import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { requestRecord, type RequestRecord } from '../../records/request-record.ts';
import { fileHeader, frameHeadBytes, headerBytes, lossLine, writeFrame } from './frames.ts';
import { readSegment } from './reader.ts';
import { readFile, tempDir } from './testing-journal.ts';

const fixture = join(
  import.meta.dirname,
  '../../../test/fixtures/journal/worker-1-1800000000000-0.tj',
);

const lineOf = (n: number, fill = 20): string => `{"v":1,"id":"${n}","x":"${'x'.repeat(fill)}"}\n`;

function frame(line: string): Buffer {
  const bytes = Buffer.alloc(frameHeadBytes + Buffer.byteLength(line));
  writeFrame(bytes, 0, line);
  return bytes;
}

function fileOf(...parts: Buffer[]): string {
  const path = join(tempDir(), 'w-1-0.tj');
  writeFileSync(path, Buffer.concat([fileHeader(), ...parts]));
  return path;
}

const linesOf = (payloads: readonly Buffer[]): string[] => payloads.map(String);

it('J10: reads the file of version 1 that is kept as a fixture', async () => {
  const read = await readFile(fixture, { closed: false });
  const records = read.payloads.map((one) => requestRecord.parse(JSON.parse(String(one))));
  expect(records.map(({ id, status }) => [id.slice(-1), status])).toEqual([
    ['1', 200],
    ['2', 200],
    ['3', 429],
  ]);
  expect(records[1]?.content?.prompt).toBe('Größe? 日本 👍 "quoted"\n\u0001');
  expect(read).toMatchObject({ lostRecords: 2, corruptFrames: 0 });
  const bytes = readFileSync(fixture);
  expect(bytes.readUInt32LE(read.nextOffset)).toBe(bytes.length - read.nextOffset - 8 + 7);
});

it('J6: reads in pieces of any size, a frame at least', async () => {
  const lines = Array.from({ length: 40 }, (_, n) => lineOf(n, n === 20 ? 100_000 : n * 100));
  const path = fileOf(...lines.map(frame));
  for (const pieceBytes of [1, 5000, 65_536, 1e9]) {
    const { payloads, corruptFrames } = await readFile(path, { pieceBytes, closed: false });
    expect(linesOf(payloads)).toEqual(lines);
    expect(corruptFrames).toBe(0);
  }
});

it('J7: stops before a frame that has not ended, and goes on once it has', async () => {
  const last = frame(lineOf(2, 9000));
  for (const cut of [1, 3, 8, 9, 4000, last.length - 1]) {
    const path = fileOf(frame(lineOf(1)), last.subarray(0, cut));
    const stop = headerBytes + frame(lineOf(1)).length;
    const first = await readSegment(path, 0, 65_536);
    expect(first).toMatchObject({ nextOffset: stop, atEnd: true, corruptFrames: 0 });
    expect(linesOf(first.payloads)).toEqual([lineOf(1)]);
    expect(await readSegment(path, stop, 10)).toMatchObject({ payloads: [], nextOffset: stop });
    const closed = await readSegment(path, stop, 10, true);
    expect(closed).toMatchObject({ nextOffset: stop + cut, atEnd: true, corruptFrames: 0 });
    appendFileSync(path, last.subarray(cut));
    const rest = await readSegment(path, stop, 10);
    expect(linesOf(rest.payloads)).toEqual([lineOf(2, 9000)]);
    expect(rest).toMatchObject({ nextOffset: stop + last.length, corruptFrames: 0 });
  }
});

it('J7: waits for a header that is not yet whole', async () => {
  const path = fileOf();
  truncateSync(path, 9);
  expect(await readSegment(path, 0, 100)).toMatchObject({ nextOffset: 0, atEnd: true });
  expect(await readSegment(path, 0, 100, true)).toMatchObject({ nextOffset: 9, corruptFrames: 0 });
  writeFileSync(path, Buffer.concat([fileHeader(), frame(lineOf(1))]));
  expect(linesOf((await readSegment(path, 0, 100)).payloads)).toEqual([lineOf(1)]);
});

/** What damage each case does to the middle one of three frames. */
const damages: Array<[string, (middle: Buffer) => void]> = [
  ['a payload byte', (middle) => middle.fill('y', 30, 31)],
  ['the checksum', (middle) => middle.fill(0, 4, 8)],
  ['a length of nothing', (middle) => middle.fill(0, 0, 4)],
  ['an absurd length', (middle) => middle.fill(255, 0, 4)],
  ['a length that is too short', (middle) => middle.writeUInt32LE(10, 0)],
  ['a length beyond the end', (middle) => middle.writeUInt32LE(1_000_000, 0)],
  ['the newline', (middle) => middle.fill('}', middle.length - 1)],
  ['all of it', (middle) => middle.fill(0)],
  ['newlines only', (middle) => middle.fill('\n')],
];

it.each(damages)('J6: passes over damage once: %s', async (_, damage) => {
  const middle = frame(lineOf(2, 6000));
  damage(middle);
  const path = fileOf(frame(lineOf(1)), middle, frame(lineOf(3)), frame(lineOf(4)));
  for (const pieceBytes of [1, 65_536]) {
    for (const closed of [true, false]) {
      const read = await readFile(path, { pieceBytes, closed });
      expect(linesOf(read.payloads)).toEqual([lineOf(1), lineOf(3), lineOf(4)]);
      expect(read.corruptFrames).toBe(1);
    }
  }
});

it('J6: a damaged last frame does not hold up the frames that are written after it', async () => {
  const bad = frame(lineOf(2));
  bad.fill('y', 30, 31);
  const path = fileOf(frame(lineOf(1)), bad);
  const first = await readSegment(path, 0, 65_536);
  expect(first).toMatchObject({ corruptFrames: 1, atEnd: true });
  appendFileSync(path, frame(lineOf(3)));
  const second = await readSegment(path, first.nextOffset, 65_536);
  expect(linesOf(second.payloads)).toEqual([lineOf(3)]);
  expect(second.corruptFrames).toBe(0);
});

it('J6: after damage a frame that has not ended yet is waited for', async () => {
  const bad = frame(lineOf(2));
  bad.fill('y', 30, 31);
  const last = frame(lineOf(3));
  const path = fileOf(bad, last.subarray(0, 20));
  const first = await readSegment(path, 0, 65_536);
  expect(first).toMatchObject({ corruptFrames: 1, atEnd: true, nextOffset: 16 + bad.length });
  appendFileSync(path, last.subarray(20));
  const second = await readSegment(path, first.nextOffset, 65_536);
  expect(linesOf(second.payloads)).toEqual([lineOf(3)]);
});

it('J6: an unknown header is damage; the frames behind it are read', async () => {
  const path = join(tempDir(), 'w-1-0.tj');
  writeFileSync(path, Buffer.concat([Buffer.alloc(16, 7), frame(lineOf(1)), frame(lineOf(2))]));
  const read = await readFile(path);
  expect(linesOf(read.payloads)).toEqual([lineOf(1), lineOf(2)]);
  expect(read.corruptFrames).toBe(1);
});

it('J6: a file of anything else is passed over to its end', async () => {
  for (const bytes of [Buffer.alloc(3_000_000), Buffer.alloc(3_000_000, '\n{')]) {
    const path = fileOf(bytes);
    const read = await readFile(path);
    expect(read).toMatchObject({ payloads: [], nextOffset: 16 + 3_000_000, lostRecords: 0 });
    expect(read.corruptFrames).toBe(1);
  }
});

it('J8: adds up loss frames and takes no record for one', async () => {
  const almost = '{"lost":3,"v":1}\n';
  const path = fileOf(frame(lossLine(3)), frame(almost), frame(lossLine(40)));
  const read = await readFile(path);
  expect(read.lostRecords).toBe(43);
  expect(linesOf(read.payloads)).toEqual([almost]);
});

it('throws what the file system throws', async () => {
  await expect(readSegment(join(tempDir(), 'none.tj'), 0, 100)).rejects.toThrow('ENOENT');
});

it('says what it says: a record read is a record parsed', async () => {
  const read = await readFile(fixture);
  const ids = read.payloads.map((one) => (JSON.parse(String(one)) as RequestRecord).id);
  expect(new Set(ids).size).toBe(3);
});

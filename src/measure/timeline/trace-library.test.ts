import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Clock } from '../../records/clock.ts';
import { createTimelineThreads } from './timeline-threads.ts';
import { openTraceLibrary, type TraceLibrary, type TraceLimits } from './trace-library.ts';

const FIXTURE = join(
  import.meta.dirname,
  '../../../test/fixtures/traces-kineto/h100-image-classifier.json.gz',
);
const DAY_MS = 86_400_000;
const PATIENT = { timeout: 10_000 };

let stateDir: string;
let library: TraceLibrary;
let nowMs: number;
let limits: TraceLimits;
const clock: Clock = { wallMs: () => nowMs, monoMs: () => nowMs };

const open = (): Promise<TraceLibrary> =>
  openTraceLibrary({ stateDir, clock, limits: () => limits, threads: createTimelineThreads() });

beforeEach(async () => {
  stateDir = mkdtempSync(join(tmpdir(), 'tailrace-traces-'));
  nowMs = 1_800_000_000_000;
  limits = { maxUploadBytes: 1e8, maxUnpackedBytes: 1e8, keepBytes: 1e9, keepDays: 30 };
  library = await open();
});

afterEach(async () => {
  await library.close();
  rmSync(stateDir, { recursive: true, force: true });
});

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

async function settled(id: string) {
  for (;;) {
    const found = await library.get(id);
    if (found?.entry.state !== 'reading') return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const addFixture = async (): Promise<string> => {
  const { id } = await library.add('worker0.json.gz', pieces(readFileSync(FIXTURE)));
  await settled(id);
  return id;
};

describe('library of traces', () => {
  test('takes a trace in, answers about it, and knows it after a restart', async () => {
    const { id, state } = await library.add('worker0.json.gz', pieces(readFileSync(FIXTURE)));
    expect(state).toBe('reading');
    await expect(library.range(id, 0, 1)).rejects.toMatchObject({ code: 'TR_BUSY' });
    const found = await settled(id);
    expect(found?.entry).toMatchObject({ state: 'ready', error: null, name: 'worker0.json.gz' });
    expect(found?.taken?.analysis).toMatchObject({ kind: 'kineto', views: { exact: {} } });
    const { spanUs = 0, shownEvents = 0 } = found?.taken ?? {};
    const range = await library.range(id, 0, spanUs);
    expect(range.computeUs).toBeGreaterThan(0);
    const everything = await library.find(id, '', 1);
    expect(everything.total).toBe(shownEvents);
    await library.close();
    library = await open();
    expect(library.list()).toEqual([found?.entry]);
    expect((await library.tile(id, 0, 0)).length).toBeGreaterThan(1000);
    expect(readdirSync(join(stateDir, 'traces')).toSorted()).toEqual([
      `${id}.json`,
      `${id}.timeline`,
    ]);
  });

  test('says why a file is none, and keeps saying so', async () => {
    const { id } = await library.add('notes.txt', pieces(Buffer.from('hello')));
    const found = await settled(id);
    expect(found?.entry).toMatchObject({ state: 'failed', error: { code: 'TR_TRACE_INVALID' } });
    expect(found?.entry.error?.message).toContain('notes.txt');
    await library.close();
    library = await open();
    expect(library.list()).toHaveLength(1);
    await expect(library.tile(id, 0, 0)).rejects.toMatchObject({ code: 'TR_TRACE_INVALID' });
  });

  test('bounds what comes and what it unpacks to, and leaves nothing of it', async () => {
    limits.maxUploadBytes = 1000;
    await expect(library.add('big', pieces(new Uint8Array(1001)))).rejects.toMatchObject({
      code: 'TR_BODY_TOO_LARGE',
    });
    await expect(library.add('none', pieces(new Uint8Array()))).rejects.toMatchObject({
      code: 'TR_BODY_INVALID',
    });
    expect(readdirSync(join(stateDir, 'traces'))).toEqual([]);
    limits.maxUnpackedBytes = 10_000;
    const bomb = gzipSync(`{"traceEvents":[${' '.repeat(500_000)}`);
    const { id } = await library.add('bomb.gz', pieces(bomb));
    expect((await settled(id))?.entry.error?.code).toBe('TR_BODY_TOO_LARGE');
  });

  test('deletes on demand, by age and by size; the newest stays', async () => {
    const first = await addFixture();
    nowMs += 1000;
    const second = await addFixture();
    expect(library.list().map(({ id }) => id)).toEqual([second, first]);
    limits.keepBytes = 1;
    nowMs += 1000;
    const third = await addFixture();
    // Room is made once the new one is read.
    await expect.poll(() => library.list().map(({ id }) => id), PATIENT).toEqual([third]);
    expect(await library.remove(first)).toBe(false);
    expect(await library.remove(third)).toBe(true);
    await expect.poll(() => readdirSync(join(stateDir, 'traces')), PATIENT).toEqual([]);
    await expect(library.event(third, 0)).rejects.toMatchObject({ code: 'TR_NOT_FOUND' });
    const old = await addFixture();
    nowMs += 31 * DAY_MS;
    await library.close();
    library = await open();
    expect(library.list()).toEqual([]);
    expect(existsSync(join(stateDir, 'traces', `${old}.timeline`))).toBe(false);
  });

  test('removes what a stop left half done', async () => {
    const id = await addFixture();
    for (const name of ['x.upload', 'x.timeline.partial', 'y.timeline', 'z.json']) {
      writeFileSync(join(stateDir, 'traces', name), 'half');
    }
    await library.close();
    library = await open();
    expect(library.list()).toHaveLength(1);
    expect(readdirSync(join(stateDir, 'traces')).every((name) => name.startsWith(id))).toBe(true);
  });
});

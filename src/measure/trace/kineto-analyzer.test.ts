import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyzeFiles } from '../analyze/analyze-files.ts';
import { analyzers } from '../analyze/analyzers.ts';

const FIXTURES = join(import.meta.dirname, '../../../test/fixtures/traces-kineto');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tailrace-kineto-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function refusal(name: string, content: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const result = await analyzeFiles([{ name, path }], analyzers, {});
  return result.ok ? 'analyzed' : `${result.error.code} ${result.error.message}`;
}

const whole = gunzipSync(readFileSync(join(FIXTURES, 'h100-image-classifier.json.gz')));

describe('files that cannot be analyzed', () => {
  test('a gzip stream that ends early', async () => {
    const cut = gzipSync(whole).subarray(0, 60_000);
    await expect(refusal('a.json.gz', cut)).resolves.toMatch(
      /^TR_TRACE_TRUNCATED a\.json\.gz: the gzip stream ends in the middle/,
    );
  });

  test('damaged gzip', async () => {
    const damaged = gzipSync(whole);
    damaged.fill(0xff, 90_000, 90_100);
    await expect(refusal('a.pt.trace.json.gz', damaged)).resolves.toMatch(/^TR_TRACE_INVALID/);
  });

  test('JSON that ends early says after how many events', async () => {
    await expect(refusal('a.json', whole.subarray(0, 1_000_000))).resolves.toMatch(
      /^TR_TRACE_TRUNCATED a\.json: ends in the middle, after \d{3,} whole events/,
    );
  });

  test('a trace of the host alone', async () => {
    const event = { ph: 'X', cat: 'cpu_op', name: 'aten::mm', pid: 1, tid: 1, ts: 1, dur: 2 };
    await expect(refusal('a.json', JSON.stringify({ traceEvents: [event] }))).resolves.toMatch(
      /^TR_TRACE_NO_DEVICE a\.json: has 1 events, all of the host/,
    );
  });

  test('what is no trace', async () => {
    await expect(refusal('a.json', '{"hello": 1}')).resolves.toMatch(/^TR_FILE_UNKNOWN a\.json/);
    await expect(refusal('a.pt.trace.json', '')).resolves.toMatch(/^TR_TRACE_INVALID .* is empty/);
    await expect(refusal('a.pt.trace.json', '{"a": [}')).resolves.toMatch(/^TR_TRACE_/);
    await expect(refusal('a.json', '{"traceEvents": [{"ph": }]}')).resolves.toMatch(
      /^TR_TRACE_INVALID a\.json: .*in the events after number 0 \(byte 17/,
    );
  });
});

describe('what profilers write that is almost JSON', () => {
  test('raw control characters and bare NaN are read', async () => {
    const text =
      '{"traceEvents": [{"ph": "X", "cat": "kernel", "name": "a\tb", "pid": 0, "tid": 7, "ts": 1,' +
      ' "dur": 2, "args": {"stream": 7, "blocks per SM": NaN, "x": -Infinity, "y": N/A}}]}';
    await expect(refusal('a.json', text)).resolves.toBe('analyzed');
  });
});

test('a real trace, whole: the verdict is in words, tables and JSON', async () => {
  const path = join(FIXTURES, 'h100-image-classifier.json.gz');
  const result = await analyzeFiles([{ name: 'x', path }], analyzers, {});
  if (!result.ok) throw result.error;
  const [analysis] = result.value;
  expect(analysis?.verdict).toContain('largest loss: host, 84.5 % of step time');
  expect(analysis?.tables.map(({ title }) => title)).toContain(
    'rank 0: operators with shapes against the roofs of h100-sxm',
  );
  expect(JSON.parse(JSON.stringify(analysis?.json))).toHaveProperty('views.traceLens');
});

test('a capture: launches without work get no verdict', async () => {
  const launch = (i: number) => ({
    ph: 'X',
    cat: 'cuda_runtime',
    name: 'cudaLaunchKernel',
    pid: 1,
    tid: 1,
    ts: i,
    dur: 1,
    args: { correlation: i },
  });
  const kernel = { ...launch(1), cat: 'kernel', name: 'gemm', args: { correlation: 1, stream: 7 } };
  const path = join(folder, 'capture.json');
  const traceEvents = [1, 2, 3, 4].map(launch).concat(kernel);
  writeFileSync(path, JSON.stringify({ traceEvents }));
  const result = await analyzeFiles([{ name: 'capture.json', path }], analyzers, {});
  expect(result.ok && result.value[0]?.verdict).toContain('no verdict: 3 of 4 launches');
});

test('an analysis that is stopped ends with a code', async () => {
  const path = join(FIXTURES, 'df-index-resolver.json.gz');
  const stop = new AbortController();
  const result = await analyzeFiles([{ name: 'x', path }], analyzers, {
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  expect(result.ok ? 'analyzed' : result.error.code).toBe('TR_FILE_UNREADABLE');
});

test('several ranks are one job, numbered as they declare when they differ', async () => {
  const write = (rank: number, durationUs: number) => {
    const args = { correlation: 1, stream: 7 };
    const name = 'ncclDevKernel_AllReduce';
    const kernel = { ph: 'X', cat: 'kernel', name, pid: 0, tid: 7, ts: 9, dur: durationUs, args };
    const trace = { distributedInfo: { rank, world_size: 2 }, traceEvents: [kernel] };
    const path = join(folder, `rank${rank}.json`);
    writeFileSync(path, JSON.stringify(trace));
    return { name: `rank${rank}.json`, path };
  };
  const files = [write(5, 10), write(3, 90)];
  const result = await analyzeFiles(files, analyzers, {});
  if (!result.ok) throw result.error;
  expect(result.value).toHaveLength(1);
  expect(result.value[0]?.tables[0]?.title).toBe(
    'ranks against each other, 1 collectives paired: rank 5 is the straggler',
  );
  expect(result.value[0]?.json).toMatchObject({
    ranks: [{ rank: 3 }, { rank: 5 }],
    crossRank: { pairedCollectives: 1, straggler: 5 },
    views: { tbPlugin: { 3: {}, 5: {} }, traceLens: { 3: {}, 5: {} } },
  });
});

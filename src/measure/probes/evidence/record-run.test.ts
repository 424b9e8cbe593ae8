import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ProbeResult } from './probe-result.ts';
import { recordRun } from './record-run.ts';
import { readResults, resultsPath } from './result-store.ts';

const dir = mkdtempSync(join(tmpdir(), 'tailrace-probes-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const run = (atMs: number, ms: number, path = '/a'): Omit<ProbeResult, 'version'> => ({
  kind: 'storage',
  atMs,
  machine: { hostname: 'n', platform: 'p', kernel: 'k', cpu: 'c', cores: 1, memoryBytes: 1 },
  settings: { path, accelerators: null },
  metrics: {
    readMs: {
      unit: 'ms',
      better: 'lower',
      values: Array.from({ length: 50 }, (_, i) => ms + ((i * 7) % 10)),
    },
  },
  report: { au: 0.6 },
});

describe('results of probes', () => {
  const path = resultsPath(join(dir, 'state'));

  it('are kept and compared with the last one alike', async () => {
    expect(await recordRun(path, run(1, 100))).toMatchObject({
      previousAtMs: null,
      comparisons: [],
    });
    expect(await recordRun(path, run(2, 100, '/b'))).toMatchObject({ previousAtMs: null });
    const third = await recordRun(path, run(3, 150));
    expect(third).toMatchObject({ previousAtMs: 1, comparisons: [{ verdict: 'regression' }] });
    const { results } = await readResults(path);
    expect(results.map((one) => one.atMs)).toEqual([1, 2, 3]);
  });

  it('survive a line that was cut, and a line of a later version', async () => {
    appendFileSync(path, '{"version":2,"kind":"new"}\n{"version":1,"ki');
    const { comparisons, skipped } = await recordRun(path, run(4, 150));
    expect([comparisons[0]?.verdict, skipped]).toEqual(['same', 2]);
    expect(readFileSync(path, 'utf8').split('\n').at(-2)).toContain('"atMs":4');
    expect(await readResults(path)).toMatchObject({ skipped: 2 });
  });

  it('fail with the place and the fix', async () => {
    const underFile = join(path, 'results.jsonl');
    await expect(recordRun(underFile, run(9, 1))).rejects.toThrow(/TAILRACE_DATA/);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { looksLikeDlioRaw, parseDlioRaw } from './dlio-raw.ts';
import { looksLikeDlioSummary, parseDlioSummary } from './dlio-summary.ts';
import { dlioUse } from './dlio-use.ts';
import { parseMlperfRuns } from './mlperf-runs.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'test', 'fixtures', 'probes');
const file = (name: string): Buffer => readFileSync(join(folder, name));
const rawText = gunzipSync(file('hpe_unet3d_h100_run1_raw.json.gz')).toString('utf8');
const summaryText = file('hpe_unet3d_h100_run1_summary.json').toString('utf8');

describe('the published raw run', () => {
  const use = dlioUse(parseDlioRaw(rawText, 'raw.json'), 'raw.json', null);

  it('recomputes to the published AU', () => {
    expect(Math.abs(use.au * 100 - 91.22602702535721)).toBeLessThan(1e-9);
    const published: unknown = JSON.parse(summaryText);
    expect(published).toMatchObject({
      metric: {
        train_au_percentage: use.epochs.map((epoch) => expect.closeTo(epoch.au * 100, 9)),
      },
    });
  });

  it('shows the wall AU that counts the first step', () => {
    expect(use.wallAu * 100).toBeCloseTo(90.197045, 6);
    expect(use.meanFirstLoadS).toBeGreaterThan(100 * use.meanLoadS);
  });

  it('finds the batch size that the output does not hold', () => {
    expect(use).toMatchObject({ batchSize: 7, batchBasis: 'inferred', wallRule: 'all-steps' });
    expect(use.recordedDifference).toBeLessThan(1e-9);
    const given = dlioUse(parseDlioRaw(rawText, 'raw.json'), 'raw.json', 7);
    expect(given).toEqual({ ...use, batchBasis: 'given' });
  });
});

describe('raw output', () => {
  const block = { load: [1, 0.1], proc: [2, 1.1], compute: [1, 1] };
  /** Wall 3.2 s, of which the first step took 2: AU 1 / 1.2, wall AU 2 / 3.2. */
  const epoch = {
    load: { block1: block.load },
    proc: { block1: block.proc },
    compute: { block1: block.compute },
    throughput: { block1: (2 * 4) / 3.2 },
    au: { block1: 100 / 1.2 },
  };

  it('of one rank is read as it is', () => {
    const text = JSON.stringify({ 1: epoch, hostname: 'n1', host_cpu_count: 8 });
    const use = dlioUse(parseDlioRaw(text, 'a'), 'a', null);
    expect(use).toMatchObject({ batchSize: 4, ranks: 1, steps: 2 });
    expect([use.au, use.wallAu]).toEqual([expect.closeTo(1 / 1.2, 9), expect.closeTo(2 / 3.2, 9)]);
  });

  it('whose accelerators waited for each other most of the time', () => {
    // 10 s of wall, of which only 4.2 in steps: batch 400 must not be taken for 168.
    const waiting = {
      load: { block1: [1, 0.1, 0.1] },
      proc: { block1: [2, 1.1, 1.1] },
      compute: { block1: [1, 1, 1] },
      throughput: { block1: (3 * 400) / 10 },
      au: { block1: 200 / 8 },
    };
    const use = dlioUse(parseDlioRaw(JSON.stringify({ 1: waiting }), 'a'), 'a', null);
    expect(use).toMatchObject({ batchSize: 400, au: expect.closeTo(0.25, 9) });
    expect(use.wallAu).toBeCloseTo(0.3, 9);
  });

  it('of later versions, whose throughput leaves two steps out', () => {
    const three = {
      load: { block1: [1, 0.1, 0.1] },
      proc: { block1: [2, 1.1, 1.1] },
      compute: { block1: [1, 1, 1] },
      // (3 - 2) steps of 4 over the 2.3 s after the first step.
      throughput: { block1: 4 / 2.3 },
      au: { block1: 200 / 2.3 },
    };
    const use = dlioUse(parseDlioRaw(JSON.stringify({ 1: three }), 'a'), 'a', null);
    expect(use).toMatchObject({ batchSize: 4, wallRule: 'trimmed' });
    expect(use.wallAu).toBeCloseTo(3 / 4.3, 9);
  });

  it('weighs blocks by their steps and leaves evaluation out', () => {
    const two = {
      load: { block1: [0, 0], block2: [0, 0, 0, 0], eval: [9] },
      proc: { block1: [1, 1], block2: [1, 1, 1, 1], eval: [9] },
      compute: { block1: [1, 1], block2: [0.5, 0.5, 0.5, 0.5], eval: [9] },
      throughput: { block1: 1, block2: 1, eval: 1 },
    };
    const use = dlioUse(parseDlioRaw(JSON.stringify({ 1: two }), 'a'), 'a', 1);
    expect(use.au).toBeCloseTo((2 * 1 + 4 * 0.5) / 6, 9);
    expect(use.recordedDifference).toBeNull();
  });

  it('is refused with the field at fault', () => {
    const parse = (value: unknown) => () => parseDlioRaw(JSON.stringify(value), 'a.json');
    expect(parse({ 1: { ...epoch, compute: { block1: [1] } } })).toThrow(
      /a\.json: ranks\.0\.1: load, proc and compute of block1 have 2, 2 and 1 steps/,
    );
    expect(parse({ 1: { ...epoch, load: { block1: [-1, 0] } } })).toThrow(/load\.block1\.0/);
    expect(parse({ hostname: 'x' })).toThrow(/holds no epoch/);
    expect(() => parseDlioRaw('{', 'a.json')).toThrow(/a\.json: JSON/);
    const wrong = parseDlioRaw(JSON.stringify({ 1: { ...epoch, au: { block1: 1 } } }), 'a');
    expect(() => dlioUse(wrong, 'a', null)).toThrow(/no whole batch size/);
  });

  it('is told from a summary', () => {
    const raw: unknown = JSON.parse(rawText);
    const summary: unknown = JSON.parse(summaryText);
    expect([looksLikeDlioRaw(raw), looksLikeDlioRaw(summary)]).toEqual([true, false]);
    expect([looksLikeDlioSummary(raw), looksLikeDlioSummary(summary)]).toEqual([false, true]);
    expect(looksLikeDlioRaw({ 1: epoch })).toBe(true);
  });
});

describe('summary.json', () => {
  it('gives wall AU though neither workload nor accelerator stands in it', () => {
    const summary = parseDlioSummary(summaryText, 'summary.json');
    expect(summary).toMatchObject({ accelerators: 15, workload: 'unet3d', accelerator: 'h100' });
    expect((summary.wallAu ?? 0) * 100).toBeCloseTo(90.197045, 5);
    expect((summary.hiddenShare ?? 0) * 100).toBeCloseTo(1.028982, 5);
  });

  it('says unknown where nothing follows', () => {
    const metric = { train_throughput_mean_samples_per_second: 10 };
    const summary = parseDlioSummary(JSON.stringify({ num_accelerators: 1, metric }), 's');
    expect(summary).toMatchObject({ au: null, wallAu: null, workload: null, ioMbPerS: null });
  });

  it('is refused with the field at fault', () => {
    const text = summaryText.replace('"num_accelerators": 15', '"num_accelerators": "many"');
    expect(() => parseDlioSummary(text, 's.json')).toThrow(/s\.json: num_accelerators/);
  });
});

describe('a table of runs', () => {
  it('gives wall AU, hidden points and verdict of each', () => {
    const text = file('mlperf_storage_runs.csv').toString('utf8');
    const [head = '', ...lines] = text.trimEnd().split('\n');
    const column = (line: string, name: string): string =>
      line.split(',')[head.split(',').indexOf(name)] ?? '';
    const runs = parseMlperfRuns(text, 'runs.csv');
    expect(runs).toHaveLength(lines.length);
    for (const [i, run] of runs.entries()) {
      const line = lines[i] ?? '';
      expect(run.wallAu * 100).toBeCloseTo(Number(column(line, 'wall_au_pct')), 5);
      expect(run.hiddenShare * 100).toBeCloseTo(Number(column(line, 'hidden_points')), 5);
      expect(run.meetsThreshold ? 'success' : 'fail').toBe(column(line, 'au_verdict'));
    }
  });

  it('names line and column', () => {
    const text = file('mlperf_storage_runs.csv').toString('utf8').replace(',15,5,7,', ',x,5,7,');
    expect(() => parseMlperfRuns(text, 'runs.csv')).toThrow(/runs\.csv: line 2: emulated_acc/);
  });
});

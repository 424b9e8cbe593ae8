import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { analyzeFiles } from '../analyze/analyze-files.ts';
import type { Analysis } from '../analyze/analyzer.ts';
import { analyzers } from '../analyze/analyzers.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'test', 'fixtures', 'probes');
const dir = mkdtempSync(join(tmpdir(), 'tailrace-analyze-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const fixture = (name: string) => ({ name, path: join(folder, name) });

function own(name: string, content: string | Buffer): { name: string; path: string } {
  const path = join(dir, name);
  writeFileSync(path, content);
  return { name, path };
}

async function analyze(
  files: Array<{ name: string; path: string }>,
  reference?: string,
): Promise<Analysis[]> {
  const options = reference === undefined ? {} : { reference };
  const result = await analyzeFiles(files, analyzers, options);
  if (!result.ok) throw result.error;
  return result.value;
}

const STEP = '{"ts":1,"rank":0,"step":1,"phaseMs":{"data":40,"forward":60}}\n';

describe('tailrace analyze recognises by content', () => {
  it.each([
    ['h100_1x8.log', 'nccl-tests'],
    ['hpe_unet3d_h100_run1_raw.json.gz', 'mlperf-storage-raw'],
    ['hpe_unet3d_h100_run1_summary.json', 'mlperf-storage-summary'],
    ['mlperf_storage_runs.csv', 'mlperf-storage-runs'],
    ['fio_3.33_readwrite.json', 'fio'],
  ])('%s as %s', async (name, kind) => {
    const [analysis] = await analyze([own(`x-${kind}`, readFileSync(join(folder, name)))]);
    expect(analysis?.kind).toBe(kind);
  });

  it('step logs, plain and packed, as one job', async () => {
    const files = [
      own('a.jsonl', STEP + STEP.replace('"step":1', '"step":2')),
      own('b.jsonl.gz', gzipSync(STEP.replace('"rank":0', '"rank":1'))),
    ];
    const [analysis, ...more] = await analyze(files);
    expect(more).toEqual([]);
    expect(analysis).toMatchObject({ kind: 'step-log' });
    expect(analysis?.verdict).toMatch(/largest loss: waiting for data, 40\.0 % of the time/);
  });

  it('step logs say what the loader gives and what could be taken', async () => {
    const counted = STEP.replace('}}', '},"samples":6}');
    const log = counted + counted.replace('"step":1', '"step":2');
    const [analysis] = await analyze([own('c.jsonl', log)]);
    // 6 samples in 100 ms, of which 40 ms are waited.
    expect(analysis?.verdict).toMatch(/gives 60 samples\/s, the accelerators could take 100$/);
  });

  it('metric CSVs, named after their file', async () => {
    const [analysis] = await analyze([own('loss.csv', 'Wall time,Step,Value\n1,1,2\n2,3,4\n')]);
    expect(analysis?.json).toMatchObject({ secondsPerStep: 0.5, metrics: [{ name: 'loss' }] });
  });
});

describe('what they say', () => {
  it('AU and wall AU of a run, and which pays the bill', async () => {
    const [analysis] = await analyze([fixture('hpe_unet3d_h100_run1_raw.json.gz')]);
    expect(analysis?.json).toMatchObject({ billedBy: 'wallAuPercent', batchSize: 7 });
    expect(analysis?.verdict).toMatch(/AU 91\.23 % .*wall AU 90\.20 %: 9\.8 %/);
    expect(analysis?.notes.join()).toMatch(/wall AU pays the bill/);
  });

  it('the outputs of single ranks as one run', async () => {
    const text = gunzipSync(readFileSync(join(folder, 'hpe_unet3d_h100_run1_raw.json.gz')));
    const raw: { ranks: Record<string, unknown> } = JSON.parse(text.toString('utf8'));
    const files = Object.entries(raw.ranks).map(([rank, one]) =>
      own(`${rank}_output.json`, JSON.stringify(one)),
    );
    const [analysis, ...more] = await analyze(files);
    expect(more).toEqual([]);
    expect(analysis?.json['ranks']).toBe(15);
    expect(analysis?.json['auPercent']).toBeCloseTo(91.22602702535721, 9);
  });

  it('which rows fall under 80 % of a reference log or a catalog figure', async () => {
    const [slow] = await analyze(
      [fixture('aws_p4de_2x8_a100.log')],
      join(folder, 'oci_a100_2x8.log'),
    );
    expect(slow?.verdict).toMatch(/5 of 5 rows under 80 % of oci_a100_2x8\.log/);
    const [good] = await analyze([fixture('h100_1x8.log')], join(dir, 'h100-sxm'));
    expect(good?.verdict).toMatch(/0 of 4 rows under 80 % of H100/);
    await expect(analyze([fixture('h100_1x8.log')], join(dir, 'nothing'))).rejects.toThrow(
      /nothing is neither a file nor one of .*h100-sxm/,
    );
  });

  it('names file and line of what is wrong', async () => {
    const text = readFileSync(join(folder, 'h100_1x8.log'), 'utf8').replace('419.49', '4x9.49');
    await expect(analyze([own('bad.log', text)])).rejects.toThrow(/bad\.log: line 4: busbw/);
    const broken = own('bad.jsonl', `${STEP}${STEP.replace('0', '-1')}`);
    await expect(analyze([broken])).rejects.toThrow(/bad\.jsonl: line 2: /);
  });
});

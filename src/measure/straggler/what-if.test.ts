import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { analyzeFiles } from '../analyze/analyze-files.ts';
import { analyzers } from '../analyze/analyzers.ts';

const FOLDER = join(import.meta.dirname, '../../../test/fixtures/straggler-what-if');

const perKey = z.record(z.string(), z.number());
const explained = z.object({
  trem: z.number(),
  tadd: z.number(),
  tori: z.number(),
  tideal: z.number(),
  rem: z.number(),
  add: z.number(),
});
const published = z.object({
  step_t_base: perKey,
  step_t_nodelay: perKey,
  step_t_noblk: perKey,
  launch_slowdown: z.number(),
  blocking_slowdown: z.number(),
  blocking_step_slowdown: perKey,
  launch_step_slowdown: perKey,
  blocking_decompose_by_dp_rank: perKey,
  blocking_decompose_by_stage: perKey,
  blocking_decompose_by_optype: perKey,
  blocking_decompose_by_stage_per_step: z.record(z.string(), perKey),
});
const ours = published.extend({ ms: explained, mw: explained });

const read = (name: string): unknown => JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));

async function analysis() {
  const result = await analyzeFiles(
    [{ name: 'trace-ST.parquet', path: join(FOLDER, 'trace-ST.parquet') }],
    analyzers,
    {},
  );
  if (!result.ok) throw result.error;
  return result.value[0];
}

/** Every number of `expected` is in `actual` within one part in a million. */
function expectSame(actual: unknown, expected: unknown, path = ''): void {
  if (typeof expected === 'number') {
    expect(typeof actual, path).toBe('number');
    expect(Math.abs(Number(actual) / expected - 1), path).toBeLessThan(1e-6);
    return;
  }
  const record = z.record(z.string(), z.unknown());
  const fields = record.parse(actual);
  for (const [key, value] of Object.entries(record.parse(expected))) {
    expectSame(fields[key], value, `${path}/${key}`);
  }
}

describe('straggler what-if of the published job', () => {
  test('step times, ideal time, slowdowns and contributions are those published', async () => {
    const json = ours.parse((await analysis())?.json);
    expectSame(json, published.parse(read('result-ST.json')));
  });

  test('what the last stage and the slowest worker explain', async () => {
    const json = ours.parse((await analysis())?.json);
    // The shares are quotients of small differences of 32-bit figures.
    expect(json.ms.rem).toBeCloseTo(explained.parse(read('ms-ST.json')).rem, 5);
    expect(json.mw.rem).toBeCloseTo(explained.parse(read('mw-ST.json')).rem, 5);
    expect(json.ms.add).toBeCloseTo(explained.parse(read('ms-ST.json')).add, 5);
    expect(json.mw.add).toBeCloseTo(explained.parse(read('mw-ST.json')).add, 5);
  });

  test('the verdict names the stage that alone slows the job most', async () => {
    expect((await analysis())?.verdict).toContain('stage 3 (alone 1.232x)');
  });
});

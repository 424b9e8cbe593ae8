import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { splitwiseRowKeys, validateSplitwiseSim } from './splitwise-sim.ts';
import type { SetValidation } from './validation-row.ts';

const FIXTURE = join(import.meta.dirname, '../../../test/fixtures/planning/splitwise-sim');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'splitwise-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kinds = (set: SetValidation): Set<string> =>
  new Set(set.rows.map((row) => row.run.replace(/[ :(].*/, '')));

/**
 * The published rows under another name of hardware, and with a third degree made by a + b / TP.
 */
function writeOtherAccelerator(): void {
  const text = readFileSync(join(FIXTURE, 'perf_model.csv'), 'utf8');
  const lines = text.replaceAll('h100-80gb', 'z9-80gb').trim().split(/\r?\n/);
  const made = lines
    .filter((line) => line.startsWith('llama2-70b,z9-80gb') && line.endsWith(',8'))
    .map((line) => line.replace(/,8$/, ',4'));
  writeFileSync(join(folder, 'perf_model.csv'), [...lines, ...made].join('\n'));
}

describe('validateSplitwiseSim', () => {
  it('scores left-out levels of the visible table and finds the batches that did not fit', async () => {
    const { rows, notes } = await validateSplitwiseSim(FIXTURE, new Set());
    expect(rows.filter((row) => !row.pass)).toEqual([]);
    expect(rows.find((row) => row.metric === 'infeasibleConfigurations')).toMatchObject({
      measured: 2,
      predicted: 2,
    });
    expect(notes).toContain('in neither the shipped table nor the calibration: 0 configurations');
  });

  it('does not score what a calibration saw, and counts it', async () => {
    const keys = splitwiseRowKeys(FIXTURE);
    const { rows, notes } = await validateSplitwiseSim(FIXTURE, new Set(keys));
    expect(kinds({ rows, notes })).toEqual(new Set(['batches']));
    expect(notes).toContain('seen by calibration, not scored: 112 configurations');
  });

  it('predicts a degree between two others of an accelerator it has never seen', async () => {
    writeOtherAccelerator();
    const { rows } = await validateSplitwiseSim(folder, new Set());
    const made = rows.find(
      (row) => row.run.startsWith('between degrees') && row.metric === 'tokenMs',
    );
    // TP4 was written as a copy of TP8, so a + b / TP must miss by the share of TP2 in it.
    expect(made?.errorPct).toBeGreaterThan(5);
    expect(made).toMatchObject({ stat: 'mape', limitPct: 4, pass: false });
  });

  it('predicts levels that the shipped table lacks from the ones it has', async () => {
    copyFileSync(join(FIXTURE, 'perf_model.csv'), join(folder, 'perf_model.csv'));
    const text = readFileSync(join(folder, 'perf_model.csv'), 'utf8');
    const [header = '', first = ''] = text.split(/\r?\n/);
    const between = first.replace(',512,1,128,', ',768,1,128,');
    writeFileSync(join(folder, 'perf_model.csv'), `${header}\n${between}\n`);
    const { rows, notes } = await validateSplitwiseSim(folder, new Set());
    expect(notes).toContain('in neither the shipped table nor the calibration: 1 configurations');
    expect(rows.map((row) => row.run)).toContain('not seen before (1)');
  });

  it('predicts an unknown degree by a + b / TP, and does not bound what it extrapolates', async () => {
    const text = readFileSync(join(FIXTURE, 'perf_model.csv'), 'utf8').trim();
    const lines = text.split(/\r?\n/);
    const made = lines
      .filter((line) => line.startsWith('llama2-70b,a100-80gb') && line.endsWith(',8'))
      .map((line) => line.replace(/,8$/, ',4'));
    writeFileSync(join(folder, 'perf_model.csv'), [lines[0], ...made].join('\n'));
    const { rows } = await validateSplitwiseSim(folder, new Set());
    const bounded = rows.filter((row) => row.run.startsWith('not seen before: between'));
    // A batch of 64 did not fit at TP2, so there nothing stands on the other side of TP4.
    const free = rows.filter((row) => row.run.startsWith('not seen before: extrapolated'));
    expect(bounded.find((row) => row.stat === 'mape')?.run).toContain('(18)');
    expect(bounded.find((row) => row.stat === 'mape')?.limitPct).toBe(8);
    expect(free.find((row) => row.stat === 'mape')?.run).toContain('(1)');
    expect(free.every((row) => row.limitPct === null)).toBe(true);
  });

  it('names file and fix when the table is missing', async () => {
    await expect(validateSplitwiseSim(join(folder, 'none'), new Set())).rejects.toMatchObject({
      code: 'TR_PLAN_INVALID',
    });
  });
});

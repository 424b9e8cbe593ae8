import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { validateAiconfigurator } from './aiconfigurator.ts';

const fixture = 'test/fixtures/planning/aiconfigurator/silicon_sample.csv';
const [header = '', ...lines] = readFileSync(fixture, 'utf8').split(/\r?\n/);
const dir = mkdtempSync(join(tmpdir(), 'silicon-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** A few lines of one engine, under identities that the shipped fit has not seen. */
const sweep = lines
  .filter((line) => /,sglang,.*Qwen\/Qwen3-32B,.*,agg,/.test(line))
  .slice(0, 4)
  .map((line) => `another_${line}`);

describe('validateAiconfigurator', () => {
  it('scores rows it has not seen, and leaves out and counts those it has', async () => {
    expect(sweep.length).toBeGreaterThan(1);
    const known = lines.slice(0, 3);
    writeFileSync(join(dir, 'silicon_sample.csv'), [header, ...sweep, ...known].join('\r\n'));
    const { rows, notes } = await validateAiconfigurator(dir, new Set());
    expect(notes[0]).toContain(`${sweep.length} unseen rows`);
    expect(notes[0]).toContain('3 rows left out');
    expect(notes[0]).toContain(`${sweep.length} scored rows are of sweeps that it saw`);
    const mape = rows.find((row) => row.metric === 'tpotMs' && row.stat === 'mape');
    expect(mape?.run).toBe(`sglang by sweep (${sweep.length})`);
    expect(mape?.errorPct).toBeGreaterThan(0);
    expect(mape?.errorPct).toBeLessThan(100);
  }, 60_000);

  it('counts a model that the catalog does not have as unanswered, which fails', async () => {
    const stranger = (sweep[0] ?? '').replace('Qwen/Qwen3-32B', 'Nobody/Nothing-1B');
    writeFileSync(join(dir, 'silicon_sample.csv'), [header, stranger].join('\n'));
    const { rows, notes } = await validateAiconfigurator(dir, new Set());
    expect(rows.find((row) => row.metric === 'rowsAnswered')?.pass).toBe(false);
    expect(notes.join()).toContain('line 2: the catalog has no model_path Nobody/Nothing-1B');
  });

  it('says which file is missing', async () => {
    const missing = validateAiconfigurator(join(dir, 'nowhere'), new Set());
    await expect(missing).rejects.toThrow(/silicon_sample.csv: there is no such file/);
  });
});

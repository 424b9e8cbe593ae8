import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, describe, expect, it } from 'vitest';
import { readObserved } from './read-observed.ts';

const dir = mkdtempSync(join(tmpdir(), 'observed-'));
afterAll(() => rmSync(dir, { recursive: true }));

describe('readObserved', () => {
  it('reads successful requests of one engine, without cached tokens, by time', async () => {
    const file = join(dir, 'records.parquet');
    const instance = await DuckDBInstance.create();
    const connection = await instance.connect();
    await connection.run(`COPY (SELECT * FROM (VALUES
      (2000.0, 'a', 'success', 100, 40, 10, 50.0, 8.0, true),
      (1000.0, 'a', 'success', 80, NULL, 1, 40.0, NULL, true),
      (1500.0, 'b', 'success', 80, NULL, 9, 40.0, 7.0, false),
      (1600.0, 'a', 'timeout', 80, NULL, 9, 40.0, 7.0, false)
    ) AS t("startedAtMs", "engine", "outcome", "tokens_in", "tokens_cachedIn", "tokens_out",
      "latency_ttftMs", "latency_tpotMeanMs", "simulated")) TO '${file}' (FORMAT parquet)`);
    connection.closeSync();
    instance.closeSync();
    const { requests, simulated } = await readObserved(file, 'a');
    expect(simulated).toBe(true);
    expect(requests).toEqual([
      { arrivalS: 1, promptTokens: 80, outputTokens: 1, ttftMs: 40, tpotMs: null },
      { arrivalS: 2, promptTokens: 60, outputTokens: 10, ttftMs: 50, tpotMs: 8 },
    ]);
    const all = await readObserved(file, null);
    expect([all.requests.length, all.simulated]).toEqual([3, false]);
  });

  it('says which file it cannot read', async () => {
    const missing = readObserved(join(dir, 'none.parquet'), null);
    await expect(missing).rejects.toThrow(
      /none.parquet.*give --records a file of tailrace export/s,
    );
  });
});

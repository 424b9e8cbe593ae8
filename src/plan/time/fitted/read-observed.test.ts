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
      (2000.0, 'a', 'success', 100, 40, 10, 50.0, 8.0, true, 5.0, 41.0, 63.0),
      (1000.0, 'a', 'success', 80, NULL, 1, 40.0, NULL, true, 0.0, 38.0, 0.0),
      (1500.0, 'b', 'success', 80, NULL, 9, 40.0, 7.0, false, NULL, NULL, NULL),
      (1600.0, 'a', 'timeout', 80, NULL, 9, 40.0, 7.0, false, NULL, NULL, NULL)
    ) AS t("startedAtMs", "engine", "outcome", "tokens_in", "tokens_cachedIn", "tokens_out",
      "latency_ttftMs", "latency_tpotMeanMs", "simulated", "latency_engineQueueMs", "latency_prefillMs",
      "latency_decodeMs")) TO '${file}' (FORMAT parquet)`);
    connection.closeSync();
    instance.closeSync();
    const { requests, ...of } = await readObserved(file, 'a');
    expect(of).toEqual({ simulated: true, engineTimes: true });
    expect(requests).toEqual([
      { arrivalS: 1, promptTokens: 80, outputTokens: 1, ttftMs: 38, tpotMs: null },
      { arrivalS: 2, promptTokens: 60, outputTokens: 10, ttftMs: 46, tpotMs: 7 },
    ]);
    const all = await readObserved(file, null);
    expect([all.requests.length, all.simulated, all.engineTimes]).toEqual([3, false, false]);
    // Where one engine does not report, all are compared as the client saw them.
    expect(all.requests.map((one) => [one.ttftMs, one.tpotMs])).toEqual([
      [40, null],
      [40, 7],
      [50, 8],
    ]);
  });

  it('says which file it cannot read', async () => {
    const missing = readObserved(join(dir, 'none.parquet'), null);
    await expect(missing).rejects.toThrow(
      /none.parquet.*give --records a file of tailrace export/s,
    );
  });
});

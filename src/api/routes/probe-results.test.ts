import { afterEach, expect, test } from 'vitest';
import type { ProbeResult } from '../../measure/probes/evidence/probe-result.ts';
import { openTestControl, type TestControl } from '../test-control.ts';

let control: TestControl | null = null;

afterEach(() => control?.close());

function open(change: Parameters<typeof openTestControl>[0] = {}): TestControl {
  control = openTestControl(change);
  return control;
}

const run = (atMs: number, kind: ProbeResult['kind'], values: number[]): ProbeResult => ({
  version: 1,
  kind,
  atMs,
  machine: { hostname: 'a', platform: 'p', kernel: 'k', cpu: 'c', cores: 1, memoryBytes: 1 },
  settings: { size: 1 },
  metrics: { readMs: { unit: 'ms', better: 'lower', values } },
  report: { fed: 3 },
});

const spread = (start: number): number[] =>
  Array.from({ length: 200 }, (_, i) => start + ((i * 0.6180339887) % 1));

test('runs come newest first, each against the last one alike', async () => {
  const results = [
    run(1_000, 'storage', spread(10)),
    run(2_000, 'host', [1]),
    run(3_000, 'storage', spread(12)),
  ];
  const at = open({ probeResults: () => Promise.resolve({ results, skipped: 1 }) });
  const all = await (await at.ask('/api/v1/probe-results')).json();
  expect(all).toMatchObject({ total: 3, skipped: 1 });
  const storage = (await (await at.ask('/api/v1/probe-results?kind=storage&limit=1')).json()) as {
    runs: unknown[];
    total: number;
  };
  expect(storage.total).toBe(2);
  expect(storage.runs).toEqual([
    expect.objectContaining({
      atMs: 3_000,
      previousAtMs: 1_000,
      report: { fed: 3 },
      comparisons: [expect.objectContaining({ metric: 'readMs', verdict: 'regression' })],
    }),
  ]);
});

test('where no instance runs, it says so; an unknown kind names the field', async () => {
  const at = open();
  expect((await at.ask('/api/v1/probe-results')).status).toBe(503);
  const refused = await at.ask('/api/v1/probe-results?kind=tape');
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ error: { field: 'kind' } });
});

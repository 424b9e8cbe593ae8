import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTailrace, type RunningTailrace } from './running-tailrace.ts';

/** A real production trace through the gateway into the simulated engine: every account must agree. */
const traces = join(dirname(dirname(fileURLToPath(import.meta.url))), 'fixtures', 'traces');
let tailrace: RunningTailrace;

beforeAll(async () => {
  tailrace = await startTailrace();
});

afterAll(async () => {
  await tailrace.stop('SIGKILL');
  tailrace.remove();
});

interface Line {
  what: string;
  agree: boolean;
}

test('replay, ledger and the engine agree on requests and tokens, and percentiles to 1 %', async () => {
  const config = (await (await tailrace.api('/api/v1/config')).json()) as {
    config?: { engines: Array<{ metricsUrl: string }> };
    engines?: Array<{ metricsUrl: string }>;
  };
  const metricsUrl = (config.config ?? config).engines?.[0]?.metricsUrl ?? '';
  const done = await tailrace.cli(
    'replay',
    join(traces, 'azure-conv-2000.csv'),
    '--speed',
    '20',
    '--limit',
    '150',
    '--engine-metrics',
    metricsUrl,
    '--json',
  );
  expect(done.code, done.stderr).toBe(0);
  const summary = JSON.parse(done.stdout) as { reconciliation: { checks: Line[] } };
  const lines = summary.reconciliation.checks;
  expect(lines.length).toBeGreaterThan(15);
  expect(lines.filter(({ agree }) => !agree)).toEqual([]);
  const answers = JSON.parse((await tailrace.cli('ask', '--json')).stdout) as {
    services: Array<{
      requests: { total: number; tokensIn: number };
      cost: { perRequestUsd: number | null; idleUsd: number | null };
      utilization: { busyShare: number | null; sentence: string };
    }>;
  };
  const service = answers.services[0];
  expect(service?.requests.total).toBe(150);
  expect(service?.cost.perRequestUsd).toBeGreaterThan(0);
  expect(service?.utilization.busyShare).toBeGreaterThan(0);
  expect(service?.utilization.sentence).toContain('simulated');
});

test('a bad trace is refused with line and field, and sends nothing', async () => {
  const path = join(tailrace.home, 'bad.csv');
  writeFileSync(path, 'timestamp,input_tokens,output_tokens\n0,10,5\n1,-3,5\n');
  const done = await tailrace.cli('replay', path);
  expect(done.code).toBe(1);
  expect(done.stderr).toMatch(/TR_TRACE_INVALID.*bad\.csv.*3.*input_tokens/s);
});

test('a target that is not this machine is refused', async () => {
  const done = await tailrace.cli(
    'replay',
    join(traces, 'plain.csv'),
    '--target',
    'http://example.com',
  );
  expect(done.code).not.toBe(0);
  expect(done.stderr).toContain('TR_TARGET_REFUSED');
});

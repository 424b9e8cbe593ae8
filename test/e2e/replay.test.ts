import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LoadSummary } from '../../src/plan/load/summary.ts';
import { startTailrace, type RunningTailrace } from './running-tailrace.ts';

const TRACE = fileURLToPath(new URL('../fixtures/traces/azure-conv-2000.csv', import.meta.url));

/** The default service on a simulated engine at 20 times real time. */
const CONFIG = {
  server: { port: 0, workers: 2 },
  services: [{ name: 'chat', owner: 'test', models: ['llama-3.1-8b'], route: 'chat' }],
  routes: [{ name: 'chat', engines: [{ engine: 'sim' }] }],
  engines: [
    {
      name: 'sim',
      hardware: { accelerator: 'h100-sxm', model: 'llama-3.1-8b' },
      cost: { basis: 'rented', usdPerAcceleratorHour: 3 },
      simulated: { speed: 20 },
    },
  ],
};

let tailrace: RunningTailrace;

beforeAll(async () => {
  const home = mkdtempSync(join(tmpdir(), 'tailrace-replay-'));
  const file = join(home, 'tailrace.yaml');
  writeFileSync(file, JSON.stringify(CONFIG));
  tailrace = await startTailrace({ home, args: ['--config', file] });
});

afterAll(async () => {
  await tailrace.stop('SIGKILL');
  tailrace.remove();
});

test('replies, ledger, answers and the engine agree on a replayed trace', async () => {
  const args = ['--limit', '400', '--speed', '25', '--engine-metrics', 'auto', '--json'];
  const { code, stdout, stderr } = await tailrace.cli('replay', TRACE, ...args);
  const summary = JSON.parse(stdout) as LoadSummary;
  expect(summary.requests, stderr).toMatchObject({ sent: 400, succeeded: 400, failed: 0 });
  const { checks, reason } = summary.reconciliation;
  expect(reason).toBeNull();
  expect(checks.filter((check) => !check.agree)).toEqual([]);
  const sides = new Set(checks.map((check) => check.between.join(' and ')));
  expect([...sides]).toEqual([
    'trace and replies',
    'replies and engine metrics',
    'replies and ledger',
    'records and answers',
  ]);
  // 400 values carry a p99, so all nine percentiles were compared.
  expect(checks.filter((check) => check.what.endsWith(' ms'))).toHaveLength(9);
  expect(code).toBe(0);
});

test('the key made for the run is revoked at its end', async () => {
  const { stdout } = await tailrace.cli('keys', 'list', '--json');
  const { keys } = JSON.parse(stdout) as {
    keys: Array<{ name: string; revokedAtMs: number | null }>;
  };
  const made = keys.filter((key) => key.name.startsWith('load-'));
  expect(made).toHaveLength(1);
  expect(made[0]?.revokedAtMs).not.toBeNull();
});

test('a wrong key is a clear count of failures, and exit code 1', async () => {
  const args = ['--limit', '5', '--speed', '25', '--key', 'tr_wrong', '--model', 'llama-3.1-8b'];
  const { code, stdout } = await tailrace.cli('replay', TRACE, ...args);
  expect(stdout).toContain('5 x TR_AUTH_INVALID');
  expect(code).toBe(1);
});

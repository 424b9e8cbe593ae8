import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LoadSummary } from '../../src/plan/load/summary.ts';
import { startTailrace, type RunningTailrace } from './running-tailrace.ts';

/** `tailrace load` against a running instance, with the keys it makes and those it is given. */
let tailrace: RunningTailrace;

beforeAll(async () => {
  tailrace = await startTailrace();
});

afterAll(async () => {
  await tailrace.stop('SIGKILL');
  tailrace.remove();
});

const LOAD = ['load', '--rps', '30', '--duration', '1s', '--output-tokens', '4', '--json'];

interface Key {
  name: string;
  revokedAtMs: number | null;
}

test('without a key one is made for the run, and revoked at its end', async () => {
  const { code, stdout, stderr } = await tailrace.cli(...LOAD, '--engine-metrics', 'auto');
  const summary = JSON.parse(stdout) as LoadSummary;
  expect(summary.reconciliation.checks.filter((check) => !check.agree)).toEqual([]);
  const sides = new Set(summary.reconciliation.checks.map((check) => check.between[1]));
  expect(sides).toEqual(new Set(['replies', 'engine metrics', 'ledger', 'answers']));
  expect(code, stderr).toBe(0);
  const listed = JSON.parse((await tailrace.cli('keys', 'list', '--json')).stdout) as
    | { keys: Key[] }
    | Key[];
  const keys = Array.isArray(listed) ? listed : listed.keys;
  const made = keys.filter((key) => key.name.startsWith('load-'));
  expect(made).toHaveLength(1);
  expect(made[0]?.revokedAtMs).not.toBeNull();
});

test('requests that a wrong key had refused are counted by code, and nothing succeeded', async () => {
  const wrong = ['--key', 'tr_wrong', '--model', 'llama-3.1-8b'];
  const { code, stdout } = await tailrace.cli(...LOAD, ...wrong);
  const { requests } = JSON.parse(stdout) as LoadSummary;
  expect(requests.failures).toEqual({ TR_AUTH_INVALID: requests.sent });
  expect(code).toBe(1);
});

test('a service that is not there is a usage error that names those that are', async () => {
  const { code, stderr } = await tailrace.cli(...LOAD, '--service', 'nope');
  expect(stderr).toContain('there is no service \\"nope\\"; the instance has chat');
  expect(code).toBe(2);
});

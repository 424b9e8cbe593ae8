import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createControlApp } from '../../api/control-app.ts';
import { startControlServer, type ControlServer } from '../../api/control-server.ts';
import { configSchema } from '../../config/schema.ts';
import { openKeyStore } from '../../govern/identity/key-store.ts';
import { answers as answersSchema } from '../../measure/answers/answers.ts';
import { computeAnswers } from '../../measure/answers/compute-answers.ts';
import {
  testingLedger,
  testingUse,
  type TestRequest,
} from '../../measure/answers/testing-ledger.ts';
import { createLog } from '../../serve/log.ts';
import type { CliIo } from '../io.ts';
import { runCli } from '../run.ts';
import { tableOf } from '../test-cli.ts';
import { ask } from './ask.ts';

const ADMIN_KEY = 'tr_admin-of-the-ask-test';
const NOW_MS = Date.UTC(2026, 0, 31, 12);
const clock = { wallMs: () => NOW_MS, monoMs: () => 0 };
const config = configSchema.parse({
  services: [
    { name: 'chat', owner: 'ann', models: ['m'], route: 'r', slo: { e2eMs: { p95: 500 } } },
    { name: 'slow', owner: 'bob', models: ['s'], route: 'r', slo: { e2eMs: { p95: 100 } } },
    { name: 'idle', owner: 'cat', models: ['i'], route: 'r', slo: { e2eMs: { p95: 100 } } },
  ],
  routes: [{ name: 'r', engines: [{ engine: 'sim' }] }],
  engines: [
    {
      name: 'sim',
      simulated: {},
      hardware: { accelerator: 'h100-sxm', model: 'llama-3.1-8b' },
      cost: { basis: 'rented', usdPerAcceleratorHour: 3 },
    },
  ],
});

const good: TestRequest = {
  e2eMs: 400,
  tokensIn: 100,
  tokensOut: 10,
  usageUsd: 0.001,
  acceleratorSeconds: 1.2,
  simulated: true,
  tenant: 'acme',
};

let stateDir = '';
let server: ControlServer;
let closeKeys = (): void => {};

beforeAll(async () => {
  stateDir = mkdtempSync(join(tmpdir(), 'tailrace-ask-'));
  const keys = openKeyStore({ dir: stateDir, clock });
  closeKeys = () => keys.close();
  const requests = Array.from({ length: 200 }, () => [good, { ...good, service: 'slow' }]).flat();
  const app = createControlApp({
    ledger: testingLedger(requests, [testingUse()]),
    config: () => config,
    keys,
    clock,
    adminKeys: () => [
      {
        id: 'instance',
        name: 'instance',
        sha256: createHash('sha256').update(ADMIN_KEY).digest('hex'),
        services: [],
        tenant: null,
        admin: true,
      },
    ],
    workerStats: async () => [],
    consoleDir: null,
    version: '0.0.0-test',
    onKeysChanged: () => {},
    computeAnswers,
    log: createLog({ level: 'error', process: 'test', clock, write: () => {} }),
  });
  server = await startControlServer({ app });
  const record = { url: server.url, adminKey: ADMIN_KEY, pid: 1, startedAtMs: 0, version: '0' };
  writeFileSync(join(stateDir, 'instance.json'), JSON.stringify(record), { mode: 0o600 });
});
afterAll(async () => {
  await server.close();
  closeKeys();
  rmSync(stateDir, { recursive: true, force: true });
});

async function tailrace(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const io: CliIo = {
    stdout: { write: (text) => void out.push(text), isTTY: false, columns: 80 },
    stderr: { write: (text) => void err.push(text), isTTY: false },
    env: { TAILRACE_DATA: stateDir },
    cwd: stateDir,
    clock,
    signal: new AbortController().signal,
  };
  const code = await runCli(argv, io, tableOf([ask]));
  return { code, out: out.join(''), err: err.join('') };
}

describe('tailrace ask', () => {
  it('ends with 0 within target, 4 on a miss, 3 on a missing answer', async () => {
    expect(await tailrace('ask', 'chat')).toMatchObject({ code: 0, err: '' });
    expect(await tailrace('ask', 'slow')).toMatchObject({ code: 4 });
    expect(await tailrace('ask', 'idle')).toMatchObject({ code: 3 });
    expect(await tailrace('ask')).toMatchObject({ code: 3 });
  });

  it('prints a screen without colour when no terminal reads it', async () => {
    const { out } = await tailrace('ask', 'chat', '--since', '30m');
    expect(out).toContain('chat · owner ann · SIMULATED');
    expect(out).toContain('30 min to 2026-01-31 12:00:00Z · 200 requests: 200 ok');
    expect(out).not.toContain('\u001B');
  });

  it('prints the API document as JSON', async () => {
    const { out } = await tailrace('ask', '--by', 'tenant', '--json');
    const answers = answersSchema.parse(JSON.parse(out));
    expect(answers.toMs - answers.fromMs).toBe(3_600_000);
    expect(answers.breakdown?.map((row) => [row.service, row.key, row.requests])).toEqual([
      ['chat', 'acme', 200],
      ['slow', 'acme', 200],
    ]);
  });

  it('refuses wrong usage with 2, and a service that is not there with 1', async () => {
    expect(await tailrace('ask', '--since', 'yesterday')).toMatchObject({ code: 2 });
    expect(await tailrace('ask', '--by', 'colour')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--by takes tenant, feature, model, not "colour"'),
    });
    expect(await tailrace('ask', 'chat', 'again')).toMatchObject({ code: 2 });
    expect(await tailrace('ask', 'nobody')).toMatchObject({
      code: 1,
      err: expect.stringContaining('TR_NOT_FOUND'),
    });
  });
});

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configSchema, type Config } from '../config/schema.ts';
import { openKeyStore } from '../govern/identity/key-store.ts';
import { computeAnswers } from '../measure/answers/compute-answers.ts';
import type { Clock } from '../records/clock.ts';
import type { RequestRecord } from '../records/request-record.ts';
import { createLog } from '../serve/log.ts';
import type { KeyEntry } from '../serve/key-table.ts';
import { createControlApp } from './control-app.ts';
import type { ControlDeps, WorkerStats } from './deps.ts';
import { createMemoryLedger, type MemoryLedger } from './memory-ledger.ts';

export const NOW_MS = 1_800_000_000_000;
export const ADMIN_KEY = 'tr_admin-of-the-test';
export const ENGINE_SECRET = 'sk-engine-secret';
export const CONFIG_KEY = 'tr_key-of-the-config';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const testConfig: Config = configSchema.parse({
  server: { allowedHosts: ['box.lan'] },
  services: [
    {
      name: 'chat',
      owner: 'ada',
      feature: 'help',
      models: ['llama-3.1-8b'],
      route: 'chat',
      slo: { e2eMs: { p95: 1_000, p99: 2_000 } },
    },
    { name: 'code', owner: 'bob', models: ['gpt-x'], route: 'code' },
  ],
  routes: [
    { name: 'chat', engines: [{ engine: 'h100' }], fallback: ['api'] },
    { name: 'code', engines: [{ engine: 'api', model: 'gpt-x-mini' }] },
  ],
  engines: [
    {
      name: 'h100',
      hardware: { accelerator: 'h100-sxm', model: 'llama-3.1-8b' },
      cost: { basis: 'rented', usdPerAcceleratorHour: 2.95 },
      simulated: {},
    },
    {
      name: 'api',
      url: 'http://127.0.0.1:9/v1',
      apiKey: ENGINE_SECRET,
      headers: { 'x-secret': ENGINE_SECRET },
    },
  ],
  keys: [{ name: 'ops', hash: `sha256:${sha256(CONFIG_KEY)}` }],
});

export interface TestControl {
  app: ReturnType<typeof createControlApp>;
  deps: ControlDeps;
  ledger: MemoryLedger;
  tempDir: string;
  logLines: string[];
  keyChanges: () => number;
  workers: WorkerStats[];
  addRecords(records: readonly RequestRecord[]): void;
  /** A request with the admin key and a loopback Host, unless `headers` say otherwise. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

const adminEntry: KeyEntry = {
  id: 'instance',
  name: 'instance',
  sha256: sha256(ADMIN_KEY),
  services: [],
  tenant: null,
  admin: true,
};

/** The control app over a ledger in memory and a real key store in a temporary folder. */
export function openTestControl(change: Partial<ControlDeps> = {}): TestControl {
  const dir = mkdtempSync(join(tmpdir(), 'tailrace-api-'));
  const tempDir = mkdtempSync(join(tmpdir(), 'tailrace-api-temp-'));
  const clock: Clock = { wallMs: () => NOW_MS, monoMs: () => performance.now() };
  const ledger = createMemoryLedger();
  const keys = openKeyStore({ dir, clock });
  const logLines: string[] = [];
  const workers: WorkerStats[] = [];
  let changes = 0;
  const deps: ControlDeps = {
    ledger,
    config: () => testConfig,
    keys,
    clock,
    adminKeys: () => [adminEntry, ...keys.snapshot().filter((key) => key.admin)],
    workerStats: () => Promise.resolve(workers),
    consoleDir: null,
    version: '0.0.0-test',
    onKeysChanged: () => (changes += 1),
    computeAnswers,
    log: createLog({ level: 'debug', process: 'test', clock, write: (l) => logLines.push(l) }),
    tempDir,
    ...change,
  };
  const app = createControlApp(deps);
  return {
    app,
    deps,
    ledger,
    tempDir,
    logLines,
    workers,
    keyChanges: () => changes,
    addRecords: (records) => ledger.add(records),
    ask: async (path, init = {}) => {
      const headers = new Headers({
        host: '127.0.0.1:8787',
        authorization: `Bearer ${ADMIN_KEY}`,
        ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
      });
      new Headers(init.headers).forEach((value, name) => headers.set(name, value));
      return app.request(`http://127.0.0.1:8787${path}`, { ...init, headers });
    },
    async close() {
      await ledger.close();
      keys.close();
      rmSync(dir, { recursive: true, force: true });
      rmSync(tempDir, { recursive: true, force: true });
    },
  };
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createControlApp } from '../../api/control-app.ts';
import { startControlServer } from '../../api/control-server.ts';
import { keyCreated, keyList, type KeyView } from '../../api/schema.ts';
import { defaultConfig } from '../../config/defaults.ts';
import { hashKey, newKey, openKeyStore } from '../../govern/identity/key-store.ts';
import { testingLedger } from '../../measure/answers/testing-ledger.ts';
import { systemClock } from '../../records/clock.ts';
import { createLog } from '../../serve/log.ts';
import { openTestCli, type TestCli } from '../test-cli.ts';

let cli: TestCli;
let closing: Array<() => Promise<void> | void> = [];

beforeEach(() => {
  cli = openTestCli(systemClock);
  closing = [() => cli.close()];
});

afterEach(async () => {
  for (const close of closing.toReversed()) await close();
});

async function listed(): Promise<KeyView[]> {
  return keyList.parse(JSON.parse((await cli.run('keys', 'list', '--json')).out)).keys;
}

/** A control server over the key store of the state folder, as `tailrace up` starts one. */
async function startInstance(): Promise<{ changes: () => number }> {
  mkdirSync(cli.stateDir, { recursive: true, mode: 0o700 });
  const keys = openKeyStore({ dir: cli.stateDir, clock: systemClock });
  const adminKey = newKey();
  let changes = 0;
  const own = { id: 'own', name: 'own', services: [], tenant: null, admin: true };
  const app = createControlApp({
    ledger: testingLedger([]),
    config: defaultConfig,
    keys,
    clock: systemClock,
    adminKeys: () => [{ ...own, sha256: hashKey(adminKey) }],
    workerStats: async () => [],
    consoleDir: null,
    version: '0.0.0-test',
    onKeysChanged: () => (changes += 1),
    computeAnswers: () => Promise.reject(new Error('no answers are asked for here')),
    log: createLog({ level: 'error', process: 'test', clock: systemClock, write: () => {} }),
  });
  // The probe asks for the health; a ledger that cannot be asked is part of that answer.
  const server = await startControlServer({ app });
  closing.push(
    () => keys.close(),
    () => server.close(),
  );
  const record = { url: server.url, adminKey, pid: process.pid, startedAtMs: 1, version: '0' };
  const file = join(cli.stateDir, 'instance.json');
  writeFileSync(file, JSON.stringify(record), { mode: 0o600 });
  return { changes: () => changes };
}

/** What holds whoever answers. */
async function createListRevoke(): Promise<void> {
  const made = await cli.run('keys', 'create', 'app', '--service', 'chat', '--tenant', 'acme');
  expect(made.code, made.err).toBe(0);
  const key = made.out.trim();
  expect(key).toMatch(/^tr_[\w-]{43}$/);
  expect(made.err).toContain(`sha256:${hashKey(key)}`);

  expect(await cli.run('keys', 'create', 'app')).toMatchObject({
    code: 1,
    err: expect.stringContaining('error TR_FIELD_INVALID: an active key is called "app" already'),
  });
  const admin = await cli.run('keys', 'create', 'ops', '--admin', '--json');
  const created = keyCreated.parse(JSON.parse(admin.out));
  expect(JSON.parse(admin.out)).toMatchObject({ hash: `sha256:${hashKey(created.key)}` });

  expect(await listed()).toMatchObject([
    { name: 'ops', services: [], tenant: null, admin: true, revokedAtMs: null },
    { name: 'app', services: ['chat'], tenant: 'acme', admin: false, revokedAtMs: null },
  ]);
  const table = await cli.run('keys', 'list');
  expect(table.out).toMatch(/^id +name +services +tenant +role +source +created +revoked\n/);
  expect(table.out).toMatch(/app +chat +acme +service +store +\d{4}-\d\d-\d\dT[\d:]+Z +-\n/);
  expect(table.out + admin.err).not.toContain(key);

  expect((await cli.run('keys', 'revoke', created.id)).code).toBe(0);
  expect((await cli.run('keys', 'revoke', 'app')).out).toMatch(/^revoked app \(key_[0-9a-f]{16}\)/);
  expect((await listed()).filter((one) => one.revokedAtMs === null)).toEqual([]);
  expect(await cli.run('keys', 'revoke', 'app')).toMatchObject({
    code: 1,
    err: expect.stringContaining('error TR_NOT_FOUND: no active key has the id or name "app"'),
  });
}

describe('tailrace keys', () => {
  it('works on the key store when no instance runs, before the first start too', async () => {
    expect(await cli.run('keys', 'list')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^no keys/),
    });
    await createListRevoke();
  });

  it('asks the running instance, whose workers learn of each change', async () => {
    const instance = await startInstance();
    await createListRevoke();
    expect(instance.changes()).toBe(4);
  });

  it('warns offline of a service that is not there, and a running instance refuses it', async () => {
    const offline = await cli.run('keys', 'create', 'a', '-s', 'chta');
    expect(offline.code).toBe(0);
    expect(offline.err).toMatch(/^warning: .* no service "chta" \(did you mean chat\?\)/);
    await startInstance();
    const running = await cli.run('keys', 'create', 'b', '-s', 'chta');
    expect(running).toMatchObject({
      code: 1,
      err: expect.stringContaining('no service is called `chta`'),
    });
  });

  it('refuses wrong usage', async () => {
    const refusals: Array<[string[], string]> = [
      [[], 'keys needs an action: create, list or revoke'],
      [['lst'], 'keys has no action "lst" (did you mean list?)'],
      [['toString'], 'keys has no action "toString"'],
      [['create'], 'keys create needs a NAME'],
      [['revoke'], 'keys revoke needs an ID or a NAME'],
      [['list', 'x'], 'keys list takes no name'],
      [['list', '--admin'], '--admin goes with keys create'],
    ];
    for (const [argv, message] of refusals) {
      const { code, err } = await cli.run('keys', ...argv);
      expect(code, argv.join(' ')).toBe(2);
      expect(err).toContain(message);
    }
  });
});

import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from './load.ts';
import { type ConfigWatcher, type WatchOptions, watchConfig } from './watch.ts';

let dir = '';
let watcher: ConfigWatcher | null = null;
let changes: string[] = [];
let refusals: string[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tailrace-watch-'));
  changes = [];
  refusals = [];
});

afterEach(() => {
  watcher?.close();
  rmSync(dir, { recursive: true, force: true });
});

const configText = (owner: string): string => `
services: [{ name: chat, owner: "${owner}", models: [a], route: r }]
routes: [{ name: r, engines: [{ engine: e }] }]
engines: [{ name: e, url: "http://127.0.0.1:1/v1" }]
`;

const file = (name = 'tailrace.yaml'): string => join(dir, name);

function start(options: Partial<WatchOptions> = {}): ConfigWatcher {
  watcher = watchConfig({
    path: file(),
    env: {},
    onChange: (loaded) => changes.push(loaded.config.services[0]?.owner ?? ''),
    onRefused: (error) => refusals.push(error.message),
    debounceMs: 10,
    pollMs: 60_000,
    ...options,
  });
  return watcher;
}

const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5_000 });

describe('watchConfig', () => {
  it('follows writes in place, renames over the file and delete-and-create', async () => {
    writeFileSync(file(), configText('one'));
    start();
    writeFileSync(file(), configText('two'));
    await until(() => expect(changes).toEqual(['two']));
    writeFileSync(file('.tailrace.yaml.swp'), configText('three'));
    renameSync(file('.tailrace.yaml.swp'), file());
    await until(() => expect(changes).toEqual(['two', 'three']));
    rmSync(file());
    await until(() => expect(refusals).toHaveLength(1));
    writeFileSync(file(), configText('four'));
    await until(() => expect(changes).toEqual(['two', 'three', 'four']));
    expect(refusals[0]).toMatch(/there is no such file/);
  });

  it('follows a symbolic link that is swapped, as Kubernetes does', async () => {
    for (const name of ['v1', 'v2']) {
      mkdirSync(join(dir, name));
      writeFileSync(join(dir, name, 'tailrace.yaml'), configText(name));
    }
    symlinkSync('v1', join(dir, '..data'));
    symlinkSync(join('..data', 'tailrace.yaml'), file());
    start();
    symlinkSync('v2', join(dir, '..data_tmp'));
    renameSync(join(dir, '..data_tmp'), join(dir, '..data'));
    await until(() => expect(changes).toEqual(['v2']));
  });

  it('refuses a bad file once, with its errors, and goes on with the next good one', () => {
    writeFileSync(file(), configText('one'));
    const watching = start();
    writeFileSync(file(), configText('two').replace('owner', 'ownr'));
    watching.check();
    watching.check();
    expect(refusals).toHaveLength(1);
    expect(refusals[0]).toMatch(/tailrace\.yaml:2:\d+: .*did you mean owner\?/);
    writeFileSync(file(), configText('three'));
    watching.check();
    expect(changes).toEqual(['three']);
  });

  it('does not call for a change of comments, or for going back to what is in force', () => {
    writeFileSync(file(), configText('one'));
    const watching = start();
    writeFileSync(file(), `# note\n${configText('one')}`);
    watching.check();
    writeFileSync(file(), 'services: [');
    watching.check();
    writeFileSync(file(), configText('one'));
    watching.check();
    expect(changes).toEqual([]);
    expect(refusals).toHaveLength(1);
  });

  it('sees a secret file change, and one that appears', () => {
    writeFileSync(file(), configText('${file:owner.txt}'));
    const watching = start();
    watching.check();
    expect(changes).toEqual([]);
    writeFileSync(file('owner.txt'), 'blue');
    watching.check();
    writeFileSync(file('owner.txt'), 'red');
    watching.check();
    expect(changes).toEqual(['blue', 'red']);
  });

  it('compares with what is in force, not with the file as it was found', () => {
    writeFileSync(file(), configText('one'));
    const loaded = loadConfig({ path: file(), env: {}, cwd: dir });
    writeFileSync(file(), configText('two'));
    const watching = start(loaded.ok ? { current: loaded.value.config } : {});
    watching.check();
    expect(changes).toEqual(['two']);
  });

  it('is silent after close', () => {
    writeFileSync(file(), configText('one'));
    const watching = start();
    watching.close();
    writeFileSync(file(), configText('two'));
    watching.check();
    expect(changes).toEqual([]);
  });
});

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAccelerator } from '../catalog/accelerators.ts';
import { findModel } from '../catalog/models.ts';
import { rentalPoints } from '../catalog/rental.ts';
import { catalogNames } from './catalog-names.ts';
import { defaultConfig } from './defaults.ts';
import { loadConfig, parseConfig } from './load.ts';
import { maskConfig } from './mask.ts';
import { ConfigError } from './problems.ts';

let dir = '';

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tailrace-config-'));
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

const MINIMAL = `
services: [{ name: chat, owner: you, models: [a], route: r }]
routes: [{ name: r, engines: [{ engine: e }] }]
engines: [{ name: e, url: "http://127.0.0.1:1/v1", apiKey: "\${file:secrets/key}" }]
`;

function load(path: string | null, env: Record<string, string> = {}) {
  return loadConfig({ path, env, cwd: dir });
}

function messageOf(path: string | null): string {
  const loaded = load(path);
  return loaded.ok ? 'it was loaded' : `${loaded.error.code} ${loaded.error.message}`;
}

describe('loadConfig', () => {
  it('gives the defaults where there is no file, and refuses a named one that is missing', () => {
    const loaded = load(null);
    expect(loaded.ok && loaded.value.file).toBe(null);
    expect(loaded.ok && loaded.value.config).toEqual(defaultConfig());
    expect(messageOf('other.yaml')).toMatch(/^TR_CONFIG_INVALID .*other\.yaml: there is no such/);
  });

  it('finds tailrace.yaml and reads secret files beside it, without their last line end', () => {
    mkdirSync(join(dir, 'secrets'));
    writeFileSync(join(dir, 'secrets', 'key'), 'sk-abc\n');
    writeFileSync(join(dir, 'tailrace.yaml'), MINIMAL);
    const loaded = load(null);
    expect(loaded.ok && loaded.value.file).toBe(join(dir, 'tailrace.yaml'));
    expect(loaded.ok && loaded.value.config.engines[0]?.apiKey).toBe('sk-abc');
    expect(loaded.ok && [...loaded.value.secretPaths]).toEqual(['engines[0].apiKey']);
  });

  it('refuses what is not a readable text file', () => {
    mkdirSync(join(dir, 'folder.yaml'));
    writeFileSync(join(dir, 'latin.yaml'), Buffer.from([0x61, 0xff, 0xfe]));
    writeFileSync(join(dir, 'big.yaml'), Buffer.alloc(1_048_577, 'a'));
    writeFileSync(join(dir, 'tailrace.yaml'), MINIMAL);
    expect(messageOf('folder.yaml')).toMatch(/not a regular file/);
    expect(messageOf('latin.yaml')).toMatch(/not UTF-8 text/);
    expect(messageOf('big.yaml')).toMatch(/larger than 1048576 bytes/);
    expect(messageOf(null)).toMatch(/^TR_CONFIG_SECRET .*secrets\/key cannot be read/);
  });

  it('freezes the result all the way down', () => {
    const { config } = parseSample({});
    expect(() => config.engines.push()).toThrow(TypeError);
    expect(() => Object.assign(config.services[0]?.slo ?? {}, { availability: 0 })).toThrow();
  });
});

function parseSample(env: Record<string, string>) {
  const path = join(import.meta.dirname, 'testdata', 'substitution.good.yaml');
  const parsed = parseConfig(readFileSync(path, 'utf8'), {
    file: 'f.yaml',
    env: { WORKERS: '3', TEAM: 'red', API_KEY: 'sk-123', ...env },
    readFile: () => 't0k3n\r\n',
  });
  if (!parsed.ok) throw parsed.error;
  return parsed.value;
}

describe('substitution', () => {
  it('gives texts, and numbers and booleans where the schema asks for them', () => {
    const { config } = parseSample({ PORT: '80', STORE_PROMPTS: 'false', API_KEY: '12345' });
    expect(config.server).toMatchObject({ host: '127.0.0.1', port: 80, workers: 3 });
    expect(config.services[0]?.owner).toBe('team red, ${literal}');
    expect(config.services[0]?.store.prompts).toBe(false);
    expect(config.engines[0]).toMatchObject({
      apiKey: '12345',
      headers: { 'x-token': 'Bearer t0k3n' },
    });
  });

  it('refuses a number that is not quite one', () => {
    for (const PORT of ['0x50', ' 80', '8e1', '080', '80.5']) {
      expect(() => parseSample({ PORT }), PORT).toThrow(/server\.port: must be a/);
    }
  });

  it('masks what came from outside, and defaults in plain sight stay', () => {
    expect(maskConfig(parseSample({}))).toMatchObject({
      server: { host: '127.0.0.1', port: 9000, workers: '***' },
      services: [{ owner: '***', models: ['llama'] }],
      engines: [{ apiKey: '***', headers: { 'x-token': '***' }, url: 'https://api.openai.com/v1' }],
    });
  });
});

describe('refusals', () => {
  it('carry each problem with its place, and bound their text', () => {
    const keys = Array.from({ length: 70 }, (_, i) => `k${i}: 1`).join('\n');
    const parsed = parseConfig(keys, { file: 'f.yaml', env: {}, readFile: () => '' });
    const error = parsed.ok ? null : parsed.error;
    expect(error).toBeInstanceOf(ConfigError);
    expect(error instanceof ConfigError && error.problems).toHaveLength(73);
    expect(error?.message.split('\n')).toHaveLength(51);
    expect(error?.message).toMatch(/\nand 23 more$/);
  });
});

describe('defaults', () => {
  it('name what the catalog has, at the price that they cite', () => {
    const [engine] = defaultConfig().engines;
    const { accelerator = '', model = '' } = engine?.hardware ?? {};
    expect(findAccelerator(accelerator)).not.toBeNull();
    expect(findModel(model)).not.toBeNull();
    const nebius = rentalPoints().filter(
      (point) => /nebius/i.test(point.provider) && point.accelerator === accelerator,
    );
    const rates = nebius.map((point) => point.usdPerAcceleratorHour);
    expect(engine?.cost?.basis === 'rented' && engine.cost.usdPerAcceleratorHour).toBe(2.95);
    expect(rates).toContain(2.95);
  });

  it('suggests only providers that the price catalog has', () => {
    for (const provider of catalogNames.providerIds()) {
      expect(catalogNames.hasProvider({ provider }), provider).toBe(true);
    }
    expect(catalogNames.hasProvider({ provider: 'nobody' })).toBe(false);
  });
});

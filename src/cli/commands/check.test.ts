import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { defaultConfig } from '../../config/defaults.ts';
import { systemClock } from '../../records/clock.ts';
import { openTestCli, type TestCli } from '../test-cli.ts';

let cli: TestCli;

beforeEach(() => {
  cli = openTestCli(systemClock);
});

afterEach(() => cli.close());

const TEXT = `
services: [{ name: chat, owner: you, models: [a], route: r }]
routes: [{ name: r, engines: [{ engine: e }] }]
engines: [{ name: e, url: "http://127.0.0.1:1/v1", apiKey: "\${KEY}" }]
`;

const write = (name: string, text: string): void => writeFileSync(join(cli.dir, name), text);

describe('tailrace check', () => {
  it('prints the defaults as YAML that reads back as they are', async () => {
    const { code, out, err } = await cli.run('check');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('# valid; the effective configuration of the built-in defaults');
    expect(parse(out)).toEqual(defaultConfig());
  });

  it('fills in defaults, masks secrets and warns', async () => {
    write('tailrace.yaml', TEXT);
    cli.env['KEY'] = 'sk-secret';
    const { code, out, err } = await cli.run('check');
    expect(code).toBe(0);
    expect(parse(out)).toMatchObject({
      server: { port: 8787 },
      engines: [{ name: 'e', apiKey: '***', dialect: 'openai' }],
    });
    expect(out + err).not.toContain('sk-secret');
    expect(err).toMatch(/^warning: .*tailrace\.yaml:4:11: engines\[0\]: has no `cost`/);
  });

  it('prints JSON for programs', async () => {
    write('other.yaml', TEXT);
    cli.env['KEY'] = 'sk-secret';
    const { code, out, err } = await cli.run('check', 'other.yaml', '--json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      file: join(cli.dir, 'other.yaml'),
      warnings: [{ path: 'engines[0]', line: 4, column: 11 }],
      config: { engines: [{ apiKey: '***' }] },
    });
  });

  it('shows every error with its place and ends with 1', async () => {
    write('tailrace.yaml', TEXT.replace('owner', 'ownr').replace('url', 'ur'));
    const { code, out, err } = await cli.run('check');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    const lines = err.trimEnd().split('\n');
    expect(lines[0]).toBe('error TR_CONFIG_INVALID: the configuration is not valid');
    expect(lines).toContainEqual(
      expect.stringMatching(/tailrace\.yaml:2:26: .*ownr: is not .* \(did you mean owner\?\)$/),
    );
    expect(lines).toHaveLength(5);
    const json = await cli.run('check', '--json');
    expect(JSON.parse(json.err)).toMatchObject({
      error: { code: 'TR_CONFIG_INVALID', problems: { length: 4 } },
    });
  });

  it('names the secret that is missing', async () => {
    write('tailrace.yaml', TEXT);
    const { code, err } = await cli.run('check');
    expect(code).toBe(1);
    expect(err).toMatch(
      /^error TR_CONFIG_SECRET: .*:4:60: engines\[0\]\.apiKey: .* KEY is not set/,
    );
  });
});

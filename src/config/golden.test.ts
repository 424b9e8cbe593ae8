import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from './load.ts';
import { formatProblem } from './problems.ts';

/**
 * `x.good.yaml` must load, with the warnings of `x.good.txt`; `x.bad.yaml` must be refused with the
 * text of `x.bad.txt`. Write expected text anew with UPDATE_GOLDEN=1 and read the difference.
 */
const folder = join(import.meta.dirname, 'testdata');
const env = {
  WORKERS: '3',
  TEAM: 'the-very-team',
  API_KEY: 'sk-live-0123456789',
  EMPTY: '',
};
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

function outcome(name: string): { ok: boolean; text: string } {
  const loaded = parseConfig(readFileSync(join(folder, name), 'utf8'), {
    file: name,
    env,
    readFile: (path) => {
      if (path === 'token.txt') return 'file-token-value\n';
      throw new Error('there is no such file');
    },
  });
  if (!loaded.ok) return { ok: false, text: `${loaded.error.code}\n${loaded.error.message}\n` };
  const lines = loaded.value.warnings.map((warning) => `${formatProblem(name, warning)}\n`);
  return { ok: true, text: lines.join('') };
}

function expected(name: string, actual: string): string {
  const path = join(folder, name.replace(/\.yaml$/, '.txt'));
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, actual);
  return existsSync(path) ? readFileSync(path, 'utf8') : `${path} is missing`;
}

describe('configuration files', () => {
  it('has good and bad ones', () => {
    expect(files.filter((name) => name.endsWith('.good.yaml')).length).toBeGreaterThan(2);
    expect(files.filter((name) => name.endsWith('.bad.yaml')).length).toBeGreaterThan(10);
  });

  for (const name of files) {
    it(name, () => {
      const { ok, text } = outcome(name);
      expect(ok, text).toBe(name.endsWith('.good.yaml'));
      expect(text).toBe(expected(name, text));
      for (const secret of [env.API_KEY, env.TEAM, 'file-token-value']) {
        expect(text).not.toContain(secret);
      }
    });
  }
});

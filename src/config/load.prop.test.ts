import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { defaultConfig } from './defaults.ts';
import { type LoadedConfig, parseConfig } from './load.ts';
import { maskConfig } from './mask.ts';
import { configSchema } from './schema.ts';
import type { Result } from '../records/errors.ts';

const folder = join(import.meta.dirname, 'testdata');
const samples = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml') && !name.startsWith('alias-bomb'))
  .map((name) => readFileSync(join(folder, name), 'utf8'));

const parse = (text: string, env: Record<string, string> = {}): Result<LoadedConfig> =>
  parseConfig(text, { file: 'f.yaml', env, readFile: () => 'from a file' });

/** Every outcome is a value, a refusal says where, and nothing reaches Object.prototype. */
function mustBeResult(text: string): void {
  const result = parse(text);
  if (result.ok) expect(Object.isFrozen(result.value.config)).toBe(true);
  else {
    expect(['TR_CONFIG_INVALID', 'TR_CONFIG_SECRET']).toContain(result.error.code);
    expect(result.error.message).toMatch(/^f\.yaml/);
  }
  expect(Object.keys(Object.prototype)).toEqual([]);
}

describe('parseConfig on anything', () => {
  it('takes random text', () => {
    fc.assert(fc.property(fc.string({ maxLength: 400, unit: 'binary' }), mustBeResult));
  });

  it('takes random YAML punctuation', () => {
    const marks =
      '[ ] { } : \n - ? &a *a !!x | > " \' % # , << --- ... \t ${ ${A } services __proto__';
    const piece = fc.constantFrom(' ', ...marks.split(' '));
    const text = fc.array(piece, { maxLength: 80 }).map((pieces) => pieces.join(''));
    fc.assert(fc.property(text, mustBeResult), { numRuns: 300 });
  });

  it('takes mutated configuration files', () => {
    const mutation = fc.record({
      sample: fc.constantFrom(...samples),
      at: fc.nat(2_000),
      cut: fc.nat(30),
      insert: fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('${', '*x', '&x ', ': ', '- ')),
    });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), ([first, ...rest]) => {
        let text = first?.sample ?? '';
        for (const { at, cut, insert } of first === undefined ? [] : [first, ...rest]) {
          const from = text.length === 0 ? 0 : at % text.length;
          text = text.slice(0, from) + insert + text.slice(from + cut);
        }
        mustBeResult(text);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses nesting and size beyond its bounds', () => {
    for (const text of ['['.repeat(500_000), '{a: '.repeat(1_000), '- '.repeat(100_000)]) {
      mustBeResult(text);
      expect(parse(text).ok).toBe(false);
    }
    const long = parse(`# ${'x'.repeat(1_048_576)}\n`);
    expect(long.ok ? '' : long.error.message).toMatch(/larger than 1048576 bytes/);
  });

  it('reads large files in linear time: a quadratic step would take minutes', () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n');
    mustBeResult(keys);
    mustBeResult(`a: &a 1\n${'- *a\n'.repeat(1)}b: [${'*a, '.repeat(20_000)}]`);
  });
});

describe('parseConfig on what it wrote itself', () => {
  it('reads an effective configuration back to the same value', () => {
    const config = defaultConfig();
    const back = parse(stringify(config));
    expect(back.ok ? back.value.config : back.error.message).toEqual(config);
    expect(configSchema.parse(config)).toEqual(config);
  });

  it('never shows a secret, whichever text field it was put in', () => {
    const secret = 'S3CRET-value-0123456789';
    const fields = ['owner', 'feature', 'model', 'apiKey', 'header', 'url', 'tenant', 'policy'];
    fc.assert(
      fc.property(fc.subarray(fields, { minLength: 1 }), (chosen) => {
        const put = (field: string, plain: string): string =>
          chosen.includes(field) ? `"${field === 'url' ? 'http://h/' : 'x-'}\${SECRET}"` : plain;
        const text = [
          `services: [{ name: s, owner: ${put('owner', 'me')}, feature: ${put('feature', 'f')}, `,
          `  models: [${put('model', 'm')}], route: r }]`,
          `routes: [{ name: r, engines: [{ engine: e }], policy: ${put('policy', 'weighted')} }]`,
          `engines: [{ name: e, url: ${put('url', 'http://h/v1')}, apiKey: ${put('apiKey', 'k')},`,
          `  headers: { x-a: ${put('header', 'h')} } }]`,
          `keys: [{ name: k, hash: "sha256:${'0'.repeat(64)}", tenant: ${put('tenant', 't')} }]`,
        ].join('\n');
        const result = parse(text, { SECRET: secret });
        const shown = result.ok ? JSON.stringify(maskConfig(result.value)) : result.error.message;
        expect(result.ok).toBe(!chosen.includes('policy'));
        expect(shown).not.toContain(secret);
        if (result.ok) expect(JSON.stringify(result.value.config)).toContain(secret);
      }),
      { numRuns: 60 },
    );
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configJsonSchema } from './json-schema.ts';
import { validKeys } from './schema-lookup.ts';

const docs = join(import.meta.dirname, '..', '..', 'docs');

describe('docs/tailrace.schema.json', () => {
  it('is what `node tools/generate.ts` writes', () => {
    const committed = readFileSync(join(docs, 'tailrace.schema.json'), 'utf8');
    expect(committed).toBe(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
  });

  it('asks only for what has no default, and knows every section', () => {
    const schema = configJsonSchema();
    expect(schema['required']).toEqual(['services', 'routes', 'engines']);
    expect(schema.additionalProperties).toBe(false);
    expect(Object.keys(schema.properties ?? {})).toEqual(validKeys([]));
  });

  it('lets ${...} stand for a number, and a plain text stay a text', () => {
    const server = configJsonSchema().properties?.['server']?.properties;
    expect(server?.['port']?.anyOf).toEqual([
      { type: 'integer', minimum: 0, maximum: 65_535 },
      { type: 'string', pattern: '\\$\\{' },
    ]);
    expect(server?.['host']).toEqual({ type: 'string', default: '127.0.0.1' });
  });
});

describe('validKeys', () => {
  it('follows lists and all forms of a union', () => {
    expect(validKeys(['services', 3, 'slo', 'ttftMs'])).toEqual(['p95', 'p99']);
    expect(validKeys(['engines', 0, 'cost'])).toContain('usdPerAcceleratorHour');
    expect(validKeys(['engines', 0, 'cost'])).toContain('provider');
    expect(validKeys(['engines', 0, 'headers'])).toEqual([]);
    expect(validKeys(['nowhere', 'at', 'all'])).toEqual([]);
  });
});

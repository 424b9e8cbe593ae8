import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type LoadedConfig, parseConfig } from './load.ts';
import { validKeys } from './schema-lookup.ts';

const text = readFileSync(
  join(import.meta.dirname, '..', '..', 'docs', 'configuration.md'),
  'utf8',
);
const examples = [...text.matchAll(/```yaml\n([^]*?)```/g)].map((match) => match[1] ?? '');

function parse(example: string): LoadedConfig {
  const parsed = parseConfig(example, {
    file: 'docs/configuration.md',
    env: { OPENAI_API_KEY: 'sk-test' },
    readFile: () => 'sk-ant-test\n',
  });
  if (!parsed.ok) throw parsed.error;
  return parsed.value;
}

describe('docs/configuration.md', () => {
  it('has examples that load without a warning', () => {
    expect(examples).toHaveLength(2);
    for (const example of examples) expect(parse(example).warnings).toEqual([]);
  });

  it('names the schema to editors and shows every section', () => {
    const [full = ''] = examples;
    expect(full.split('\n', 1)[0]).toBe('# yaml-language-server: $schema=./tailrace.schema.json');
    const shown = [...full.matchAll(/^(\w+):/gm)].map((match) => match[1]);
    expect(new Set(shown)).toEqual(new Set(validKeys([])));
  });
});

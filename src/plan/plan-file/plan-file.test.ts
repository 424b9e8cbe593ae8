import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePlan } from './parse-plan.ts';
import { planJsonSchema } from './plan-json-schema.ts';

/**
 * `x.good.yaml` must parse; `x.bad.yaml` must be refused with the text of `x.bad.txt`. Write expected text
 * anew with UPDATE_GOLDEN=1 and read the difference.
 */
const folder = join(import.meta.dirname, 'testdata');
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

describe('plan files', () => {
  it.each(files.filter((name) => name.endsWith('.good.yaml')))('%s', (file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const plan = parsePlan({ file, text, overrides: [] });
    expect(plan.ok ? '' : plan.error.message).toBe('');
  });

  it.each(files.filter((name) => name.endsWith('.bad.yaml')))('%s', (file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const plan = parsePlan({ file, text, overrides: [] });
    if (plan.ok) throw new Error(`${file} is not refused`);
    expect(plan.error.code).toBe('TR_PLAN_INVALID');
    const path = join(folder, file.replace(/\.yaml$/, '.txt'));
    const actual = `${plan.error.message}\n`;
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, actual);
    expect(actual).toBe(readFileSync(path, 'utf8'));
  });

  it('names the option that a bad value was given as', () => {
    const overrides = [
      { path: ['workload', 'model'], value: 'llama-3.1-8b', from: '--model' },
      { path: ['workload', 'requestsPerS'], value: -1, from: '--rate' },
    ];
    const plan = parsePlan({ file: 'plan.yaml', text: '', overrides });
    const message = '--rate: workload.requestsPerS: must be more than 0';
    expect(plan.ok ? null : plan.error).toMatchObject({ message, field: 'workload.requestsPerS' });
  });

  it('lets what is given beside the file win', () => {
    const text = 'workload: { model: llama-3.1-8b, requestsPerS: 3 }';
    const overrides = [{ path: ['workload', 'requestsPerS'], value: 7, from: '--rate' }];
    const plan = parsePlan({ file: 'plan.yaml', text, overrides });
    expect(plan.ok ? plan.value.workload?.requestsPerS : null).toBe(7);
  });
});

describe('docs/plan.schema.json', () => {
  it('is what `node tools/generate.ts` writes', () => {
    const docs = join(import.meta.dirname, '..', '..', '..', 'docs', 'plan.schema.json');
    expect(readFileSync(docs, 'utf8')).toBe(`${JSON.stringify(planJsonSchema(), null, 2)}\n`);
  });
});

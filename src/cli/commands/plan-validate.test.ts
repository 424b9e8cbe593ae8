import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../records/clock.ts';
import { openTestCli, type TestCli } from '../test-cli.ts';
import { planValidate } from './plan-validate.ts';

const fixtures = join(import.meta.dirname, '../../../test/fixtures');

let cli: TestCli;
beforeAll(() => {
  cli = openTestCli(systemClock, [planValidate]);
  // The default folder is relative to where the command runs.
  mkdirSync(join(cli.dir, 'test'));
  symlinkSync(fixtures, join(cli.dir, 'test/fixtures'));
});
afterAll(() => cli.close());

const validate = (...args: string[]) => cli.run('plan', 'validate', ...args);

describe('tailrace plan validate', () => {
  it('runs the examples of its help as shown', async () => {
    for (const example of planValidate.examples) {
      const { code, out, err } = await cli.run(...example.split(' ').slice(1));
      expect(err).toBe('');
      expect(code).toBe(0);
      expect(out).toContain('RTX4090/Llama-3.1-8B');
    }
  });

  it('prints a table with error and bound, and a verdict', async () => {
    const { out } = await validate('--only', 'llmservingsim');
    expect(out).toMatch(/^set +run +metric +stat +measured +predicted +error +limit$/m);
    expect(out).toMatch(/ttftMs +p99 +137356 +\d+ +0\.\d\d % +1\.5 % +ok$/m);
    expect(out).toMatch(/^pass: 15 bounds kept, 15 figures$/m);
  });

  it('prints the documented members as JSON', async () => {
    const { out } = await validate('--only', 'llmservingsim', '--json');
    const result: { pass: boolean; rows: object[] } = JSON.parse(out);
    expect(result.pass).toBe(true);
    expect(result.rows).toHaveLength(15);
    const members = [
      'set',
      'run',
      'metric',
      'stat',
      'measured',
      'predicted',
      'errorPct',
      'limitPct',
    ];
    for (const row of result.rows) {
      expect(Object.keys(row).toSorted()).toEqual([...members, 'pass'].toSorted());
    }
  });

  it('names the option that is wrong, and the way out', async () => {
    const set = await validate('--only', 'nothing');
    expect(set.code).toBe(2);
    expect(set.err).toContain('--only takes llmservingsim');
    const folder = await validate('--data', 'nowhere');
    expect(folder.code).toBe(1);
    expect(folder.err).toMatch(/nowhere: there is no such folder: give --data/);
    mkdirSync(join(cli.dir, 'empty'));
    const empty = await validate('--data', 'empty');
    expect(empty.err).toMatch(/empty: holds no folder .* give --data/);
  });
});

import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../records/clock.ts';
import { openTestCli, type TestCli } from '../test-cli.ts';

const FIXTURES = join(import.meta.dirname, '../../../test/fixtures');
let cli: TestCli;

beforeEach(() => {
  cli = openTestCli(systemClock);
  const trace = join(FIXTURES, 'traces-kineto/h100-image-classifier.json.gz');
  copyFileSync(trace, join(cli.dir, 'trace.json.gz'));
});

afterEach(() => cli.close());

describe('tailrace analyze', () => {
  it('prints the verdict first, then tables', async () => {
    const { code, out, err } = await cli.run('analyze', 'trace.json.gz');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^rank 0: median step 7\.9 ms; largest loss: host, 84\.5 % of step time\n/);
    expect(out).toContain('\nrank 0: kernels that take most\n  share');
  });

  it('prints one object for one job, and a list for several', async () => {
    const one = await cli.run('analyze', 'trace.json.gz', '--json');
    expect(JSON.parse(one.out)).toMatchObject({
      kind: 'kineto',
      views: { exact: {}, hta: {}, tbPlugin: { 0: {} }, traceLens: {} },
    });
    const steps = join(FIXTURES, 'straggler-what-if/trace-ST.parquet');
    const two = await cli.run('analyze', 'trace.json.gz', steps, '--json');
    expect(JSON.parse(two.out)).toMatchObject({
      analyses: [{ kind: 'kineto' }, { kind: 'straggler' }],
    });
  });

  it('refuses what it cannot read with a code, and no file at all as wrong usage', async () => {
    writeFileSync(join(cli.dir, 'notes.txt'), 'hello');
    const unknown = await cli.run('analyze', 'notes.txt');
    expect(unknown.code).toBe(1);
    expect(unknown.err).toMatch(/TR_FILE_UNKNOWN: notes\.txt is none of the kinds/);
    const missing = await cli.run('analyze', 'gone.json');
    expect(missing.err).toMatch(/TR_FILE_UNREADABLE: gone\.json: cannot be read: ENOENT/);
    expect((await cli.run('analyze')).code).toBe(2);
  });
});

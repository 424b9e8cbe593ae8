import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordedReplay } from '../../plan/cluster-replay/queue/replay-recorded.ts';
import type { FillReplay } from '../../plan/cluster-replay/replay-fill.ts';
import { systemClock } from '../../records/clock.ts';
import { openTestCli, type TestCli } from '../test-cli.ts';
import { clusterReplay } from './cluster-replay.ts';

const FIXTURES = fileURLToPath(new URL('../../../test/fixtures/openb/', import.meta.url));

let cli: TestCli;

beforeAll(() => {
  cli = openTestCli(systemClock, [clusterReplay]);
  for (const name of ['nodes.csv', 'pods.csv'])
    copyFileSync(join(FIXTURES, name), join(cli.dir, name));
});

afterAll(() => cli.close());

const replay = (...args: string[]): ReturnType<TestCli['run']> =>
  cli.run('cluster', 'replay', '--nodes', 'nodes.csv', '--pods', 'pods.csv', ...args);

describe('tailrace cluster replay', () => {
  it('fills the cluster and advises, on one screen', async () => {
    const { code, out, err } = await replay(
      '--policy',
      'random,06-FGD',
      '--seeds',
      '3',
      '--price',
      '2',
    );
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toMatch(/^102 nodes, \d+ cards; 680 pods, shuffled, never leaving, 3 seeds/);
    expect(out).toMatch(/^fgd +130 % +\d+\.\d\d \+- \d+\.\d\d %/m);
    expect(out).toMatch(/Use fgd: .* a year at the price given/);
  });

  it('gives every point as JSON, the same bytes for the same seeds', async () => {
    const first = await replay('--policy', 'best-fit', '--seeds', '2', '--json');
    expect(first).toEqual(await replay('--policy', 'best-fit', '--seeds', '2', '--json'));
    const { points, advice, policies } = JSON.parse(first.out) as FillReplay;
    expect(policies).toEqual(['best-fit']);
    expect(advice).toBeNull();
    expect(points.map(({ arrivedPct }) => arrivedPct)).toContain(80);
  });

  it('replays recorded arrivals once a policy of the line is named', async () => {
    const args = ['--policy', 'fifo,shortest-job', '--load', '20000', '--seeds', '2'];
    const { code, out } = await replay(...args);
    expect(code).toBe(0);
    expect(out).toContain('82 pods without times are left out');
    expect(out).toContain('who waits under fifo:');
    expect(out).toMatch(/For shorter waits: shortest-job, .* less p95 wait than fifo/);
    const { rows } = JSON.parse((await replay(...args, '--json')).out) as RecordedReplay;
    expect(rows.map(({ policy }) => policy)).toEqual(['fifo', 'shortest-job']);
  });

  it.each([
    [['--policy', 'fgdd'], 'has no "fgdd"; give "fgd"'],
    [['--policy', 'fifo', '--arrivals', 'shuffled'], '"fifo" orders a line'],
    [['--arrivals', 'sorted'], 'takes shuffled or recorded'],
    [['--seeds', '0'], '--seeds takes a whole number'],
  ])('refuses %j as wrong usage', async (args, message) => {
    const { code, out, err } = await replay(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });

  it('asks the Slurm of this machine, and says when there is none', async () => {
    const bin = join(cli.dir, 'bin');
    cli.env['PATH'] = bin;
    const none = await cli.run('cluster', 'replay', '--slurm', '30d');
    expect([none.code, none.err]).toEqual([1, expect.stringContaining('sinfo did not run')]);
    mkdirSync(bin);
    const fake = (name: string, text: string): void => {
      const script = `#!${process.execPath}\nprocess.stdout.write(${JSON.stringify(text)});\n`;
      writeFileSync(join(bin, name), script, { mode: 0o755 });
    };
    fake(
      'sinfo',
      'NODELIST|CPUS|MEMORY|GRES\ng1|96|1031000|gpu:a100:8\ng2|96|2031000|gpu:h100:8\ng3|96|2031000|gpu:h100:8\n',
    );
    fake('sacct', readFileSync(join(FIXTURES, 'sacct.txt'), 'utf8'));
    const args = ['--slurm', '2026-01-31T00:00Z', '--policy', 'fifo', '--seeds', '1', '--json'];
    const { code, out, err } = await cli.run('cluster', 'replay', ...args);
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toMatchObject({ nodes: 3, gpus: 24, jobs: 3, withoutTimes: 1 });
  });

  it('names file, line and field of a bad row, and a file that is not there', async () => {
    writeFileSync(join(cli.dir, 'bad.csv'), 'sn,cpu_milli,gpu\na,many,1\n');
    const bad = await cli.run('cluster', 'replay', '--nodes', 'bad.csv', '--pods', 'pods.csv');
    expect(bad.code).toBe(1);
    expect(bad.err).toContain('error TR_TRACE_INVALID: bad.csv: line 2: cpu_milli: "many"');
    const none = await cli.run('cluster', 'replay', '--nodes', 'none.csv', '--pods', 'pods.csv');
    expect(none.code).toBe(1);
    expect(none.err).toContain('none.csv: cannot be read');
    expect((await cli.run('cluster', 'replay')).code).toBe(2);
  });
});

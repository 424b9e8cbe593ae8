import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  startKubeServer,
  type KubeTestServer,
} from '../../measure/sources/schedulers/kube-test-server.ts';
import type { ClusterCheck } from '../../plan/cluster-replay/live/find-waste.ts';
import { systemClock } from '../../records/clock.ts';
import { openTestCli, type TestCli } from '../test-cli.ts';
import { clusterCheck } from './cluster-check.ts';

let server: KubeTestServer;
let cli: TestCli;

beforeAll(async () => {
  server = await startKubeServer({ token: 'abc' });
  cli = openTestCli(systemClock, [clusterCheck]);
  const config = (token: string): string =>
    JSON.stringify({
      'current-context': 'one',
      contexts: [{ name: 'one', context: { cluster: 'c', user: 'u' } }],
      clusters: [{ name: 'c', cluster: { server: server.url } }],
      users: [{ name: 'u', user: { token } }],
    });
  writeFileSync(join(cli.dir, 'config'), config('abc'));
  writeFileSync(join(cli.dir, 'wrong'), config('wrong'));
});

afterAll(async () => {
  cli.close();
  await server.close();
});

const check = (...args: string[]): ReturnType<TestCli['run']> =>
  cli.run('cluster', 'check', ...args);

describe('tailrace cluster check', () => {
  it('reads with a kubeconfig file and says what it found and what it cannot see', async () => {
    const { code, out, err } = await check('--kubeconfig', 'config', '--price', '2');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('5 nodes, 19.86 cards');
    expect(out).toContain('blocking-quota  queue research  2 cards, $4.00 an hour');
    expect(out).toContain('unknown: activity of accelerators: give --dcgm');
  });

  it('gives JSON, and writes manifests to read first', async () => {
    const { code, out, err } = await check(
      '--kubeconfig',
      'config',
      '--json',
      '--manifests',
      'q.yaml',
    );
    expect(code).toBe(0);
    expect((JSON.parse(out) as ClusterCheck).findings.length).toBeGreaterThan(3);
    expect(err).toContain('wrote q.yaml: read it before you apply it');
    expect(readFileSync(join(cli.dir, 'q.yaml'), 'utf8')).toContain('kind: ClusterQueue');
  });

  it('names what is at fault, never the token', async () => {
    const wrong = await check('--kubeconfig', 'wrong');
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain(
      'error TR_CLUSTER_ACCESS: /api/v1/nodes is refused (401: Unauthorized)',
    );
    const none = await check('--kubeconfig', 'none');
    expect(none.err).toContain('none: cannot be read; give --kubeconfig a file');
    const context = await check('--kubeconfig', 'config', '--context', 'two');
    expect(context.err).toContain('there is no context "two"; give --context one of: one');
    expect(wrong.err + none.err + context.err).not.toMatch(/Bearer|abc/);
  });
});

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { whyReport } from '../../src/measure/bottleneck/why-report.ts';
import {
  startKubeServer,
  type KubeTestServer,
} from '../../src/measure/sources/schedulers/kube-test-server.ts';
import { eventually, startTailrace, type RunningTailrace } from './running-tailrace.ts';

/** An instance that watches a server which replays a real cluster, and one that refuses it. */
const TOKEN = 'a-token-of-the-cluster';
let tailrace: RunningTailrace;
let cluster: KubeTestServer;
let other: KubeTestServer;

beforeAll(async () => {
  cluster = await startKubeServer({ recorded: true, asOfNow: true, token: TOKEN });
  other = await startKubeServer({ recorded: true, failures: { '/api/v1/pods': 403 } });
  const home = mkdtempSync(join(tmpdir(), 'tailrace-cluster-'));
  const file = join(home, 'tailrace.yaml');
  writeFileSync(file, configText(other.url));
  tailrace = await startTailrace({ home, args: ['--config', file, '--workers', '1'] });
}, 60_000);

afterAll(async () => {
  await tailrace?.stop();
  tailrace?.remove();
  await cluster?.close();
  await other?.close();
});

const configText = (refusing: string): string => `
services: [{ name: chat, owner: o, models: [llama-3.1-8b], route: r }]
routes: [{ name: r, engines: [{ engine: sim }] }]
engines:
  - name: sim
    hardware: { accelerator: h100-sxm, model: llama-3.1-8b }
    cost: { basis: rented, usdPerAcceleratorHour: 2.95 }
    simulated: { seed: 7 }
clusters:
  - name: prod
    kind: kubernetes
    server: ${cluster.url}
    token: ${TOKEN}
    intervalMs: 5000
    cost: { basis: rented, usdPerAcceleratorHour: 2.50 }
  - { name: refused, kind: kubernetes, server: '${refusing}', intervalMs: 5000 }
`;

interface Reply {
  clusters: Array<{
    name: string;
    up: boolean;
    parts: Array<{ state: string; cards: number }>;
    steps: Array<{ knownMs: number; cards: Record<string, number> }>;
    waiters: Array<{ subject: string; cards: number }>;
    lastError: { code: string; message: string } | null;
  }>;
}

const readClusters = async (): Promise<Reply['clusters']> => {
  const reply = await tailrace.api('/api/v1/clusters?since=5m&steps=5');
  return ((await reply.json()) as Reply).clusters;
};

test('every card is told, who waits is named, and a missing right is said', async () => {
  const clusters = await eventually(async () => {
    const found = await readClusters();
    const isSeen = found[0]?.up === true && found[1]?.lastError != null;
    return isSeen ? found : null;
  });
  const [prod, refused] = clusters;
  expect(prod?.parts.reduce((sum, { cards }) => sum + cards, 0)).toBe(32);
  expect(prod?.waiters.map(({ subject, cards }) => [subject, cards])).toEqual([
    ['train/wide-0', 8],
    ['train/picky-0', 1],
  ]);
  expect(refused).toMatchObject({ up: false, lastError: { code: 'TR_CLUSTER_ACCESS' } });
  expect(refused?.lastError?.message).toContain('tailrace cluster rbac');
  const methods = [...cluster.requests, ...other.requests].map((line) => line.split(' ')[0]);
  expect(new Set(methods)).toEqual(new Set(['GET']));
});

test('why and cluster check read the live state, and the parts sum to all', async () => {
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const why = await tailrace.cli('why', 'prod', '--since', '5m', '--json');
  const report = whyReport.parse(JSON.parse(why.stdout));
  const [account] = report.accounts;
  expect(account?.leaves.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
  const share = (cause: string): number =>
    account?.leaves.find((leaf) => leaf.cause === cause)?.share ?? 0;
  // Of 26 cards that do not work fifteen are out, three load, one starts.
  expect(share('maintenance') / share('loading')).toBeCloseTo(15 / 3, 6);
  expect(share('loading') / share('starting')).toBeCloseTo(3, 6);
  expect(account?.usd).toBeCloseTo((account?.acceleratorHours ?? 0) * 2.5, 9);
  expect(report.findings[0]).toMatchObject({ cause: 'maintenance', subject: 'prod' });
  const steps = (await readClusters())[0]?.steps.filter(({ knownMs }) => knownMs > 0) ?? [];
  for (const { cards } of steps) {
    expect(Object.values(cards).reduce((sum, one) => sum + one, 0)).toBeCloseTo(32, 6);
  }
  const check = await tailrace.cli('cluster', 'check');
  expect(check.stdout).toContain('serve/chat-1: pulls its image');
  // The other cluster was never read: said, and the exit code tells it.
  expect(check.code).toBe(1);
  expect(check.stdout).toContain('refused (kubernetes), not read yet');
});

test('the token of a cluster is never shown', async () => {
  const shown = await tailrace.cli('check', 'tailrace.yaml');
  expect(shown.code).toBe(0);
  expect(shown.stdout).toContain("token: '***'".replaceAll("'", '"'));
  expect(shown.stdout + tailrace.output()).not.toContain(TOKEN);
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ClusterSnapshot } from '../../../measure/sources/schedulers/cluster-snapshot.ts';
import { createKubeClient } from '../../../measure/sources/schedulers/kube-client.ts';
import {
  startKubeServer,
  type KubeTestOptions,
} from '../../../measure/sources/schedulers/kube-test-server.ts';
import { readCluster } from '../../../measure/sources/schedulers/read-cluster.ts';
import { slurmSnapshot } from '../../../measure/sources/schedulers/slurm-snapshot.ts';
import { lookAtCluster } from './look-at-cluster.ts';

/** When the real server was recorded. */
const RECORDED_MS = Date.UTC(2026, 10, 28, 3, 6, 30);

async function read(options: KubeTestOptions, nowMs: number): Promise<ClusterSnapshot> {
  const server = await startKubeServer(options);
  const client = createKubeClient({
    server: server.url,
    caPem: null,
    skipTlsVerify: false,
    serverName: null,
    clientCertificatePem: null,
    clientKeyPem: null,
    token: async () => null,
    source: 'test',
  });
  const snapshot = await readCluster(client, 'test', nowMs);
  await client.close();
  await server.close();
  if (!snapshot.ok) throw snapshot.error;
  return snapshot.value;
}

const byState = (parts: ReturnType<typeof lookAtCluster>['parts']): Record<string, number> => {
  const sums: Record<string, number> = {};
  for (const { state, cards } of parts) sums[state] = (sums[state] ?? 0) + cards;
  return sums;
};

describe('every card of a cluster at one moment', () => {
  it('reads what an API server of Kubernetes 1.31 and its scheduler really said', async () => {
    const snapshot = await read({ recorded: true }, RECORDED_MS);
    const look = lookAtCluster(snapshot, new Map([['lab/notebook-ann-0', 0]]));
    expect(look.cards).toBe(32);
    const of = (subject: string) => look.parts.find((part) => part.subject === subject);
    expect(of('train/pretrain-0')).toMatchObject({ state: 'working', cards: 4 });
    expect(of('serve/chat-0')).toMatchObject({ state: 'loading', cards: 2 });
    expect(of('serve/chat-1')).toMatchObject({ state: 'loading', why: 'pulls its image' });
    expect(of('train/starting-0')).toMatchObject({ state: 'starting', why: 'ContainerCreating' });
    expect(of('train/broken-0')).toMatchObject({ state: 'failed', why: 'CrashLoopBackOff' });
    expect(of('lab/notebook-ann-0')).toMatchObject({ state: 'left-on', cards: 1 });
    // On a cordoned node work goes on; the rest of it, and the node that went silent, are out.
    expect(of('train/last-0')).toMatchObject({ state: 'working', node: 'gpu-3' });
    expect(of('node gpu-3')).toMatchObject({ state: 'maintenance', cards: 7, why: 'cordoned' });
    expect(of('node gpu-4')).toMatchObject({ state: 'maintenance', cards: 8 });
    // One pod wants a zone that no node has, one wants eight cards where four and two are free.
    expect(byState(look.parts)).toMatchObject({ 'queue-policy': 1, fragmentation: 5 });
    const said = look.parts.find(({ state }) => state === 'queue-policy')?.why;
    expect(said).toContain("didn't match Pod's node affinity/selector");
    expect(look.parts.reduce((sum, { cards }) => sum + cards, 0)).toBe(32);
  });

  it('reads MIG, shared cards and Kueue', async () => {
    const look = lookAtCluster(await read({}, Date.UTC(2026, 0, 31, 10)), null);
    expect(look.parts.reduce((sum, { cards }) => sum + cards, 0)).toBeCloseTo(look.cards, 9);
    const quota = look.parts.find(({ state }) => state === 'quota');
    expect(quota).toMatchObject({ confidence: 'high' });
    expect(quota?.why).toContain('queue research');
    // Activity is not known: no notebook is called idle.
    expect(byState(look.parts)['left-on']).toBeUndefined();
  });

  it('reads what sinfo and squeue of Slurm 22.05 really printed', () => {
    const text = (name: string): string =>
      readFileSync(
        new URL(`../../../../test/fixtures/slurm-real/${name}`, import.meta.url),
        'utf8',
      );
    const printed = { nodes: text('sinfo.txt'), jobs: text('squeue.txt') };
    const snapshot = slurmSnapshot(printed, { source: 'slurm', nowMs: RECORDED_MS });
    if (!snapshot.ok) throw snapshot.error;
    const look = lookAtCluster(snapshot.value, null);
    expect(byState(look.parts)).toEqual({ working: 4, maintenance: 4, fragmentation: 4 });
    const drained = look.parts.find(({ state }) => state === 'maintenance');
    expect(drained?.why).toBe('idle+drain: bad nvlink | see #12');
  });

  it('calls work on a silent node unknown, and refuses Slurm that it cannot read', async () => {
    const snapshot = await read({ recorded: true }, RECORDED_MS);
    const moved = snapshot.pods.map((pod) =>
      pod.name === 'pretrain-0' ? Object.assign(pod, { node: 'gpu-4' }) : pod,
    );
    const look = lookAtCluster({ ...snapshot, pods: moved }, null);
    expect(look.parts.find(({ subject }) => subject === 'train/pretrain-0')).toMatchObject({
      state: 'unexplained',
    });
    const bad = slurmSnapshot({ nodes: 'a|b\n', jobs: '' }, { source: 's', nowMs: 0 });
    expect(bad).toMatchObject({ ok: false, error: { code: 'TR_CLUSTER_DOWN' } });
  });
});

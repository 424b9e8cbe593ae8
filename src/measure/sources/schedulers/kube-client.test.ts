import { afterEach, describe, expect, it } from 'vitest';
import type { KubeAccess } from './kube-access.ts';
import { createKubeClient } from './kube-client.ts';
import {
  kubeFixture,
  startKubeServer,
  type KubeTestOptions,
  type KubeTestServer,
} from './kube-test-server.ts';
import { kubePod } from './kube-objects.ts';
import { readCluster } from './read-cluster.ts';

let server: KubeTestServer | null = null;

afterEach(async () => {
  await server?.close();
  server = null;
});

async function open(options: KubeTestOptions, more: Partial<KubeAccess> = {}) {
  server = await startKubeServer(options);
  return createKubeClient({
    server: server.url,
    caPem: null,
    skipTlsVerify: false,
    serverName: null,
    clientCertificatePem: null,
    clientKeyPem: null,
    token: async () => null,
    source: 'test',
    ...more,
  });
}

const NOW_MS = Date.UTC(2026, 0, 31, 10);

describe('reading a cluster', () => {
  it('takes in nodes, pods, quotas, use and queues, and only ever reads', async () => {
    const client = await open({ token: 's3cret' }, { token: async () => 's3cret' });
    const snapshot = await readCluster(client, 'test', NOW_MS);
    await client.close();
    if (!snapshot.ok) throw snapshot.error;
    const { nodes, pods, quotas, queues, waiting, use, kueueVersion } = snapshot.value;
    expect(
      nodes.map((node) => [node.name, node.usable, node.gpuModel, node.replicas, node.cpuMilli]),
    ).toEqual([
      ['gpu-a', true, 'NVIDIA-A100-SXM4-80GB', 1, 64_000],
      ['mig-b', true, 'NVIDIA-H100-80GB-HBM3', 1, 31_850],
      ['shared-c', true, 'Tesla-T4-SHARED', 4, 16_000],
      ['cpu-d', true, null, 1, 32_000],
      ['gone-e', false, null, 1, 64_000],
    ]);
    expect(nodes[1]?.devices).toEqual({
      'nvidia.com/gpu': 0,
      'nvidia.com/mig-1g.10gb': 7,
      'nvidia.com/mig-3g.40gb': 2,
    });
    expect(pods.map(({ name }) => name)).not.toContain('done-0');
    const trainer = pods.find(({ name }) => name === 'trainer-0');
    expect(trainer).toMatchObject({
      // The init container asks for more CPU than the container after it.
      cpuMilli: 50_000,
      memoryMib: 131_072,
      devices: { 'nvidia.com/gpu': 4 },
      startedAtMs: Date.UTC(2026, 0, 31, 4),
    });
    const notebook = pods.find(({ name }) => name === 'notebook-ann-0');
    expect(notebook?.devices).toEqual({ 'nvidia.com/gpu': 1 });
    expect(pods.find(({ name }) => name === 'wait-0')?.unschedulable).toContain('Insufficient');
    expect(quotas).toEqual([
      { namespace: 'serving', name: 'gpus', resource: 'nvidia.com/gpu', hard: 3, used: 3 },
    ]);
    expect(use?.find(({ name }) => name === 'notebook-ann-0')?.cpuMilli).toBeCloseTo(3.412345, 6);
    expect(kueueVersion).toBe('v1beta1');
    expect(
      queues.map(({ queue, cohort, nominal, borrowingLimit, used }) => [
        queue,
        cohort,
        nominal,
        borrowingLimit,
        used,
      ]),
    ).toEqual([
      ['research', null, 4, null, 4],
      ['serving', 'shared', 4, null, 1],
      ['batch', 'shared', 2, 0, 2],
    ]);
    expect(waiting.map(({ name, queue, devices }) => [name, queue, devices])).toEqual([
      ['job-next', 'research', { 'nvidia.com/gpu': 2 }],
      ['job-gang', 'batch', { 'nvidia.com/gpu': 2 }],
    ]);
    expect(new Set(server?.requests.map((line) => line.split(' ')[0]))).toEqual(new Set(['GET']));
  });

  it('goes on page by page', async () => {
    const client = await open({ pageObjects: 2 });
    const pods = await client.list('/api/v1/pods', kubePod);
    await client.close();
    expect(pods.ok && pods.value?.length).toBe(7);
    expect(server?.requests.length).toBe(4);
  });

  it('does without metrics, quotas and Kueue', async () => {
    const client = await open({
      failures: {
        '/apis/metrics.k8s.io/v1beta1/pods': 404,
        '/api/v1/resourcequotas': 403,
        '/apis/kueue.x-k8s.io': 404,
      },
    });
    const snapshot = await readCluster(client, 'test', NOW_MS);
    await client.close();
    if (!snapshot.ok) throw snapshot.error;
    expect(snapshot.value).toMatchObject({ quotas: [], use: null, kueueVersion: null, queues: [] });
    expect(snapshot.value.pods).toHaveLength(6);
  });

  it.each([
    [
      { token: 'right' },
      'TR_CLUSTER_ACCESS',
      '/api/v1/nodes is refused (401: Unauthorized); check test',
    ],
    [{ failures: { '/api/v1/pods': 403 } }, 'TR_CLUSTER_ACCESS', 'give it the right to list'],
    [{ failures: { '/api/v1/pods': 500 } }, 'TR_CLUSTER_DOWN', '/api/v1/pods answers 500'],
    [{ failures: { '/api/v1/nodes': 410 } }, 'TR_CLUSTER_DOWN', '/api/v1/nodes answers 410'],
  ] satisfies Array<[KubeTestOptions, string, string]>)(
    'says why not: %j',
    async (options, code, message) => {
      const client = await open(options, { token: async () => 'wrong' });
      const snapshot = await readCluster(client, 'test', NOW_MS);
      await client.close();
      expect(snapshot).toMatchObject({ ok: false, error: { code } });
      expect(snapshot.ok ? '' : snapshot.error.message).toContain(message);
      expect(snapshot.ok ? '' : snapshot.error.message).not.toContain('wrong');
    },
  );

  it('asks a busy server again, twice at most', async () => {
    const client = await open({ failures: { '/api/v1/pods': 429 }, retryAfterS: 0.01 });
    const listed = await client.list('/api/v1/pods', kubePod);
    await client.close();
    expect(server?.requests.length).toBe(3);
    expect(listed).toMatchObject({ ok: false, error: { code: 'TR_CLUSTER_DOWN' } });
  });

  it('begins a list that expired again, twice at most', async () => {
    const client = await open({ failures: { '/api/v1/pods': 410 } });
    await client.list('/api/v1/pods', kubePod);
    await client.close();
    expect(server?.requests.length).toBe(3);
  });

  it('speaks TLS with its own authority and a client certificate, and trusts no other', async () => {
    const pem = {
      caPem: kubeFixture('tls/ca.pem'),
      clientCertificatePem: kubeFixture('tls/client.pem'),
      clientKeyPem: kubeFixture('tls/client.key'),
    };
    const trusted = await open({ tls: true }, pem);
    expect((await trusted.list('/api/v1/pods', kubePod)).ok).toBe(true);
    await trusted.close();
    const { url } = server ?? { url: '' };
    const noClientCertificate = { clientCertificatePem: null, clientKeyPem: null };
    for (const changed of [{ caPem: null }, noClientCertificate]) {
      const client = createKubeClient({
        server: url,
        skipTlsVerify: false,
        serverName: null,
        token: async () => null,
        source: 'test',
        ...pem,
        ...changed,
      });
      expect(await client.list('/api/v1/pods', kubePod)).toMatchObject({
        ok: false,
        error: { code: 'TR_CLUSTER_DOWN' },
      });
      await client.close();
    }
  });
});

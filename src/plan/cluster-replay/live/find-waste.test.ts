import { beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { parseExposition } from '../../../measure/sources/exposition/parse-exposition.ts';
import type { ClusterSnapshot } from '../../../measure/sources/schedulers/cluster-snapshot.ts';
import { createKubeClient } from '../../../measure/sources/schedulers/kube-client.ts';
import {
  kubeFixture,
  startKubeServer,
} from '../../../measure/sources/schedulers/kube-test-server.ts';
import { readCluster } from '../../../measure/sources/schedulers/read-cluster.ts';
import { findWaste } from './find-waste.ts';
import type { GpuActivity } from './finding.ts';
import { gpuActivity } from './gpu-activity.ts';
import { clusterManifests } from './manifests.ts';

let snapshot: ClusterSnapshot;
let activity: GpuActivity;

beforeAll(async () => {
  const server = await startKubeServer();
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
  const read = await readCluster(client, 'test', Date.UTC(2026, 0, 31, 10));
  await client.close();
  await server.close();
  if (!read.ok) throw read.error;
  snapshot = read.value;
  const page = parseExposition(Buffer.from(kubeFixture('dcgm.prom')), 'text/plain; version=0.0.4');
  if (!page.ok) throw page.error;
  activity = gpuActivity(page.value.samples);
});

describe('waste of a live cluster', () => {
  it('names each kind with its cards and money, most cards first', () => {
    const check = findWaste(snapshot, activity, 2);
    expect(check).toMatchObject({ nodes: 5, waiting: 3, unknown: [] });
    // 8 + 8 whole cards, 7 + 2 x 3 sevenths of MIG, 8 quarters by MPS.
    expect(check.gpus).toBeCloseTo(16 + 13 / 7 + 2, 9);
    expect(check.allocatedGpus).toBeCloseTo(1 + 4 + 1 + 1 / 7 + 2 / 4, 9);
    const found = check.findings.map(({ rule, subject, gpus }) => [
      rule,
      subject,
      Number(gpus?.toFixed(3)),
    ]);
    expect(found).toEqual([
      ['oversized-request', 'research/trainer-0', 2],
      ['blocking-quota', 'queue research', 2],
      ['blocking-quota', 'queue batch', 2],
      ['idle-notebook', 'research/notebook-ann-0', 1],
      ['unused-slices', 'node mig-b', 0.857],
      ['unused-slices', 'node mig-b', 0.857],
      ['oversized-request', 'serving/embed-6c9', 0.857],
      ['blocking-quota', 'serving/gpus', Number.NaN],
    ]);
    expect(check.findings.at(0)?.usdPerHour).toBe(4);
    expect(check.findings.at(-1)?.usdPerHour).toBeNull();
  });

  it('says what it does not know instead of accusing', () => {
    const blind = { ...snapshot, use: null, kueueVersion: null, queues: [], waiting: [] };
    const check = findWaste(blind, null, null);
    expect(check.findings.map(({ rule }) => rule)).not.toContain('idle-notebook');
    expect(check.findings.map(({ rule }) => rule)).not.toContain('oversized-request');
    expect(check.unknown).toHaveLength(3);
    expect(check.findings.every(({ usdPerHour }) => usdPerHour === null)).toBe(true);
  });

  it('finds nothing in a queue that may still take what it wants', () => {
    const queues = snapshot.queues.map((one) => ({ ...one, cohort: 'all', borrowingLimit: null }));
    const subjects = findWaste({ ...snapshot, queues }, activity, null).findings;
    expect(subjects.map(({ subject }) => subject)).not.toContain('queue batch');
  });
});

describe('manifests', () => {
  it('are priorities and a queue for each namespace; quotas sum to what there is', () => {
    const documents = parseAllDocuments(clusterManifests(snapshot)).map(
      (document) => document.toJS() as Record<string, unknown>,
    );
    const kinds = documents.map(({ kind }) => kind).join(' ');
    expect(kinds).toBe(
      'PriorityClass PriorityClass PriorityClass ResourceFlavor ClusterQueue ' +
        'ClusterQueue LocalQueue ClusterQueue LocalQueue',
    );
    const text = clusterManifests(snapshot);
    const quotas = [...text.matchAll(/name: nvidia\.com\/gpu\n\s+nominalQuota: "(\d+)"/g)];
    expect(quotas.reduce((sum, [, quota]) => sum + Number(quota), 0)).toBe(24);
    expect(text).toContain('kueue.x-k8s.io/v1beta1');
    expect(text).toContain('cohort: tailrace');
  });

  it('write the API that the cluster prefers', () => {
    const text = clusterManifests({ ...snapshot, kueueVersion: 'v1beta2' });
    expect(text).toContain('apiVersion: kueue.x-k8s.io/v1beta2');
    expect(text).toContain('cohortName: tailrace');
  });
});

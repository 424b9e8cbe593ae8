import { z } from 'zod';
import { ok, type Result } from '../../../records/errors.ts';
import type { ClusterSnapshot } from './cluster-snapshot.ts';
import type { KubeClient } from './kube-client.ts';
import {
  kubeNode,
  kubePod,
  kubePodMetrics,
  kubeResourceQuota,
  kueueClusterQueue,
  kueueLocalQueue,
  kueueWorkload,
} from './kube-objects.ts';
import { toNode, toPod, toPodUse, toQuotas } from './from-core-objects.ts';
import { toQueueQuotas, toWaiting } from './from-kueue-objects.ts';

const KUEUE = '/apis/kueue.x-k8s.io';
const apiGroup = z.object({ preferredVersion: z.object({ version: z.string() }) });

/**
 * Reads what planning needs: nodes, pods, quotas, use, and Kueue's queues and waiting workloads
 * where it is installed. Nodes and pods must be readable; what else is missing or refused is left
 * empty (use: null). TR_CLUSTER_ACCESS, TR_CLUSTER_DOWN.
 */
export async function readCluster(
  client: KubeClient,
  source: string,
  nowMs: number,
): Promise<Result<ClusterSnapshot>> {
  const nodes = await client.list('/api/v1/nodes', kubeNode);
  if (!nodes.ok) return nodes;
  const pods = await client.list('/api/v1/pods', kubePod);
  if (!pods.ok) return pods;
  const quotas = await client.list('/api/v1/resourcequotas', kubeResourceQuota);
  const use = await client.list('/apis/metrics.k8s.io/v1beta1/pods', kubePodMetrics);
  const group = await client.get(KUEUE, apiGroup);
  const kueueVersion = group.ok ? (group.value?.preferredVersion.version ?? null) : null;
  const kueue = kueueVersion === null ? NO_KUEUE : await readKueue(client, kueueVersion);
  return ok({
    source,
    takenAtMs: nowMs,
    nodes: (nodes.value ?? []).map(toNode),
    pods: (pods.value ?? []).flatMap((pod) => toPod(pod) ?? []),
    quotas: quotas.ok ? (quotas.value ?? []).flatMap(toQuotas) : [],
    use: use.ok && use.value !== null ? use.value.map(toPodUse) : null,
    kueueVersion,
    ...kueue,
  });
}

type KueueParts = Pick<ClusterSnapshot, 'queues' | 'waiting'>;

const NO_KUEUE: KueueParts = { queues: [], waiting: [] };

async function readKueue(client: KubeClient, version: string): Promise<KueueParts> {
  const base = `${KUEUE}/${version}`;
  const queues = await client.list(`${base}/clusterqueues`, kueueClusterQueue);
  const local = await client.list(`${base}/localqueues`, kueueLocalQueue);
  const workloads = await client.list(`${base}/workloads`, kueueWorkload);
  return {
    queues: queues.ok ? (queues.value ?? []).flatMap(toQueueQuotas) : [],
    waiting: workloads.ok
      ? toWaiting(workloads.value ?? [], local.ok ? (local.value ?? []) : [])
      : [],
  };
}

import { z } from 'zod';
import { ok, type Result } from '../../../records/errors.ts';
import type { ClusterSnapshot, SnapshotGap } from './cluster-snapshot.ts';
import type { KubeClient } from './kube-client.ts';
import {
  kubeEvent,
  kubeNode,
  kubePod,
  kubePodMetrics,
  kubeResourceQuota,
  kueueClusterQueue,
  kueueLocalQueue,
  kueueWorkload,
} from './kube-objects.ts';
import { toNode, toPod, toPodUse, toQuotas } from './from-core-objects.ts';
import { pullingPods } from './pulling-pods.ts';
import { toQueueQuotas, toWaiting } from './from-kueue-objects.ts';

const KUEUE = '/apis/kueue.x-k8s.io';
const apiGroup = z.object({ preferredVersion: z.object({ version: z.string() }) });

/**
 * Reads what planning and the account need: nodes, pods, quotas, use, images on their way, and Kueue's
 * queues and waiting workloads where it is installed. Nodes and pods must be readable; what else is
 * missing or refused is left empty (use: null) and named in `gaps`. TR_CLUSTER_ACCESS, TR_CLUSTER_DOWN.
 */
export async function readCluster(
  client: KubeClient,
  source: string,
  nowMs: number,
): Promise<Result<ClusterSnapshot>> {
  const gaps: SnapshotGap[] = [];
  const list: ListPart = async (part, path, item) => {
    const listed = await client.list(path, item);
    if (!listed.ok) gaps.push({ part, reason: listed.error.message });
    return listed.ok ? listed.value : null;
  };
  const nodes = await client.list('/api/v1/nodes', kubeNode);
  if (!nodes.ok) return nodes;
  const pods = await client.list('/api/v1/pods', kubePod);
  if (!pods.ok) return pods;
  const quotas = await list('namespace quotas', '/api/v1/resourcequotas', kubeResourceQuota);
  const use = await list('use', '/apis/metrics.k8s.io/v1beta1/pods', kubePodMetrics);
  const [started, ended] = [
    await list('image pulls', eventsOf('Pulling'), kubeEvent),
    await list('image pulls', eventsOf('Pulled'), kubeEvent),
  ];
  const pulling = pullingPods(started ?? [], ended ?? [], nowMs);
  const group = await client.get(KUEUE, apiGroup);
  if (!group.ok) gaps.push({ part: 'Kueue', reason: group.error.message });
  const kueueVersion = group.ok ? (group.value?.preferredVersion.version ?? null) : null;
  const kueue = kueueVersion === null ? NO_KUEUE : await readKueue(list, kueueVersion);
  return ok({
    scheduler: 'kubernetes',
    source,
    takenAtMs: nowMs,
    nodes: (nodes.value ?? []).map(toNode),
    pods: (pods.value ?? []).flatMap((pod) => toPod(pod, pulling) ?? []),
    quotas: (quotas ?? []).flatMap(toQuotas),
    use: use?.map(toPodUse) ?? null,
    kueueVersion,
    gaps: gaps.filter(({ part }, i) => gaps.findIndex((one) => one.part === part) === i),
    ...kueue,
  });
}

type ListPart = <T extends z.ZodType>(
  part: string,
  path: string,
  item: T,
) => Promise<Array<z.infer<T>> | null>;

const eventsOf = (reason: string): string =>
  `/api/v1/events?fieldSelector=${encodeURIComponent(`reason=${reason}`)}`;

type KueueParts = Pick<ClusterSnapshot, 'queues' | 'waiting'>;

const NO_KUEUE: KueueParts = { queues: [], waiting: [] };

async function readKueue(list: ListPart, version: string): Promise<KueueParts> {
  const base = `${KUEUE}/${version}`;
  const queues = await list('Kueue queues', `${base}/clusterqueues`, kueueClusterQueue);
  const local = await list('Kueue local queues', `${base}/localqueues`, kueueLocalQueue);
  const workloads = await list('Kueue workloads', `${base}/workloads`, kueueWorkload);
  return {
    queues: (queues ?? []).flatMap(toQueueQuotas),
    waiting: toWaiting(workloads ?? [], local ?? []),
  };
}

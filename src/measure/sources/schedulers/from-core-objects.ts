import { isAccelerator } from './accelerator-resource.ts';
import type {
  Devices,
  NamespaceQuota,
  PodUse,
  SnapshotNode,
  SnapshotPod,
} from './cluster-snapshot.ts';
import type { KubeNode, KubePod, KubePodMetrics, KubeResourceQuota } from './kube-objects.ts';
import { podStage } from './pod-stage.ts';
import { parseQuantity } from './quantity.ts';

type Quantities = Readonly<Record<string, string | number>>;

const MIB = 1_048_576;

/** Label by which NVIDIA's feature discovery names the card, AMD's labeller, and GKE's. */
const MODEL_LABELS = [
  'nvidia.com/gpu.product',
  'amd.com/gpu.product-name',
  'cloud.google.com/gke-accelerator',
];

export function toNode({ metadata, spec, status }: KubeNode): SnapshotNode {
  const labels = metadata.labels ?? {};
  const allocatable = status?.allocatable ?? {};
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.status ?? 'Unknown';
  const model = MODEL_LABELS.map((label) => labels[label]).find((value) => value !== undefined);
  return {
    name: metadata.name,
    usable: ready === 'True' && spec?.unschedulable !== true,
    outOfUse: outOfUse(ready, spec?.unschedulable === true),
    reports: ready !== 'Unknown',
    withheld: withheldOf(status?.capacity ?? {}, allocatable),
    gpuModel: model ?? null,
    replicas: Math.max(1, Number(labels['nvidia.com/gpu.replicas'] ?? 1) || 1),
    cpuMilli: amount(allocatable, 'cpu') * 1000,
    memoryMib: amount(allocatable, 'memory') / MIB,
    devices: devicesOf(allocatable),
  };
}

/** `Unknown` is written by the node controller when the kubelet has not reported for 50 s. */
function outOfUse(ready: string, cordoned: boolean): string | null {
  if (ready === 'Unknown') return 'does not report (Ready is Unknown)';
  if (ready !== 'True') return 'not ready';
  return cordoned ? 'cordoned' : null;
}

const momentOf = (text: string | null | undefined): number | null => {
  const atMs = Date.parse(text ?? '');
  return Number.isNaN(atMs) ? null : atMs;
};

/** Accelerators of the capacity that are not allocatable. */
function withheldOf(capacity: Quantities, allocatable: Quantities): Devices {
  const offered = devicesOf(allocatable);
  return Object.fromEntries(
    Object.entries(devicesOf(capacity))
      .map(([resource, units]) => [resource, units - (offered[resource] ?? 0)] as const)
      .filter(([, units]) => units > 0),
  );
}

/** Null for a pod that has ended. `pulling` holds `namespace/pod` of those whose image is on its way. */
export function toPod(pod: KubePod, pulling: ReadonlySet<string>): SnapshotPod | null {
  const { metadata, spec, status } = pod;
  const phase = status?.phase ?? 'Pending';
  if (phase === 'Succeeded' || phase === 'Failed') return null;
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  const requests = podRequests(spec);
  const namespace = metadata.namespace ?? 'default';
  return {
    uid: metadata.uid ?? `${namespace}/${metadata.name}`,
    ...podStage(pod, pulling.has(`${namespace}/${metadata.name}`)),
    hold: (spec.schedulingGates ?? []).length > 0 ? 'policy' : null,
    namespace,
    name: metadata.name,
    phase,
    node: spec.nodeName ?? null,
    labels: metadata.labels ?? {},
    images: spec.containers.flatMap(({ image }) => image ?? []),
    priorityClass: spec.priorityClassName ?? null,
    cpuMilli: (requests['cpu'] ?? 0) * 1000,
    memoryMib: (requests['memory'] ?? 0) / MIB,
    devices: devicesOf(requests),
    createdAtMs: momentOf(metadata.creationTimestamp),
    startedAtMs: momentOf(status?.startTime),
    unschedulable: scheduled?.status === 'False' ? (scheduled.message ?? '') : null,
  };
}

/**
 * What a pod asks for: the sum of its containers, or its largest init container where that is more
 * (Kubernetes documentation, "Init Containers: resource sharing"). Accelerators that are only
 * limited are asked for too: for extended resources the request is the limit.
 */
function podRequests({ containers, initContainers }: KubePod['spec']): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { resources } of containers) {
    const asked = { ...resources?.limits, ...resources?.requests };
    for (const [name, quantity] of Object.entries(asked)) {
      sums[name] = (sums[name] ?? 0) + (parseQuantity(quantity) ?? 0);
    }
  }
  for (const { resources } of initContainers ?? []) {
    for (const [name, quantity] of Object.entries(resources?.requests ?? {})) {
      sums[name] = Math.max(sums[name] ?? 0, parseQuantity(quantity) ?? 0);
    }
  }
  return sums;
}

/** One for each accelerator resource; quotas name them with `requests.` in front. */
export function toQuotas({ metadata, status }: KubeResourceQuota): NamespaceQuota[] {
  const used = status?.used ?? {};
  return Object.entries(status?.hard ?? {}).flatMap(([key, hard]) => {
    const resource = key.replace(/^(requests|limits)\./, '');
    if (!isAccelerator(resource)) return [];
    return {
      namespace: metadata.namespace ?? 'default',
      name: metadata.name,
      resource,
      hard: parseQuantity(hard) ?? 0,
      used: amount(used, key),
    };
  });
}

export function toPodUse({ metadata, containers }: KubePodMetrics): PodUse {
  const sum = (resource: string): number =>
    containers.reduce((total, { usage }) => total + amount(usage ?? {}, resource), 0);
  return {
    namespace: metadata.namespace ?? 'default',
    name: metadata.name,
    cpuMilli: sum('cpu') * 1000,
    memoryMib: sum('memory') / MIB,
  };
}

export const devicesOf = (quantities: Quantities): Devices =>
  Object.fromEntries(
    Object.entries(quantities)
      .filter(([resource]) => isAccelerator(resource))
      .map(([resource, quantity]) => [resource, parseQuantity(quantity) ?? 0]),
  );

const amount = (quantities: Quantities, resource: string): number =>
  parseQuantity(quantities[resource] ?? 0) ?? 0;

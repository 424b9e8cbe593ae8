import { cardsPerUnit } from '../../../measure/sources/schedulers/accelerator-resource.ts';
import type {
  ClusterSnapshot,
  Devices,
  SnapshotNode,
  SnapshotPod,
} from '../../../measure/sources/schedulers/cluster-snapshot.ts';

/** Something that keeps accelerators from work now, and what to do. */
export interface Finding {
  rule: 'idle-notebook' | 'unused-slices' | 'oversized-request' | 'blocking-quota';
  /** `namespace/pod`, node, quota or queue. */
  subject: string;
  /** Cards that the fix frees or lets be used; null when that is not known. */
  gpus: number | null;
  /** Null without a price or without `gpus`. */
  usdPerHour: number | null;
  evidence: string;
  fix: string;
  /** `high`: the API says so. `low`: one reading of a figure that moves. */
  confidence: 'high' | 'low';
}

/** A finding before it is priced. */
export type Unpriced = Omit<Finding, 'usdPerHour'>;

/** Share of the time each pod's accelerators were active, by `namespace/pod`; absent is unknown. */
export type GpuActivity = ReadonlyMap<string, number>;

export const podKey = ({ namespace, name }: Pick<SnapshotPod, 'namespace' | 'name'>): string =>
  `${namespace}/${name}`;

/** Whole cards that units of accelerator resources come to on a node. */
export const cardsOf = (devices: Devices, node: SnapshotNode | null): number =>
  Object.entries(devices).reduce(
    (sum, [resource, units]) => sum + units * cardsPerUnit(resource, node?.replicas ?? 1),
    0,
  );

/** Units of each resource that no pod holds, by node. */
export function freeDevices(snapshot: ClusterSnapshot): Map<SnapshotNode, Record<string, number>> {
  const free = new Map(snapshot.nodes.map((node) => [node, { ...node.devices }]));
  const byName = new Map(snapshot.nodes.map((node) => [node.name, node]));
  for (const pod of snapshot.pods) {
    const node = pod.node === null ? undefined : byName.get(pod.node);
    const left = node === undefined ? undefined : free.get(node);
    if (left === undefined) continue;
    for (const [resource, units] of Object.entries(pod.devices)) {
      left[resource] = Math.max(0, (left[resource] ?? 0) - units);
    }
  }
  return free;
}

/** Whole cards, shared cards and slices that are free on nodes that take pods. */
export const freeUnits = (snapshot: ClusterSnapshot, resource: string): number =>
  [...freeDevices(snapshot)]
    .filter(([node]) => node.usable)
    .reduce((sum, [, left]) => sum + (left[resource] ?? 0), 0);

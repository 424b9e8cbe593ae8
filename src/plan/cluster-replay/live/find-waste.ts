import type {
  ClusterSnapshot,
  SnapshotPod,
} from '../../../measure/sources/schedulers/cluster-snapshot.ts';
import { blockingQuota } from './blocking-quota.ts';
import { cardsOf, type Finding, type GpuActivity, podKey } from './finding.ts';
import { idleNotebooks } from './idle-notebooks.ts';
import { oversizedRequests } from './oversized-requests.ts';
import { unusedSlices } from './unused-slices.ts';

/** A cluster now: what it has, what is held, what keeps it from work. */
export interface ClusterCheck {
  source: string;
  takenAtMs: number;
  nodes: number;
  gpus: number;
  allocatedGpus: number;
  /** Pods that ask for accelerators and have no node, and Kueue workloads without quota. */
  waiting: number;
  /** Most cards first; of unknown effect last. */
  findings: Finding[];
  /** What could not be looked at, and how to change that. */
  unknown: string[];
}

/** Applies every rule. A notebook that is idle is not also called oversized. */
export function findWaste(
  snapshot: ClusterSnapshot,
  activity: GpuActivity | null,
  usdPerGpuHour: number | null,
): ClusterCheck {
  const known = activity ?? new Map<string, number>();
  const idle = idleNotebooks(snapshot, known);
  const named = new Set(idle.map(({ subject }) => subject));
  const findings = [
    ...idle,
    ...unusedSlices(snapshot),
    ...oversizedRequests(snapshot, known).filter(({ subject }) => !named.has(subject)),
    ...blockingQuota(snapshot),
  ]
    .sort((a, b) => ranked(b) - ranked(a))
    .map((finding): Finding => {
      const { gpus } = finding;
      const usdPerHour = gpus === null || usdPerGpuHour === null ? null : gpus * usdPerGpuHour;
      return Object.assign(finding, { usdPerHour });
    });
  const nodes = new Map(snapshot.nodes.map((node) => [node.name, node]));
  const waits = (pod: SnapshotPod): boolean =>
    pod.node === null &&
    Object.keys(pod.devices).length > 0 &&
    !(pod.hold === 'policy' && snapshot.kueueVersion !== null);
  const unplaced = new Set(snapshot.pods.filter(waits).map(podKey));
  return {
    source: snapshot.source,
    takenAtMs: snapshot.takenAtMs,
    nodes: snapshot.nodes.length,
    gpus: snapshot.nodes.reduce((sum, node) => sum + cardsOf(node.devices, node), 0),
    allocatedGpus: snapshot.pods.reduce((sum, pod) => {
      const node = pod.node === null ? undefined : nodes.get(pod.node);
      return node === undefined ? sum : sum + cardsOf(pod.devices, node);
    }, 0),
    waiting: unplaced.size + snapshot.waiting.length,
    findings,
    unknown: unknownParts(snapshot, activity),
  };
}

/** Cards to a thousandth, so that a sum of sevenths does not decide the order. */
const ranked = ({ gpus }: { gpus: number | null }): number => Math.round((gpus ?? -1) * 1000);

const unknownParts = (snapshot: ClusterSnapshot, activity: GpuActivity | null): string[] => [
  ...(activity === null
    ? [
        'activity of accelerators: give --dcgm URL of a dcgm-exporter that knows pods, or the instance a source that reads it',
      ]
    : []),
  ...(snapshot.use === null && snapshot.scheduler === 'kubernetes'
    ? ['CPU and memory in use: the cluster has no readable metrics API (metrics-server)']
    : []),
  ...snapshot.gaps.map(({ part, reason }) => `${part}: ${reason}`),
  ...(snapshot.kueueVersion === null && snapshot.scheduler === 'kubernetes'
    ? ['queues: Kueue is not installed or not readable']
    : []),
];

import type {
  ClusterSnapshot,
  PodUse,
  SnapshotNode,
  SnapshotPod,
} from '../../../measure/sources/schedulers/cluster-snapshot.ts';
import { cardsOf, freeDevices, podKey, type GpuActivity, type Unpriced } from './finding.ts';

/** Room above what is used that a request should keep. */
const HEADROOM = 1.5;
/** Only requests of at least this many times what they should be are named. */
const WORTH_NAMING = 2;
/** Active less than this, a whole card would do as the smallest slice (a seventh). */
const SLICE_SHARE = 1 / 7;

/**
 * Requests larger than what is used: CPU and memory where they strand free accelerators of a node,
 * and whole cards whose work would fit a slice. One reading each: the pod's peak may come later.
 */
export function oversizedRequests(snapshot: ClusterSnapshot, activity: GpuActivity): Unpriced[] {
  return [...strandingPods(snapshot), ...wholeCardsForLittle(snapshot, activity)];
}

function strandingPods(snapshot: ClusterSnapshot): Unpriced[] {
  const use = new Map((snapshot.use ?? []).map((one) => [podKey(one), one]));
  return [...freeDevices(snapshot)].flatMap(([node, left]) => {
    const freeCards = cardsOf(left, node);
    const pods = snapshot.pods.filter((pod) => pod.node === node.name);
    const freeCpuMilli = node.cpuMilli - pods.reduce((sum, pod) => sum + pod.cpuMilli, 0);
    if (freeCards === 0 || freeCpuMilli >= freeCards * cpuPerCard(node)) return [];
    return pods.flatMap((pod) => strandingPod(pod, use.get(podKey(pod)), node, freeCards));
  });
}

function strandingPod(
  pod: SnapshotPod,
  use: PodUse | undefined,
  node: SnapshotNode,
  freeCards: number,
): Unpriced[] {
  if (use === undefined) return [];
  const neededMilli = Math.max(100, Math.ceil((use.cpuMilli * HEADROOM) / 100) * 100);
  if (pod.cpuMilli < neededMilli * WORTH_NAMING) return [];
  return [
    {
      rule: 'oversized-request',
      subject: podKey(pod),
      gpus: Math.min(freeCards, (pod.cpuMilli - neededMilli) / cpuPerCard(node)),
      evidence:
        `asks for ${Math.round(pod.cpuMilli)}m CPU and uses ${Math.round(use.cpuMilli)}m, while ` +
        `${round(freeCards)} free cards of node ${node.name} have too little CPU left`,
      fix: `lower its CPU request to ${neededMilli}m, after looking at its peak`,
      confidence: 'low',
    },
  ];
}

/** CPU that goes with one card of the node when it is shared out evenly. */
const cpuPerCard = (node: SnapshotNode): number =>
  node.cpuMilli / Math.max(1, cardsOf(node.devices, node));

function wholeCardsForLittle(snapshot: ClusterSnapshot, activity: GpuActivity): Unpriced[] {
  return snapshot.pods.flatMap((pod) => {
    const cards = pod.devices['nvidia.com/gpu'] ?? 0;
    const active = activity.get(podKey(pod));
    if (cards !== 1 || active === undefined || active >= SLICE_SHARE || active === 0) return [];
    return {
      rule: 'oversized-request' as const,
      subject: podKey(pod),
      gpus: 1 - SLICE_SHARE,
      evidence: `holds a whole card that is ${(active * 100).toFixed(1)} % active`,
      fix: 'give it a MIG slice or a shared card (MPS, time slicing), if its memory fits',
      confidence: 'low' as const,
    };
  });
}

const round = (value: number): number => Number(value.toFixed(2));

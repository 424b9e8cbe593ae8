/**
 * Where every card of a live cluster is at one moment: held by whom and doing what, or free and why. Pure. A card is
 * in exactly one part: pods told twice count once, pods that hold more than their node has are cut to it. Linear in
 * nodes and pods, but for the search of a place for what waits (waiting pods x nodes with free cards).
 */
import type {
  CardState,
  ClusterLook,
  LookPart,
} from '../../../measure/bottleneck/cluster/cluster-look.ts';
import type { Confidence } from '../../../measure/bottleneck/time-book.ts';
import type {
  ClusterSnapshot,
  PodStage,
  SnapshotNode,
  SnapshotPod,
} from '../../../measure/sources/schedulers/cluster-snapshot.ts';
import { cardsOf, type GpuActivity, podKey } from './finding.ts';
import { freeCardCauses } from './free-card-causes.ts';
import { idleNotebooks } from './idle-notebooks.ts';

/** Sums of sevenths and quarters are exact to this. */
const NEGLIGIBLE = 1e-9;

const STATE_OF: Readonly<Record<PodStage, CardState>> = {
  waiting: 'unexplained',
  starting: 'starting',
  loading: 'loading',
  working: 'working',
  failing: 'failed',
  // It works until its end; what it takes to end is not told apart.
  ending: 'working',
};
const CONFIDENCE: Readonly<Record<PodStage, Confidence>> = {
  waiting: 'low',
  starting: 'high',
  loading: 'medium',
  working: 'high',
  failing: 'high',
  ending: 'medium',
};

/** `activity`: of each pod's accelerators; null or absent is unknown, and nobody is called idle for it. */
export function lookAtCluster(
  snapshot: ClusterSnapshot,
  activity: GpuActivity | null,
): ClusterLook {
  const held = podsByNode(snapshot.pods);
  const idle = new Map(
    idleNotebooks(snapshot, activity ?? new Map()).map((one) => [one.subject, one.evidence]),
  );
  const parts: LookPart[] = [];
  const free = new Map<SnapshotNode, number>();
  let cards = 0;
  for (const node of uniqueNodes(snapshot.nodes)) {
    const broken = cardsOf(node.withheld, node);
    const whole = cardsOf(node.devices, node) + broken;
    cards += whole;
    let left = whole;
    for (const pod of held.get(node.name) ?? []) {
      const part = heldPart(pod, node, Math.min(left, cardsOf(pod.devices, node)), idle);
      if (part.cards <= NEGLIGIBLE) continue;
      left -= part.cards;
      parts.push(part);
    }
    const out = node.usable ? Math.min(left, broken) : left;
    if (out > NEGLIGIBLE) parts.push(maintenancePart(node, out));
    if (left - out > NEGLIGIBLE) free.set(node, left - out);
  }
  return { atMs: snapshot.takenAtMs, cards, parts: [...parts, ...freeCardCauses(snapshot, free)] };
}

/** A node that a list page boundary told twice is one node. */
const uniqueNodes = (nodes: readonly SnapshotNode[]): SnapshotNode[] => [
  ...new Map(nodes.map((node) => [node.name, node])).values(),
];

/** Pods that hold cards, each once, the older first: what a node cannot hold is cut from the newest. */
function podsByNode(pods: readonly SnapshotPod[]): Map<string, SnapshotPod[]> {
  const held = new Map<string, SnapshotPod[]>();
  const seen = new Set<string>();
  const byAge = [...pods].sort(
    (a, b) => (a.startedAtMs ?? Number.MAX_VALUE) - (b.startedAtMs ?? Number.MAX_VALUE),
  );
  for (const pod of byAge) {
    if (pod.node === null || seen.has(pod.uid)) continue;
    seen.add(pod.uid);
    if (Object.keys(pod.devices).length === 0) continue;
    held.set(pod.node, [...(held.get(pod.node) ?? []), pod]);
  }
  return held;
}

function heldPart(
  pod: SnapshotPod,
  node: SnapshotNode,
  cards: number,
  idle: ReadonlyMap<string, string>,
): LookPart {
  const subject = podKey(pod);
  const part = { subject, node: node.name, cards };
  if (!node.reports) {
    const why = `node ${node.name} ${node.outOfUse ?? 'does not report'}: what its pods do is not known`;
    return { ...part, state: 'unexplained', why, confidence: 'high' };
  }
  const left = pod.stage === 'working' ? idle.get(subject) : undefined;
  if (left !== undefined) return { ...part, state: 'left-on', why: left, confidence: 'medium' };
  const { stage, stageWhy: why } = pod;
  return { ...part, state: STATE_OF[stage], why, confidence: CONFIDENCE[stage] };
}

const maintenancePart = (node: SnapshotNode, cards: number): LookPart => ({
  subject: `node ${node.name}`,
  node: node.name,
  state: 'maintenance',
  cards,
  why: node.outOfUse ?? 'cards that its device plug-in does not offer (unhealthy)',
  confidence: 'high',
});

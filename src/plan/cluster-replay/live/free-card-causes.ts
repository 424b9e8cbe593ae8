import type { CardState, LookPart } from '../../../measure/bottleneck/cluster/cluster-look.ts';
import type { Confidence } from '../../../measure/bottleneck/time-book.ts';
import type {
  ClusterSnapshot,
  SnapshotNode,
  SnapshotPod,
} from '../../../measure/sources/schedulers/cluster-snapshot.ts';
import { blockingQuota } from './blocking-quota.ts';
import { cardsOf, freeDevices, podKey } from './finding.ts';

const NEGLIGIBLE = 1e-9;

/** Cards that are taken for one cause, with its reason. */
interface Claim {
  state: CardState;
  cards: number;
  why: string;
  confidence: Confidence;
  /** Where they must come from; null: anywhere. */
  node: SnapshotNode | null;
}

/**
 * Why free cards of usable nodes are free, in this order: a quota keeps work from them; work that would fit waits all
 * the same (order, affinity, gates: the scheduler's policy); work waits that no node has room for (fragmentation, as the
 * FGD measure counts cards of no use to what waits); nobody wants them. `free`: cards by node.
 */
export function freeCardCauses(
  snapshot: ClusterSnapshot,
  free: ReadonlyMap<SnapshotNode, number>,
): LookPart[] {
  const left = new Map([...free].sort(([a], [b]) => (a.name < b.name ? -1 : 1)));
  const waiting = waitingPods(snapshot);
  const parts: LookPart[] = [];
  const take = (claim: Claim): void => {
    let wanted = claim.cards;
    for (const [node, cards] of left) {
      if (claim.node !== null && claim.node.name !== node.name) continue;
      const got = Math.min(wanted, cards);
      if (got <= NEGLIGIBLE) continue;
      wanted -= got;
      left.set(node, cards - got);
      parts.push({ ...claim, subject: `node ${node.name}`, node: node.name, cards: got });
    }
  };
  for (const claim of quotaClaims(snapshot, waiting)) take(claim);
  for (const claim of waitClaims(snapshot, left, waiting)) take(claim);
  const why = waiting.length === 0 ? 'free, and nothing waits' : 'free beyond what waits';
  const confidence = snapshot.gaps.some(({ part }) => part.startsWith('Kueue')) ? 'low' : 'high';
  take({ state: 'no-demand', cards: Number.MAX_VALUE, why, confidence, node: null });
  return merged(parts);
}

/** Pods without a node that the scheduler has looked at; those gated for Kueue are told by their workload. */
function waitingPods({ pods, kueueVersion }: ClusterSnapshot): SnapshotPod[] {
  const unique = new Map(pods.map((pod) => [pod.uid, pod])).values();
  return [...unique].filter(
    (pod) =>
      pod.node === null &&
      Object.keys(pod.devices).length > 0 &&
      (pod.unschedulable !== null || pod.hold !== null) &&
      pod.hold !== 'own' &&
      !(pod.hold === 'policy' && kueueVersion !== null),
  );
}

function quotaClaims(snapshot: ClusterSnapshot, waiting: readonly SnapshotPod[]): Claim[] {
  const claim = (cards: number, why: string): Claim => ({
    state: 'quota',
    cards,
    why,
    confidence: 'high',
    node: null,
  });
  return [
    ...blockingQuota(snapshot).map((one) =>
      claim(one.gpus ?? 0, `${one.subject}: ${one.evidence}`),
    ),
    ...waiting
      .filter(({ hold }) => hold === 'quota')
      .map((pod) => claim(cardsOf(pod.devices, null), `${pod.name} waits: ${reasonOf(pod)}`)),
  ];
}

/**
 * What waits and would fit is held by policy, card by card where it would go; the rest finds no room. Pods of one name
 * are the parts of one Slurm job: all find room or none.
 */
function* waitClaims(
  snapshot: ClusterSnapshot,
  left: ReadonlyMap<SnapshotNode, number>,
  waiting: readonly SnapshotPod[],
): Generator<Claim> {
  const room = roomOf(snapshot);
  const unmet: Array<{ pod: SnapshotPod; cards: number }> = [];
  const open = [...left].filter(([, cards]) => cards > NEGLIGIBLE).map(([node]) => node);
  const gangs = Map.groupBy(
    waiting.filter(({ hold }) => hold !== 'quota'),
    podKey,
  );
  for (const gang of gangs.values()) {
    const places = placeGang(gang, open, room);
    const [pod] = gang;
    if (pod === undefined) continue;
    if (places === null) {
      const cards = gang.reduce((sum, { devices }) => sum + cardsOf(devices, null), 0);
      unmet.push({ pod, cards });
      continue;
    }
    for (const node of places) {
      const why = `${pod.name} waits though node ${node.name} has room: ${reasonOf(pod)}`;
      const cards = cardsOf(pod.devices, node);
      yield { state: 'queue-policy', cards, why, confidence: 'medium', node };
    }
  }
  for (const { pod, cards } of unmet) {
    const why = `${pod.name} waits for ${cards} cards and no node has room: ${reasonOf(pod)}`;
    yield { state: 'fragmentation', cards, why, confidence: 'medium', node: null };
  }
}

/** A node for each pod of the gang, first fit; null, and nothing occupied, where one finds none. */
function placeGang(
  gang: readonly SnapshotPod[],
  open: readonly SnapshotNode[],
  room: ReadonlyMap<string, Room>,
): SnapshotNode[] | null {
  const places: SnapshotNode[] = [];
  for (const pod of gang) {
    const node = open.find((one) => fits(pod, room.get(one.name)));
    if (node === undefined) {
      for (const [i, taken] of places.entries()) occupy(gang[i], room.get(taken.name), -1);
      return null;
    }
    occupy(pod, room.get(node.name), 1);
    places.push(node);
  }
  return places;
}

const reasonOf = ({ unschedulable, hold }: SnapshotPod): string =>
  (unschedulable ?? '').slice(0, 300) || (hold ?? 'not scheduled yet');

interface Room {
  devices: Record<string, number>;
  cpuMilli: number;
  memoryMib: number;
}

/** What is left of each node. A node whose CPUs and memory are not told has no limit of them. */
function roomOf(snapshot: ClusterSnapshot): Map<string, Room> {
  return new Map(
    [...freeDevices(snapshot)].map(([node, devices]) => {
      const own = snapshot.pods.filter((pod) => pod.node === node.name);
      const used = (key: 'cpuMilli' | 'memoryMib'): number =>
        own.reduce((sum, pod) => sum + pod[key], 0);
      const cpuMilli = node.cpuMilli - used('cpuMilli');
      return [node.name, { devices, cpuMilli, memoryMib: node.memoryMib - used('memoryMib') }];
    }),
  );
}

const fits = (pod: SnapshotPod, room: Room | undefined): boolean =>
  room !== undefined &&
  pod.cpuMilli <= room.cpuMilli &&
  pod.memoryMib <= room.memoryMib &&
  Object.entries(pod.devices).every(([name, units]) => units <= (room.devices[name] ?? 0));

function occupy(pod: SnapshotPod | undefined, room: Room | undefined, sign: 1 | -1): void {
  if (room === undefined || pod === undefined) return;
  room.cpuMilli -= sign * pod.cpuMilli;
  room.memoryMib -= sign * pod.memoryMib;
  for (const [name, units] of Object.entries(pod.devices)) {
    room.devices[name] = (room.devices[name] ?? 0) - sign * units;
  }
}

/** One part for each node and state: its first reason speaks. */
function merged(parts: readonly LookPart[]): LookPart[] {
  const byKey = new Map<string, LookPart>();
  for (const part of parts) {
    const key = `${part.node}\n${part.state}`;
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, { ...part });
    else known.cards += part.cards;
  }
  return [...byKey.values()];
}

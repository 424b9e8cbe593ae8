import type { ClusterNode } from '../../records/cluster-trace/cluster-node.ts';
import type { PodShape } from './pod-shape.ts';

/** A whole card, in thousandths. */
export const CARD_MILLI = 1000;

/** Affinities a node can hold: 0 shares a card, n whole cards of one pod. */
const AFFINITIES = 65;

/**
 * What is free where, in flat arrays: scoring reads a few thousand nodes for every pod. Node `n`
 * has its cards at `gpuLeft[n * stride]` onwards. Only `place` and `release` write.
 */
export interface ClusterState {
  readonly nodes: readonly ClusterNode[];
  /** Cards of the largest node: room of one node in `gpuLeft`. */
  readonly stride: number;
  readonly totalGpuMilli: number;
  readonly gpuCount: Uint8Array;
  readonly cpuLeft: Float64Array;
  readonly memoryLeft: Float64Array;
  /** Thousandths left of each card. */
  readonly gpuLeft: Int16Array;
  /** Sum of `gpuLeft` of each node. */
  readonly gpuLeftInAll: Int32Array;
  /** Pods of each affinity on each node, and how many affinities it holds. */
  readonly affinityPods: Int32Array;
  readonly affinityCount: Uint8Array;
  /** The latest nodes that changed, as a ring; the `i`-th change ever is at `i % length`. */
  readonly recentChanges: Int32Array;
  /** Changes ever: a cache that knows how many it has seen redoes only the rest. */
  changeCount: number;
  usedGpuMilli: number;
}

/** An idle cluster, its nodes in the order given: of nodes with equal scores the first one wins. */
export function createClusterState(nodes: readonly ClusterNode[]): ClusterState {
  const size = nodes.length;
  const stride = Math.max(1, ...nodes.map(({ gpuCount }) => gpuCount));
  const gpuLeft = new Int16Array(size * stride);
  nodes.forEach(({ gpuCount }, n) => gpuLeft.fill(CARD_MILLI, n * stride, n * stride + gpuCount));
  return {
    nodes,
    stride,
    totalGpuMilli: nodes.reduce((sum, { gpuCount }) => sum + gpuCount * CARD_MILLI, 0),
    gpuCount: Uint8Array.from(nodes, ({ gpuCount }) => gpuCount),
    cpuLeft: Float64Array.from(nodes, ({ cpuMilli }) => cpuMilli),
    memoryLeft: Float64Array.from(nodes, ({ memoryMib }) => memoryMib),
    gpuLeft,
    gpuLeftInAll: Int32Array.from(nodes, ({ gpuCount }) => gpuCount * CARD_MILLI),
    affinityPods: new Int32Array(size * AFFINITIES),
    affinityCount: new Uint8Array(size),
    recentChanges: new Int32Array(size),
    changeCount: 0,
    usedGpuMilli: 0,
  };
}

/** Whether the node can take the pod: CPU, memory, card model, enough cards with enough left. */
export function fits(state: ClusterState, node: number, shape: PodShape): boolean {
  if ((state.cpuLeft[node] ?? 0) < shape.cpuMilli) return false;
  if ((state.memoryLeft[node] ?? 0) < shape.memoryMib) return false;
  if (shape.gpuCount === 0) return true;
  if ((state.gpuLeftInAll[node] ?? 0) < shape.gpuMilliInAll) return false;
  if (!acceptsModel(shape, state.nodes[node]?.gpuModel ?? null)) return false;
  let open = shape.gpuCount;
  const from = node * state.stride;
  const to = from + (state.gpuCount[node] ?? 0);
  for (let card = from; card < to; card += 1) {
    if ((state.gpuLeft[card] ?? 0) < shape.gpuMilli) continue;
    open -= 1;
    if (open === 0) return true;
  }
  return false;
}

/** A pod that names models only runs on one of them; one that names none runs on all. */
export const acceptsModel = (
  { gpuModels }: Pick<PodShape, 'gpuModels'>,
  model: string | null,
): boolean => gpuModels.length === 0 || (model !== null && gpuModels.includes(model));

/** Puts the pod on these cards of the node. A card without room is a bug and throws. */
export function place(
  state: ClusterState,
  node: number,
  shape: PodShape,
  cards: readonly number[],
): void {
  move(state, node, shape, cards, 1);
}

/** Takes the pod off again. */
export function release(
  state: ClusterState,
  node: number,
  shape: PodShape,
  cards: readonly number[],
): void {
  move(state, node, shape, cards, -1);
}

function move(
  state: ClusterState,
  node: number,
  shape: PodShape,
  cards: readonly number[],
  sign: 1 | -1,
): void {
  if (cards.length !== shape.gpuCount)
    throw new Error(`${cards.length} cards for ${shape.gpuCount}`);
  state.cpuLeft[node] = (state.cpuLeft[node] ?? 0) - sign * shape.cpuMilli;
  state.memoryLeft[node] = (state.memoryLeft[node] ?? 0) - sign * shape.memoryMib;
  for (const card of cards) {
    const at = node * state.stride + card;
    const left = (state.gpuLeft[at] ?? 0) - sign * shape.gpuMilli;
    if (left < 0 || left > CARD_MILLI) throw new Error(`card ${card} of node ${node} left ${left}`);
    state.gpuLeft[at] = left;
  }
  state.gpuLeftInAll[node] = (state.gpuLeftInAll[node] ?? 0) - sign * shape.gpuMilliInAll;
  state.usedGpuMilli += sign * shape.gpuMilliInAll;
  if (shape.affinity !== null) countAffinity(state, node, shape.affinity, sign);
  state.recentChanges[state.changeCount % state.recentChanges.length] = node;
  state.changeCount += 1;
}

function countAffinity(state: ClusterState, node: number, affinity: number, sign: 1 | -1): void {
  const at = affinityIndex(node, affinity);
  const before = state.affinityPods[at] ?? 0;
  state.affinityPods[at] = before + sign;
  const appeared = sign === 1 && before === 0;
  const vanished = sign === -1 && before === 1;
  const change = appeared ? 1 : vanished ? -1 : 0;
  state.affinityCount[node] = (state.affinityCount[node] ?? 0) + change;
}

/** Place of a node's count of one affinity in `affinityPods`. */
export const affinityIndex = (node: number, affinity: number): number =>
  node * AFFINITIES + affinity;

/** Nodes that changed after the first `seen` changes, each once; all when that is too long ago. */
export function changedSince(state: ClusterState, seen: number): Iterable<number> {
  const { length } = state.recentChanges;
  if (state.changeCount - seen > length) return state.nodes.keys();
  const changed = new Set<number>();
  for (let i = seen; i < state.changeCount; i += 1)
    changed.add(state.recentChanges[i % length] ?? 0);
  return changed;
}

import { changedSince, type ClusterState } from './cluster-state.ts';
import { createFragmentation } from './fragmentation.ts';
import type { TargetPod } from './target-workload.ts';

/** Fragmentation of the whole cluster; a change costs one node. */
export interface FragmentMeter {
  /** Takes in what changed since the last time. */
  catchUp(): void;
  /** As of the last `catchUp`. */
  totalMilli(): number;
}

export function createFragmentMeter(
  state: ClusterState,
  target: readonly TargetPod[],
): FragmentMeter {
  const fragmentation = createFragmentation(target);
  const models = state.nodes.map(({ gpuModel }) => fragmentation.modelId(gpuModel));
  const ofNode = (node: number): number =>
    fragmentation.nodeMilli(
      state.cpuLeft[node] ?? 0,
      state.gpuLeft,
      node * state.stride,
      state.gpuCount[node] ?? 0,
      models[node] ?? 0,
    );
  const byNode = Float64Array.from(state.nodes, (_, node) => ofNode(node));
  let totalMilli = byNode.reduce((sum, milli) => sum + milli, 0);
  let seen = state.changeCount;
  const update = (node: number): void => {
    const milli = ofNode(node);
    totalMilli += milli - (byNode[node] ?? 0);
    byNode[node] = milli;
  };
  return {
    catchUp: () => {
      for (const node of changedSince(state, seen)) update(node);
      seen = state.changeCount;
    },
    totalMilli: () => totalMilli,
  };
}

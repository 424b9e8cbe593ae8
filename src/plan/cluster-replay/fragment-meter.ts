import type { ClusterState } from './cluster-state.ts';
import { createFragmentation } from './fragmentation.ts';
import type { TargetPod } from './target-workload.ts';

/** Fragmentation of the whole cluster, kept up to date one node at a time. */
export function createFragmentMeter(
  state: ClusterState,
  target: readonly TargetPod[],
): { update(node: number): void; totalMilli(): number } {
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
  return {
    update: (node) => {
      const milli = ofNode(node);
      totalMilli += milli - (byNode[node] ?? 0);
      byNode[node] = milli;
    },
    totalMilli: () => totalMilli,
  };
}

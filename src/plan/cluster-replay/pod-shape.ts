import { podGpuMilli, type ClusterPod } from '../../records/cluster-trace/cluster-pod.ts';

/** What a scheduler sees of a pod: pods of one shape are alike to every placement policy. */
export interface PodShape {
  /** Index in the list of shapes; scores are cached under it. */
  id: number;
  cpuMilli: number;
  memoryMib: number;
  gpuCount: number;
  gpuMilli: number;
  /** gpuCount x gpuMilli. */
  gpuMilliInAll: number;
  /** Accepted card models; empty accepts any. */
  gpuModels: readonly string[];
  /**
   * What GPU Clustering groups by (Xiao et al., "Gandiva", OSDI'18): 0 shares a card, n asks for n
   * whole cards, null asks for none.
   */
  affinity: number | null;
}

export interface ShapedPods {
  shapes: readonly PodShape[];
  /** Shape of each pod, in the order of the pods. */
  shapeOf: readonly PodShape[];
}

/** Groups pods into shapes, in the order in which they first come. */
export function shapePods(pods: readonly ClusterPod[]): ShapedPods {
  const byKey = new Map<string, PodShape>();
  const shapeOf = pods.map((pod) => {
    const { cpuMilli, memoryMib, gpuCount, gpuMilli, gpuModels } = pod;
    const key = `${cpuMilli} ${memoryMib} ${gpuCount} ${gpuMilli} ${gpuModels.join('|')}`;
    const known = byKey.get(key);
    if (known !== undefined) return known;
    const shape: PodShape = {
      id: byKey.size,
      cpuMilli,
      memoryMib,
      gpuCount,
      gpuMilli,
      gpuMilliInAll: podGpuMilli(pod),
      gpuModels,
      affinity: gpuCount === 0 ? null : gpuMilli < 1000 ? 0 : gpuCount,
    };
    byKey.set(key, shape);
    return shape;
  });
  return { shapes: [...byKey.values()], shapeOf };
}

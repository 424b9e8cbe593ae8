import type { PodShape, ShapedPods } from './pod-shape.ts';

/** CPU that Kubernetes counts for a pod that asks for none (schedutil.DefaultMilliCPURequest). */
const DEFAULT_CPU_MILLI = 100;

/** Share of the pods that the target workload stands for (Weng et al., ATC'23, section 4.2). */
const POPULARITY = 0.95;

/** A kind of pod that is expected to come, and how often. */
export interface TargetPod {
  cpuMilli: number;
  gpuCount: number;
  gpuMilli: number;
  gpuModels: readonly string[];
  /** Share of the target workload, 0 to 1; all shares sum to 1. */
  popularity: number;
}

/**
 * The target workload that fragmentation is measured against (Weng et al., "Beware of
 * Fragmentation", ATC'23): the most popular kinds of pods until 95 % of all pods are covered, pods
 * without cards included, their shares scaled to sum to 1. Memory does not tell kinds apart. Equal
 * counts go by larger CPU, card share, card count, model, so that the cut is the same on every run.
 */
export function targetWorkload({ shapeOf }: ShapedPods): TargetPod[] {
  const kinds = new Map<string, { pod: Omit<TargetPod, 'popularity'>; count: number }>();
  for (const shape of shapeOf) {
    const { gpuCount, gpuMilli, gpuModels } = shape;
    const cpuMilli = scoredCpuMilli(shape);
    const key = `${cpuMilli} ${gpuCount} ${gpuMilli} ${gpuModels.join('|')}`;
    const kind = kinds.get(key);
    if (kind !== undefined) kind.count += 1;
    else kinds.set(key, { pod: { cpuMilli, gpuCount, gpuMilli, gpuModels }, count: 1 });
  }
  const sorted = [...kinds.values()].sort((a, b) => b.count - a.count || larger(a.pod, b.pod));
  let covered = 0;
  let kept = 0;
  for (const { count } of sorted) {
    if (covered >= POPULARITY * shapeOf.length) break;
    covered += count;
    kept += 1;
  }
  return sorted
    .slice(0, kept)
    .map(({ pod, count }) => Object.assign(pod, { popularity: count / covered }));
}

/** CPU by which a pod is scored: Kubernetes scores a pod that asks for none as if for 0.1 core. */
export const scoredCpuMilli = ({ cpuMilli }: Pick<PodShape, 'cpuMilli'>): number =>
  cpuMilli === 0 ? DEFAULT_CPU_MILLI : cpuMilli;

type Kind = Omit<TargetPod, 'popularity'>;

function larger(a: Kind, b: Kind): number {
  return (
    b.cpuMilli - a.cpuMilli ||
    b.gpuMilli - a.gpuMilli ||
    b.gpuCount - a.gpuCount ||
    (b.gpuModels.join('|') > a.gpuModels.join('|') ? 1 : -1)
  );
}

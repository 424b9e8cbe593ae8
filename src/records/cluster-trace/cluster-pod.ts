/** One schedulable unit of a cluster trace: a pod, or one node's share of a batch job. */
export interface ClusterPod {
  /** Line of the source file, from 1. */
  line: number;
  name: string;
  /** Thousandths of a CPU core; 0 when nothing was asked for or the trace does not say. */
  cpuMilli: number;
  memoryMib: number;
  gpuCount: number;
  /** Thousandths of each card, 1 to 1000, below 1000 shared; 0 exactly when gpuCount is 0. */
  gpuMilli: number;
  /** Card models it accepts, in the order of the trace; empty accepts any. */
  gpuModels: readonly string[];
  /** Who asked: user, account or service class; null when the trace does not say. */
  owner: string | null;
  /** Pods of one gang start together or not at all; null for a pod that stands alone. */
  gang: string | null;
  /** Higher goes first; null when the trace has no priorities. */
  priority: number | null;
  /** Seconds on the trace's clock; null when the trace does not say. */
  arrivalS: number | null;
  /** Seconds it runs once started; null when unknown. */
  durationS: number | null;
}

/** Thousandths of a card that the pod holds in all. */
export const podGpuMilli = (pod: ClusterPod): number => pod.gpuCount * pod.gpuMilli;

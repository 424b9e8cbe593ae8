/** One machine of a cluster as schedulers see it. */
export interface ClusterNode {
  name: string;
  /** Thousandths of a CPU core. */
  cpuMilli: number;
  memoryMib: number;
  gpuCount: number;
  /** Card model as the trace writes it; null on a machine without cards or where it is not said. */
  gpuModel: string | null;
}

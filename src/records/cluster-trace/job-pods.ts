import { traceError } from '../traces/trace-row.ts';
import type { ClusterPod } from './cluster-pod.ts';

/** Nodes of one job at most: beyond the largest jobs ever published. */
const MAX_NODES = 65_536;

/** A batch job as schedulers report it: resources in all, spread evenly over its nodes. */
export interface BatchJob {
  line: number;
  name: string;
  owner: string | null;
  nodes: number;
  cpuMilli: number;
  memoryMib: number;
  gpuCount: number;
  /** Below 1000 only for a job of one card. */
  gpuMilli: number;
  gpuModel: string | null;
  priority: number | null;
  arrivalS: number | null;
  durationS: number | null;
}

/**
 * One pod for each node of a job; more than one are a gang. Cards that do not divide evenly go to
 * the first nodes. Throws TR_TRACE_INVALID when the number of nodes cannot be.
 */
export function jobPods(job: BatchJob): ClusterPod[] {
  const { line, name, nodes, gpuCount } = job;
  if (nodes < 1 || nodes > MAX_NODES) {
    throw traceError(line, 'nodes', `${nodes} nodes`, `give a number from 1 to ${MAX_NODES}`);
  }
  return Array.from({ length: nodes }, (_, i) => ({
    line,
    name: nodes === 1 ? name : `${name}#${i}`,
    cpuMilli: Math.ceil(job.cpuMilli / nodes),
    memoryMib: Math.ceil(job.memoryMib / nodes),
    gpuCount: Math.floor(gpuCount / nodes) + (i < gpuCount % nodes ? 1 : 0),
    gpuMilli: gpuCount === 0 || (gpuCount < nodes && i >= gpuCount) ? 0 : job.gpuMilli,
    gpuModels: job.gpuModel === null ? [] : [job.gpuModel],
    owner: job.owner,
    gang: nodes === 1 ? null : name,
    priority: job.priority,
    arrivalS: job.arrivalS,
    durationS: job.durationS,
  }));
}

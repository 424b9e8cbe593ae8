import { podGpuMilli, type ClusterPod } from '../../../records/cluster-trace/cluster-pod.ts';
import type { Random } from '../../core/random.ts';
import { shapePods, type PodShape } from '../pod-shape.ts';
import type { QueuePolicy } from './queue-policy.ts';
import { sharedCard } from './shared-card.ts';

/** What starts and ends as one: a pod alone, or all pods of a gang. */
export interface WorkUnit {
  id: number;
  name: string;
  shapes: readonly PodShape[];
  arrivalS: number;
  durationS: number;
  owner: string | null;
  priority: number;
  /** Thousandths of cards that all its pods are granted. */
  gpuMilli: number;
  /** The same as they asked for. */
  askedMilli: number;
}

/** Jobs of a trace that can be replayed, before policies shape them. */
export interface ReplayJob {
  pods: readonly ClusterPod[];
  arrivalS: number;
  durationS: number;
}

export interface ReplayJobs {
  jobs: ReplayJob[];
  /** Pods left out because the trace does not say when they came or how long they ran. */
  withoutTimes: number;
}

/**
 * Groups pods into jobs by gang, in order of arrival; times count from the first arrival. A gang
 * arrives with its last pod and runs as long as its longest.
 */
export function replayJobs(pods: readonly ClusterPod[]): ReplayJobs {
  const timed = pods.flatMap((pod) => {
    const { arrivalS, durationS } = pod;
    return arrivalS === null || durationS === null ? [] : [{ pod, arrivalS, durationS }];
  });
  const groups = new Map<string, ReplayJob & { pods: ClusterPod[] }>();
  timed.forEach(({ pod, arrivalS, durationS }, i) => {
    const key = pod.gang === null ? `pod ${i}` : `gang ${pod.gang}`;
    const job = groups.get(key) ?? { pods: [], arrivalS, durationS };
    job.pods.push(pod);
    job.arrivalS = Math.max(job.arrivalS, arrivalS);
    job.durationS = Math.max(job.durationS, durationS);
    groups.set(key, job);
  });
  const jobs: ReplayJob[] = [...groups.values()].sort((a, b) => a.arrivalS - b.arrivalS);
  const startS = jobs[0]?.arrivalS ?? 0;
  for (const job of jobs) job.arrivalS -= startS;
  return { jobs, withoutTimes: pods.length - timed.length };
}

/**
 * The same arrival times with jobs drawn from the trace with replacement (bootstrap): what the
 * trace could as well have been. It varies who comes when, not how many.
 */
export function resampleJobs(jobs: readonly ReplayJob[], random: Random): ReplayJob[] {
  return jobs.map((slot) => {
    const drawn = jobs[Math.floor(random.uniform() * jobs.length)] ?? slot;
    return { pods: drawn.pods, durationS: drawn.durationS, arrivalS: slot.arrivalS };
  });
}

/** Jobs as one policy sees them. `load` above 1 brings the arrivals closer together. */
export function workUnits(
  jobs: readonly ReplayJob[],
  sharing: QueuePolicy['sharing'],
  load: number,
): WorkUnit[] {
  const pods = jobs.flatMap((job) => job.pods.map((pod) => sharedCard(pod, sharing)));
  const { shapeOf } = shapePods(pods);
  let next = 0;
  return jobs.map((job, id) => {
    const shapes = shapeOf.slice(next, (next += job.pods.length));
    const [first] = job.pods;
    return {
      id,
      name: first?.gang ?? first?.name ?? '',
      shapes,
      arrivalS: job.arrivalS / load,
      durationS: job.durationS,
      owner: first?.owner ?? null,
      priority: first?.priority ?? 0,
      gpuMilli: shapes.reduce((sum, { gpuMilliInAll }) => sum + gpuMilliInAll, 0),
      askedMilli: job.pods.reduce((sum, pod) => sum + podGpuMilli(pod), 0),
    };
  });
}

import type { ClusterNode } from '../../../records/cluster-trace/cluster-node.ts';
import type { ClusterPod } from '../../../records/cluster-trace/cluster-pod.ts';
import { fail, ok, type Result } from '../../../records/errors.ts';
import { createRandom, mixSeeds } from '../../core/random.ts';
import { shapePods } from '../pod-shape.ts';
import { watchRuns, type RunWatch } from '../run-watch.ts';
import { targetWorkload } from '../target-workload.ts';
import { queuePolicy, type QueuePolicyName } from './queue-policy.ts';
import { adviseQueue, queueRow, type QueueAdvice, type QueueRow } from './queue-summary.ts';
import { replayQueue } from './replay-queue.ts';
import { replayJobs, resampleJobs, workUnits } from './work-unit.ts';

export interface RecordedReplayOptions {
  nodes: readonly ClusterNode[];
  pods: readonly ClusterPod[];
  /** Without repetition; gains are against the first one. */
  policies: readonly QueuePolicyName[];
  /** The first seed replays the trace as it is; each other one draws its jobs anew. */
  seeds: readonly number[];
  /** Arrivals per recorded arrival time: 2 brings twice the load. */
  load: number;
  usdPerGpuHour: number | null;
}

export interface RecordedReplay {
  arrivals: 'recorded';
  nodes: number;
  gpus: number;
  /** Jobs replayed: pods alone, and gangs. */
  jobs: number;
  /** Pods left out because the trace does not say when they came or how long they ran. */
  withoutTimes: number;
  /** From the first to the last arrival. */
  windowHours: number;
  load: number;
  seeds: readonly number[];
  policies: readonly QueuePolicyName[];
  rows: QueueRow[];
  advice: QueueAdvice[];
}

/** Replays the trace under every policy. TR_TRACE_INVALID without times; null when stopped. */
export async function replayRecorded(
  options: RecordedReplayOptions,
  watch: RunWatch,
): Promise<Result<RecordedReplay | null>> {
  const { nodes, pods, policies, seeds, load, usdPerGpuHour } = options;
  const { jobs, withoutTimes } = replayJobs(pods);
  const last = jobs.at(-1);
  if (last === undefined || last.arrivalS === 0) {
    const message =
      'pods: no two pods have a time of arrival and a run time; give a list with them, or leave ' +
      'out policies of the line and take shuffled arrivals';
    return fail('TR_TRACE_INVALID', message, { field: 'creation_time' });
  }
  const target = targetWorkload(shapePods(pods));
  const done = await watchRuns(
    policies.flatMap((policy) =>
      seeds.map((seed, i) => ({ name: `${policy}, seed ${seed}`, job: { policy, seed, i } })),
    ),
    ({ policy: name, seed, i }) => {
      const policy = queuePolicy(name);
      const drawn = i === 0 ? jobs : resampleJobs(jobs, createRandom(mixSeeds(seed, 2)));
      const units = workUnits(drawn, policy.sharing, load);
      return { name, run: replayQueue({ nodes, units, target, policy, seed }) };
    },
    watch,
  );
  if (done === null) return ok(null);
  const byPolicy = new Map(
    policies.map((policy) => [policy, done.filter((d) => d.name === policy).map((d) => d.run)]),
  );
  return ok({
    arrivals: 'recorded',
    nodes: nodes.length,
    gpus: nodes.reduce((sum, { gpuCount }) => sum + gpuCount, 0),
    jobs: jobs.length,
    withoutTimes,
    windowHours: last.arrivalS / load / 3600,
    load,
    seeds,
    policies,
    rows: [...byPolicy].map(([policy, runs]) => queueRow(policy, runs, usdPerGpuHour)),
    advice: adviseQueue(byPolicy, usdPerGpuHour),
  });
}

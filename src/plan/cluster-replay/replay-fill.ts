import type { ClusterNode } from '../../records/cluster-trace/cluster-node.ts';
import type { ClusterPod } from '../../records/cluster-trace/cluster-pod.ts';
import { fail, ok, type Result } from '../../records/errors.ts';
import { fillCluster, type FillRun } from './fill-cluster.ts';
import { adviseFill, summarizeFill, type FillAdvice, type FillSummaryRow } from './fill-summary.ts';
import type { PlacementName } from './placement/placements.ts';
import { shapePods } from './pod-shape.ts';
import { watchRuns, type RunWatch } from './run-watch.ts';
import { targetWorkload } from './target-workload.ts';

export interface FillReplayOptions {
  nodes: readonly ClusterNode[];
  pods: readonly ClusterPod[];
  /** Without repetition; the first one is what the gain is measured against. */
  policies: readonly PlacementName[];
  seeds: readonly number[];
  /** Requests at which arrivals stop, as a share of all cards. */
  fillTo: number;
  usdPerGpuHour: number | null;
}

export interface FillReplay {
  arrivals: 'shuffled';
  nodes: number;
  gpus: number;
  pods: number;
  /** Kinds of pods that fragmentation is measured against. */
  targetKinds: number;
  seeds: readonly number[];
  policies: readonly PlacementName[];
  /** Every whole percent of arrivals, policy by policy. */
  points: FillSummaryRow[];
  runs: Array<Omit<FillRun, 'points'> & { policy: PlacementName }>;
  advice: FillAdvice | null;
}

/**
 * Fills the cluster under every policy with every seed. TR_TRACE_INVALID when no pod asks for a
 * card or when the pods ask for no more than nothing; null when stopped.
 */
export async function replayFill(
  options: FillReplayOptions,
  watch: RunWatch,
): Promise<Result<FillReplay | null>> {
  const { nodes, policies, seeds, fillTo } = options;
  const pods = shapePods(options.pods);
  if (pods.shapes.every(({ gpuCount }) => gpuCount === 0)) {
    const message = 'pods: num_gpu: no pod asks for a card; give a list with pods that do';
    return fail('TR_TRACE_INVALID', message, { field: 'num_gpu' });
  }
  const target = targetWorkload(pods);
  const jobs = policies.flatMap((placement) =>
    seeds.map((seed) => ({ name: `${placement}, seed ${seed}`, job: { placement, seed } })),
  );
  const done = await watchRuns(
    jobs,
    ({ placement, seed }) => ({
      policy: placement,
      run: fillCluster({ nodes, pods, target, placement, seed, fillTo }),
    }),
    watch,
  );
  if (done === null) return ok(null);
  const byPolicy = new Map(
    policies.map((policy) => [policy, done.filter((d) => d.policy === policy).map((d) => d.run)]),
  );
  const gpus = nodes.reduce((sum, { gpuCount }) => sum + gpuCount, 0);
  const baseline = policies[0] ?? 'random';
  return ok({
    arrivals: 'shuffled',
    nodes: nodes.length,
    gpus,
    pods: options.pods.length,
    targetKinds: target.length,
    seeds,
    policies,
    points: [...byPolicy].flatMap(([policy, runs]) => summarizeFill(policy, runs)),
    runs: done.map(({ policy, run }) => ({
      policy,
      seed: run.seed,
      arrived: run.arrived,
      placed: run.placed,
      refused: run.refused,
    })),
    advice: adviseFill(byPolicy, baseline, gpus, options.usdPerGpuHour),
  });
}

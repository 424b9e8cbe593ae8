import { simulateServing } from '../serving/simulate-serving.ts';
import type { Candidate } from './candidate.ts';
import type { ReplicaModel } from './replica-model.ts';
import type { Workload } from './workload-requests.ts';

/** Requests per place in a batch: enough that most of the run is spent full. */
const ROUNDS = 4;
const MAX_REQUESTS = 20_000;

/**
 * Requests a second that a candidate finishes when more is always waiting: the rate beyond which its
 * queue only grows. Two runs in which everything arrives at once, one twice as long; the difference leaves out
 * how batches fill and drain. Null when the workload does not run on it.
 */
export function saturationPerS(
  { spec }: ReplicaModel,
  candidate: Candidate,
  workload: Workload,
): number | null {
  const count = Math.min(MAX_REQUESTS, ROUNDS * candidate.maxSequences);
  const short = spanOf(spec, workload, count);
  const long = spanOf(spec, workload, 2 * count);
  if (short === null || long === null || long <= short) return null;
  return (candidate.replicas * count) / (long - short);
}

function spanOf(spec: ReplicaModel['spec'], workload: Workload, count: number): number | null {
  const requests = workload
    .requests(count)
    .map((request) => Object.assign(request, { arrivalS: 0 }));
  const run = simulateServing({ replicas: [spec], requests });
  return run.ok && run.value.requests.refused === 0 ? run.value.spanS : null;
}

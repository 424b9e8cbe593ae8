import type { Plan } from '../plan-file/plan-schema.ts';
import type { LatencyStats } from '../serving/serving-result.ts';
import { reusableTokens } from '../workload/reusable-tokens.ts';
import { evaluateCandidate } from './evaluate-candidate.ts';
import type { Evaluation } from './evaluation.ts';
import type { ReplicaModel } from './replica-model.ts';
import { saturationPerS } from './saturation.ts';
import type { Workload } from './workload-requests.ts';

/** What the prefix cache does for a deployment, and what would be without it. */
export interface PrefixReuse {
  /** Share of the prompt tokens that were found, simulated. */
  hitShare: number;
  /** Share that an unbounded cache of the whole fleet would find: what memory and routing can still gain. */
  reusableShare: number;
  /** The same deployment when every prompt is computed whole. */
  without: { ttftMs: LatencyStats; saturationPerS: number | null };
}

/** Null where no request carries block ids. */
export function prefixReuse(
  plan: Plan,
  model: ReplicaModel,
  workload: Workload,
  { candidate, requests: count, prefixHitShare }: Evaluation,
): PrefixReuse | null {
  const requests = workload.requests(count);
  if (requests.every(({ blockIds }) => blockIds == null)) return null;
  const apart: Workload = {
    ...workload,
    requests: (most) =>
      workload.requests(most).map((one) => Object.assign(one, { blockIds: null })),
  };
  const without = evaluateCandidate(plan, apart, candidate, count);
  if (!without.ok) return null;
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  return {
    hitShare: prefixHitShare,
    reusableShare: sum(reusableTokens(requests)) / sum(requests.map((one) => one.promptTokens)),
    without: {
      ttftMs: without.value.ttftMs,
      saturationPerS: saturationPerS(model, candidate, apart),
    },
  };
}

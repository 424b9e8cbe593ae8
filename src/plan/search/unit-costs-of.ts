import { unitCosts, type UnitCosts } from '../money/unit-cost.ts';
import type { StepTimeModel } from '../time/step-time.ts';
import type { Evaluation } from './evaluation.ts';
import { tokenWeights } from './token-weights.ts';
import type { Workload } from './workload-requests.ts';

/** Mean tokens of a workload's requests. */
export interface MeanTokens {
  inputTokens: number;
  outputTokens: number;
}

export function meanTokens(workload: Workload, count: number): MeanTokens {
  const requests = workload.requests(count);
  const sum = (of: 'promptTokens' | 'outputTokens'): number =>
    requests.reduce((total, one) => total + one[of], 0);
  return {
    inputTokens: sum('promptTokens') / requests.length,
    outputTokens: sum('outputTokens') / requests.length,
  };
}

/**
 * An hourly amount over requests and tokens, split between them by the accelerator time they take at the batch of the
 * evaluation. Null without traffic.
 */
export function unitCostsOf(
  time: StepTimeModel,
  { meanRunning, candidate, prefixHitShare }: Evaluation,
  usdPerHour: number,
  ratePerS: number,
  tokens: MeanTokens,
): UnitCosts | null {
  const running = meanRunning / candidate.replicas;
  const weights = tokenWeights(time, running, tokens.inputTokens + tokens.outputTokens / 2);
  return unitCosts(
    usdPerHour,
    ratePerS,
    { ...tokens, cachedTokens: tokens.inputTokens * prefixHitShare },
    weights,
  );
}

import { mean } from './median.ts';
import type { Lane, StepLanes } from './step-lanes.ts';

export type LossCause = 'data-loading' | 'communication' | 'host' | 'copies';

/** Accelerator time that is not computation, by cause. */
export interface Loss {
  cause: LossCause;
  /** Of all step time, 0 to 1. */
  share: number;
  meanPerStepMs: number;
  /** Mean step time if all of it went and nothing else changed: a bound, not a forecast. */
  boundMeanStepMs: number;
  explanation: string;
  fix: string;
}

const CAUSES: ReadonlyArray<{
  cause: LossCause;
  lanes: readonly Lane[];
  explanation: string;
  fix: string;
}> = [
  {
    cause: 'data-loading',
    lanes: ['dataLoading'],
    explanation: 'the accelerator idles while the training loop waits for the next batch',
    fix: 'load in parallel: DataLoader(num_workers, prefetch_factor, pin_memory), faster decode or storage',
  },
  {
    cause: 'communication',
    lanes: ['communication'],
    explanation: 'collectives run with no computation beside them, or wait for their peers',
    fix: 'overlap with the backward pass (gradient buckets, FSDP prefetch), fewer and larger collectives; compare ranks for stragglers',
  },
  {
    cause: 'host',
    lanes: ['runtimeCalls', 'hostOperators', 'unexplained'],
    explanation: 'the accelerator idles because the host does not launch work fast enough',
    fix: 'CUDA graphs or torch.compile, larger batches, fewer synchronizations (.item(), .cpu(), print of tensors)',
  },
  {
    cause: 'copies',
    lanes: ['copies'],
    explanation: 'copies between host and accelerator run with no computation beside them',
    fix: 'pin_memory and non_blocking copies on their own stream; keep data on the accelerator',
  },
];

/** Losses, the largest first; causes that cost nothing are left out. */
export function losses(steps: readonly StepLanes[]): Loss[] {
  const totalUs = steps.reduce((sum, step) => sum + step.totalUs, 0);
  const meanStepUs = mean(steps.map((step) => step.totalUs)) ?? 0;
  if (totalUs <= 0) return [];
  return CAUSES.map(({ cause, lanes, explanation, fix }) => {
    const lostUs = steps.reduce(
      (sum, { lanesUs }) => sum + lanes.reduce((part, lane) => part + lanesUs[lane], 0),
      0,
    );
    const perStepUs = lostUs / steps.length;
    return {
      cause,
      share: lostUs / totalUs,
      meanPerStepMs: perStepUs / 1000,
      boundMeanStepMs: (meanStepUs - perStepUs) / 1000,
      explanation,
      fix,
    };
  })
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share);
}

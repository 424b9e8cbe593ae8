import type { RunTimes } from './simulate-run.ts';
import type { TrainingStep } from './training-step.ts';

/**
 * What accelerator time goes to, in the order it is shown. `compute` is the only one that is
 * wanted.
 */
export const SPEND_CAUSES = [
  'compute',
  'recompute',
  'pipelineBubble',
  'communication',
  'dataInput',
  'stragglers',
  'stepOverhead',
  'checkpoint',
  'lostWork',
  'failureDetection',
  'restart',
] as const;
export type SpendCause = (typeof SPEND_CAUSES)[number];

/** Share of all accelerator time per cause; sums to 1. */
export type SpendShares = Readonly<Record<SpendCause, number>>;

/**
 * Splits the wall time of a run. Stepping time that counted is split as one step is; work that a
 * failure undid is its own cause, whatever it was spent on when it was done.
 */
export function spendShares(step: TrainingStep, run: RunTimes): SpendShares {
  const stepping = run.workS / run.wallS;
  const part = (seconds: number): number => (stepping * seconds) / step.stepS;
  return {
    compute: part(step.computeS),
    recompute: part(step.recomputeS),
    pipelineBubble: part(step.bubbleS),
    communication: part(
      step.tensorExchangeS + step.pipelineExchangeS + step.dataExchangeS + step.expertExchangeS,
    ),
    dataInput: part(step.dataInputS),
    stragglers: part(step.stragglerS),
    stepOverhead: part(step.overheadS),
    checkpoint: run.checkpointStallS / run.wallS,
    lostWork: run.lostWorkS / run.wallS,
    failureDetection: run.detectS / run.wallS,
    restart: run.restartS / run.wallS,
  };
}

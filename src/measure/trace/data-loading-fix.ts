import { median } from './median.ts';
import type { StepLanes } from './step-lanes.ts';

/** What a step takes once loading runs beside training, from a trace in which it does not. */
export interface DataLoadingFix {
  rule: string;
  /** Median step time now, and with the wait taken out and nothing else changed. */
  medianStepMs: number;
  naiveMedianStepMs: number;
  predictedMedianStepMs: number;
  interval90Ms: [number, number];
  /** Loader processes that can prepare batches as fast as the fixed step takes them. */
  minWorkers: number;
}

/**
 * A worker that shares a core with the training process by simultaneous multithreading, or takes
 * every other slice of it, slows what the host does by at most two; on an idle core by nothing.
 */
const MIN_SLOWDOWN = 1;
const MAX_SLOWDOWN = 2;
const Z90 = 1.645;
/** Standard error of a median against that of a mean, for nearly normal values. */
const MEDIAN_SPREAD = 1.2533;
/** Standard deviations in a median absolute deviation, for nearly normal values. */
const MAD_TO_SIGMA = 1.4826;

const RULE =
  'step - loader wait + (s - 1) x host time in which the accelerator idles; s, the slowdown of the ' +
  'host by loader workers, is even between 1 (idle cores) and 2 (each worker shares a core with the ' +
  'training process); the interval takes the middle 90 % of s and, in quadrature, that of the median over steps';

/**
 * Predicts the median step when the loader runs in parallel. What is taken out is only the wait in
 * which the accelerator had nothing to do; what stays is device time, and the host time that it
 * waits for, which loader workers can slow. Null without steps or without loader wait.
 */
export function dataLoadingFix(steps: readonly StepLanes[]): DataLoadingFix | null {
  const medianUs = median(steps.map(({ totalUs }) => totalUs));
  const loaderUs = median(steps.map(({ lanesUs }) => lanesUs.dataLoading));
  if (medianUs === null || loaderUs === null || loaderUs <= 0) return null;
  const fixed = (slowdown: number): number =>
    median(steps.map((step) => withoutWait(step) + (slowdown - 1) * exposedHostUs(step))) ?? 0;
  const spread = medianSpreadUs(steps.map(withoutWait));
  const at = (share: number): number => MIN_SLOWDOWN + share * (MAX_SLOWDOWN - MIN_SLOWDOWN);
  const predictedUs = fixed(at(0.5));
  // Two independent errors: of the slowdown and of the median. Their squares add.
  const lowUs = predictedUs - Math.hypot(predictedUs - fixed(at(0.05)), spread);
  const highUs = predictedUs + Math.hypot(fixed(at(0.95)) - predictedUs, spread);
  const naiveUs = fixed(MIN_SLOWDOWN);
  return {
    rule: RULE,
    medianStepMs: medianUs / 1000,
    naiveMedianStepMs: naiveUs / 1000,
    predictedMedianStepMs: predictedUs / 1000,
    interval90Ms: [lowUs / 1000, highUs / 1000],
    minWorkers: Math.max(1, Math.ceil(loaderUs / naiveUs)),
  };
}

const withoutWait = ({ totalUs, lanesUs }: StepLanes): number => totalUs - lanesUs.dataLoading;

const exposedHostUs = ({ lanesUs }: StepLanes): number =>
  lanesUs.runtimeCalls + lanesUs.hostOperators + lanesUs.unexplained;

/** Half a 90 % interval of the median of these values. */
function medianSpreadUs(values: readonly number[]): number {
  const middle = median(values) ?? 0;
  const sigma = MAD_TO_SIGMA * (median(values.map((value) => Math.abs(value - middle))) ?? 0);
  return (Z90 * MEDIAN_SPREAD * sigma) / Math.sqrt(values.length);
}

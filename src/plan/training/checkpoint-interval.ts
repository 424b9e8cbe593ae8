import { createRandom } from '../core/random.ts';

/** Times of one failing system, seconds. */
export interface CheckpointTiming {
  /** How long a checkpoint stops the work. */
  stallS: number;
  /**
   * How long after the stall it can be restored from (an asynchronous write); 0 when synchronous.
   */
  durableDelayS: number;
  /** Mean time between failures of the whole system. */
  mtbfS: number;
}

/**
 * sqrt(2 C M), the first-order optimum (Young, CACM 17(9), 1974). Seconds of work between
 * checkpoints.
 */
export const youngIntervalS = ({ stallS, mtbfS }: CheckpointTiming): number =>
  Math.sqrt(2 * stallS * mtbfS);

/**
 * Daly's higher-order optimum (Future Generation Computer Systems 22(3), 2006, equation 37): for C
 * < 2 M, sqrt(2 C M) [1 + 1/3 sqrt(C / 2M) + 1/9 (C / 2M)] - C, else M. For exponential failures
 * and synchronous checkpoints.
 */
export function dalyIntervalS(timing: CheckpointTiming): number {
  const { stallS, mtbfS } = timing;
  if (stallS >= 2 * mtbfS) return mtbfS;
  const ratio = stallS / (2 * mtbfS);
  return youngIntervalS(timing) * (1 + Math.sqrt(ratio) / 3 + ratio / 9) - stallS;
}

export interface BestInterval {
  intervalS: number;
  /**
   * Share of time that checkpoints and lost work take at that interval, without detection and
   * restart.
   */
  wasteShare: number;
}

/** Gaps per search: intervals of different seeds then agree within about 2 %. */
const GAPS = 50_000;
const LEVELS = 33;

/**
 * The interval that loses least, by simulation: the same `GAPS` drawn times to failure are replayed
 * at every interval tried (common random numbers), first over five decades, then twice closer
 * around the best, and the minimum is read off a parabola in log interval, along which the waste is
 * flat and symmetric to third order. Some 5 million steps of arithmetic. `gapS` draws one time from
 * start or restart to the next failure.
 */
export function simulatedBestInterval(timing: CheckpointTiming, gapS: () => number): BestInterval {
  const gaps = Float64Array.from({ length: GAPS }, gapS);
  const coarse = scan(timing, gaps, timing.mtbfS / 300, Math.sqrt(3000));
  const near = scan(timing, gaps, lowest(coarse), 3);
  const fine = scan(timing, gaps, parabolaMinimum(near), 1.7);
  const intervalS = parabolaMinimum(fine);
  return { intervalS, wasteShare: wasteShare(timing, gaps, intervalS) };
}

type Scan = Array<{ logInterval: number; waste: number }>;

/** Waste at levels spread evenly in log from centre / factor to centre x factor. */
function scan(timing: CheckpointTiming, gaps: Float64Array, centreS: number, factor: number): Scan {
  return Array.from({ length: LEVELS }, (_, i) => {
    const logInterval = Math.log(centreS) + (2 * (i / (LEVELS - 1)) - 1) * Math.log(factor);
    return { logInterval, waste: wasteShare(timing, gaps, Math.exp(logInterval)) };
  });
}

/**
 * Renewal-reward: of each gap, the work of the checkpoints that became durable in it counts; the
 * rest is lost.
 */
function wasteShare(timing: CheckpointTiming, gaps: Float64Array, intervalS: number): number {
  const cycleS = intervalS + timing.stallS;
  let keptS = 0;
  let totalS = 0;
  // Indexed: iterating a typed array costs several times as much, and this is the whole search.
  for (let i = 0; i < gaps.length; i += 1) {
    const gapS = gaps[i] ?? 0;
    keptS += Math.max(0, Math.floor((gapS - timing.durableDelayS) / cycleS)) * intervalS;
    totalS += gapS;
  }
  return 1 - keptS / totalS;
}

const lowest = (levels: Scan): number =>
  Math.exp(levels.reduce((a, b) => (b.waste < a.waste ? b : a)).logInterval);

/** Least-squares parabola through the levels; the lowest level where it does not open upwards. */
function parabolaMinimum(levels: Scan): number {
  const centre = levels.reduce((sum, { logInterval }) => sum + logInterval, 0) / levels.length;
  // Levels are symmetric about their centre, so odd sums vanish and the normal equations separate.
  const sums = { w: 0, xw: 0, xxw: 0, x2: 0, x4: 0 };
  for (const { logInterval, waste } of levels) {
    const x = logInterval - centre;
    sums.w += waste;
    sums.xw += x * waste;
    sums.xxw += x * x * waste;
    sums.x2 += x * x;
    sums.x4 += x ** 4;
  }
  const n = levels.length;
  const slope = sums.xw / sums.x2;
  const curvature = (n * sums.xxw - sums.x2 * sums.w) / (n * sums.x4 - sums.x2 ** 2);
  const shift = -slope / (2 * curvature);
  const last = levels.at(-1)?.logInterval ?? centre;
  if (!(curvature > 0) || Math.abs(shift) > last - centre) return lowest(levels);
  return Math.exp(centre + shift);
}

/**
 * Times to failure of a system whose mean is `mtbfS`: exponential for shape 1, else Weibull (shape
 * below 1: failures cluster, above 1: parts wear out).
 */
export function failureGaps(mtbfS: number, shape: number, seed: number): () => number {
  const random = createRandom(seed);
  if (shape === 1) return () => random.exponential(mtbfS);
  const scaleS = mtbfS / gamma(1 + 1 / shape);
  return () => scaleS * random.exponential(1) ** (1 / shape);
}

/** Gamma function for x >= 1, Stirling's series after shifting x above 10 (DLMF 5.11.1). */
function gamma(x: number): number {
  let divisor = 1;
  let at = x;
  while (at < 10) {
    divisor *= at;
    at += 1;
  }
  const series = 1 / (12 * at) - 1 / (360 * at ** 3) + 1 / (1260 * at ** 5);
  return Math.exp((at - 0.5) * Math.log(at) - at + Math.log(2 * Math.PI) / 2 + series) / divisor;
}

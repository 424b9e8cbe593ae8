/**
 * AU, accelerator utilization, as MLPerf Storage publishes it, and beside it wall AU. All in shares.
 *
 * AU (DLIO `statscounter.py`, the engine of MLPerf Storage): compute time of the block without its
 * first step, over the wall time of the block without its first step. Mean over ranks and epochs.
 *
 * Wall AU counts the first step as well: all compute over all wall time. The bill runs during the
 * first step too, so money is computed from wall AU; the published figure decides pass or fail.
 */
export interface BlockTimes {
  /** Seconds of computation of each step, in order. */
  computeS: readonly number[];
  /** Seconds from asking for the first batch to the end of its computation. */
  firstStepS: number;
  /** Seconds from the start of the block to its end. */
  wallS: number;
}

export interface BlockUse {
  au: number;
  wallAu: number;
  steps: number;
}

/** Both figures of one block of one rank; zero where there is no step. */
export function blockUse({ computeS, firstStepS, wallS }: BlockTimes): BlockUse {
  const [first = 0] = computeS;
  const all = computeS.reduce((sum, one) => sum + one, 0);
  const restWallS = wallS - firstStepS;
  return {
    // Summed without the first, not by subtracting it: published figures are compared to 1e-9.
    au: restWallS > 0 && all > first ? sumFrom(computeS, 1) / restWallS : 0,
    wallAu: wallS > 0 ? all / wallS : 0,
    steps: computeS.length,
  };
}

const sumFrom = (values: readonly number[], start: number): number => {
  let sum = 0;
  for (let i = start; i < values.length; i += 1) sum += values[i] ?? 0;
  return sum;
};

/** Figures of one epoch of one rank: its blocks weighed by their steps, as DLIO does. */
export function epochUse(blocks: readonly BlockUse[]): BlockUse {
  const steps = blocks.reduce((sum, block) => sum + block.steps, 0);
  const weighed = (of: (block: BlockUse) => number): number =>
    steps === 0 ? 0 : blocks.reduce((sum, block) => sum + of(block) * block.steps, 0) / steps;
  return { au: weighed((block) => block.au), wallAu: weighed((block) => block.wallAu), steps };
}

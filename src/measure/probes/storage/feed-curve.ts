import type { EmulationResult } from './emulation.ts';

/** One point of the curve: how well the storage feeds so many accelerators. */
export interface FeedPoint {
  accelerators: number;
  au: number;
  wallAu: number;
  mbPerS: number;
  samplesPerS: number;
}

export interface Feed {
  /** Most accelerators that reached the threshold; 0 when even one did not. */
  fed: number;
  /** True when the largest count tried still reached it: the storage may feed more. */
  atLeast: boolean;
  /** In order of accelerators. */
  curve: FeedPoint[];
}

/**
 * Finds how many accelerators the storage feeds: doubles until AU falls under the threshold or
 * `maxAccelerators` is reached, then halves the gap. `run` is called O(log n) times, never twice for
 * the same count.
 */
export async function findFed(
  run: (accelerators: number) => Promise<EmulationResult>,
  options: { auThreshold: number; startAt: number; maxAccelerators: number },
): Promise<Feed & { results: EmulationResult[] }> {
  const results = new Map<number, EmulationResult>();
  const isFed = async (accelerators: number): Promise<boolean> => {
    const result = results.get(accelerators) ?? (await run(accelerators));
    results.set(accelerators, result);
    return result.au >= options.auThreshold;
  };
  let high = Math.min(options.startAt, options.maxAccelerators);
  let low = 0;
  while (await isFed(high)) {
    low = high;
    if (high >= options.maxAccelerators) break;
    high = Math.min(high * 2, options.maxAccelerators);
  }
  while (low < high - 1) {
    const middle = Math.floor((low + high) / 2);
    if (await isFed(middle)) low = middle;
    else high = middle;
  }
  const sorted = [...results.values()].toSorted((a, b) => a.accelerators - b.accelerators);
  return {
    fed: low,
    atLeast: low === options.maxAccelerators,
    curve: sorted.map(pointOf),
    results: sorted,
  };
}

export const pointOf = (result: EmulationResult): FeedPoint => ({
  accelerators: result.accelerators,
  au: result.au,
  wallAu: result.wallAu,
  mbPerS: result.mbPerS,
  samplesPerS: result.samplesPerS,
});

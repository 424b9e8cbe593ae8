import { createRandom } from '../core/random.ts';

/** Loaders that fill a bounded buffer of batches while the accelerators empty it. */
export interface DataPipeline {
  /** Seconds the accelerators need for a step when no batch is missing. */
  stepS: number;
  /** Mean seconds the loaders, all together, need for the batch of one step. */
  loadS: number;
  /** Coefficient of variation of the loading time of a batch. */
  variation: number;
  /** Batches that may be ready ahead. */
  prefetchBatches: number;
  seed: number;
}

const STEPS = 20_000;
const WARM_UP = 2_000;

/**
 * Mean seconds a step waits for its batch. With even loading times this is max(0, loadS - stepS)
 * whatever the buffer: a pipeline at 60 % of demand stalls 40 % of the time. With uneven ones a
 * buffer of finite depth runs dry now and then even when the mean keeps up; that is simulated
 * (lognormal times, bounded buffer, the recurrence of a two-station line with blocking).
 */
export function dataStallS(pipeline: DataPipeline): number {
  const { stepS, loadS, variation, prefetchBatches: depth, seed } = pipeline;
  if (variation === 0) return Math.max(0, loadS - stepS);
  const random = createRandom(seed);
  const startedS = new Float64Array(depth);
  let loadedS = 0;
  let endS = 0;
  let stalledS = 0;
  for (let step = 0; step < STEPS; step += 1) {
    // A slot frees when the step that used it, `depth` earlier, has taken its batch.
    const slotFreeS = startedS[step % depth] ?? 0;
    loadedS = Math.max(loadedS, slotFreeS) + random.lognormal(loadS, variation);
    const startS = Math.max(endS, loadedS);
    if (step >= WARM_UP) stalledS += startS - endS;
    startedS[step % depth] = startS;
    endS = startS + stepS;
  }
  return stalledS / (STEPS - WARM_UP);
}

import { createRandom, mixSeeds } from '../core/random.ts';
import type { QueueDraws } from './simulate-queue.ts';

/**
 * How long jobs are served: always alike, exponential, or lognormal with a coefficient of
 * variation.
 */
export type ServiceLaw =
  | { kind: 'deterministic' }
  | { kind: 'exponential' }
  | { kind: 'lognormal'; variation: number };

/** Poisson arrivals and one service law, from two streams derived of one seed. */
export function poissonDraws(options: {
  arrivalRate: number;
  serviceMeanS: number;
  law: ServiceLaw;
  seed: number;
}): QueueDraws {
  const { arrivalRate, serviceMeanS, law, seed } = options;
  const gaps = createRandom(mixSeeds(seed, 1));
  const gapMeanS = 1 / arrivalRate;
  return { gapS: () => gaps.exponential(gapMeanS), serviceS: serviceOf(law, serviceMeanS, seed) };
}

function serviceOf(law: ServiceLaw, meanS: number, seed: number): () => number {
  const random = createRandom(mixSeeds(seed, 2));
  switch (law.kind) {
    case 'deterministic':
      return () => meanS;
    case 'exponential':
      return () => random.exponential(meanS);
    case 'lognormal':
      return () => random.lognormal(meanS, law.variation);
  }
}

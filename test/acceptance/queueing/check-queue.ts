import { expect } from 'vitest';
import { manyServerMeans, pollaczekKhinchine } from '../../../src/plan/queueing/formulas.ts';
import { poissonDraws, type ServiceLaw } from '../../../src/plan/queueing/queue-draws.ts';
import { type QueueRun, simulateQueue } from '../../../src/plan/queueing/simulate-queue.ts';

/** Mean of 20 fixed seeds of 1e6 arrivals against exact theory; the bound on the error grows with load. */
const SEEDS = 20;
const ARRIVALS = 1_000_000;
export const LOADS = [
  { load: 0.5, limitPct: 0.5 },
  { load: 0.8, limitPct: 1 },
  { load: 0.95, limitPct: 3 },
];

export interface QueueSystem {
  name: string;
  servers: number;
  law: ServiceLaw;
  /** Coefficient of variation of service times. */
  variation: number;
}

/** Expects the mean wait within `limitPct` of theory, Little's law, and the same bytes for the same seed. */
export function checkQueue(
  { name, servers, law, variation }: QueueSystem,
  { load, limitPct }: { load: number; limitPct: number },
): void {
  const arrivalRate = load * servers;
  const exact =
    servers === 1
      ? pollaczekKhinchine({ arrivalRate, serviceMean: 1, serviceVariation: variation })
      : manyServerMeans({ arrivalRate, serviceMean: 1, servers });
  if (!exact.ok) throw exact.error;
  const run = (seed: number): QueueRun => {
    const draws = poissonDraws({ arrivalRate, serviceMeanS: 1, law, seed });
    return simulateQueue({ servers, arrivals: ARRIVALS, draws });
  };
  const runs = Array.from({ length: SEEDS }, (_, i) => run(i + 1));
  for (const { meanInSystem, throughputPerS, meanSojournS } of runs) {
    expect(Math.abs(meanInSystem / (throughputPerS * meanSojournS) - 1)).toBeLessThan(1e-9);
  }
  expect(JSON.stringify(run(1))).toBe(JSON.stringify(runs[0]));
  const meanWaitS = runs.reduce((sum, { meanWaitS: wait }) => sum + wait, 0) / SEEDS;
  const errorPct = (meanWaitS / exact.value.wait - 1) * 100;
  console.log(`${name} at ${load}: ${errorPct.toFixed(3)} % of ${exact.value.wait}`);
  expect(Math.abs(errorPct)).toBeLessThan(limitPct);
}

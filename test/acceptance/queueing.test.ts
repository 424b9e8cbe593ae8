import { describe, expect, it } from 'vitest';
import { manyServerMeans, pollaczekKhinchine } from '../../src/plan/queueing/formulas.ts';
import { poissonDraws, type ServiceLaw } from '../../src/plan/queueing/queue-draws.ts';
import { type QueueRun, simulateQueue } from '../../src/plan/queueing/simulate-queue.ts';

/** Issue 3, acceptance 4: mean of 20 fixed seeds of 1e6 arrivals against exact theory. */
const SEEDS = 20;
const ARRIVALS = 1_000_000;
const LOADS = [
  { load: 0.5, limitPct: 0.5 },
  { load: 0.8, limitPct: 1 },
  { load: 0.95, limitPct: 3 },
];
const SYSTEMS: Array<{ name: string; servers: number; law: ServiceLaw; variation: number }> = [
  { name: 'M/D/1', servers: 1, law: { kind: 'deterministic' }, variation: 0 },
  { name: 'M/G/1', servers: 1, law: { kind: 'lognormal', variation: 1.5 }, variation: 1.5 },
  { name: 'M/M/4', servers: 4, law: { kind: 'exponential' }, variation: 1 },
];
const CASES = SYSTEMS.flatMap((system) =>
  LOADS.map(({ load, limitPct }) => ({ system, load, limitPct })),
);

describe('event core against queueing theory', () => {
  it.each(CASES)('$system.name at $load within $limitPct %', ({ system, load, limitPct }) => {
    const { name, servers, law, variation } = system;
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
  });
});

import fc from 'fast-check';
import { describe, it } from 'vitest';
import { simulateQueue } from './simulate-queue.ts';

const job = fc.record({
  gapS: fc.double({ min: 0, max: 10, noNaN: true }),
  serviceS: fc.double({ min: 0, max: 30, noNaN: true }),
});

/**
 * Each job takes the server that is free first: Kiefer and Wolfowitz (Trans. AMS 78, 1955) in plain
 * words.
 */
function totalWaitS(jobs: ReadonlyArray<{ gapS: number; serviceS: number }>, servers: number) {
  const freeAtS = Array.from({ length: servers }, () => 0);
  let nowS = 0;
  let waitS = 0;
  for (const { gapS, serviceS } of jobs) {
    nowS += gapS;
    freeAtS.sort((a, b) => a - b);
    const startS = Math.max(nowS, freeAtS[0] ?? 0);
    waitS += startS - nowS;
    freeAtS[0] = startS + serviceS;
  }
  return waitS;
}

describe('simulateQueue', () => {
  it('waits as the recursion of Kiefer and Wolfowitz, whatever comes when', () => {
    fc.assert(
      fc.property(
        fc.array(job, { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 5 }),
        (jobs, servers) => {
          let gapAt = 0;
          let serviceAt = 0;
          const draws = {
            gapS: () => jobs[gapAt++]?.gapS ?? 0,
            serviceS: () => jobs[serviceAt++]?.serviceS ?? 0,
          };
          const run = simulateQueue({ servers, arrivals: jobs.length, draws });
          return Math.abs(run.meanWaitS * jobs.length - totalWaitS(jobs, servers)) < 1e-6;
        },
      ),
    );
  });
});

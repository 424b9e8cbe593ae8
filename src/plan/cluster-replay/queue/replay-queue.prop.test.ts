import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../records/cluster-trace/cluster-node.ts';
import type { ClusterPod } from '../../../records/cluster-trace/cluster-pod.ts';
import { shapePods } from '../pod-shape.ts';
import { targetWorkload } from '../target-workload.ts';
import { queuePolicy, queuePolicyNames } from './queue-policy.ts';
import { replayQueue } from './replay-queue.ts';
import { replayJobs, workUnits } from './work-unit.ts';

const nodes: fc.Arbitrary<ClusterNode[]> = fc
  .array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 5 })
  .map((counts) =>
    counts.map((gpuCount, i) => ({
      name: `n${i}`,
      cpuMilli: gpuCount * 8000,
      memoryMib: gpuCount * 16_000,
      gpuCount,
      gpuModel: i % 2 === 0 ? 'T4' : 'A10',
    })),
  );

const pods: fc.Arbitrary<ClusterPod[]> = fc.array(
  fc
    .record({
      arrivalS: fc.nat(200),
      durationS: fc.nat(100),
      gpuCount: fc.constantFrom(0, 1, 1, 1, 2, 4),
      share: fc.integer({ min: 1, max: 1000 }),
      cpuMilli: fc.constantFrom(0, 1000, 8000),
      gpuModels: fc.constantFrom([], [], ['A10'], ['T4', 'A10']),
      owner: fc.constantFrom(null, 'a', 'b'),
      gang: fc.constantFrom(null, null, 'g1', 'g2'),
      priority: fc.constantFrom(null, 0, 1, 2),
    })
    .map(({ share, ...pod }) =>
      Object.assign(pod, {
        line: 1,
        name: 'p',
        memoryMib: 100,
        gpuMilli: pod.gpuCount === 0 ? 0 : pod.gpuCount === 1 ? share : 1000,
      }),
    ),
  { minLength: 1, maxLength: 30 },
);

describe('a replay of recorded arrivals', () => {
  it('accounts for every card-second and every unit, under every policy', () => {
    fc.assert(
      fc.property(
        nodes,
        pods,
        fc.constantFrom(...queuePolicyNames),
        fc.nat(),
        (n, p, name, seed) => {
          const policy = queuePolicy(name);
          const { jobs } = replayJobs(p);
          const units = workUnits(jobs, policy.sharing, 1);
          const target = targetWorkload(shapePods(p));
          const result = replayQueue({ nodes: n, units, target, policy, seed });
          const { time } = result;
          const parts =
            time.busyGpuHours +
            time.heldGpuHours +
            time.overGrantedGpuHours +
            time.noDemandGpuHours +
            time.fragmentedGpuHours +
            time.policyGpuHours;
          expect(parts).toBeCloseTo(time.gpuHours, 9);
          expect(time.allocatedGpuHours).toBeLessThanOrEqual(time.gpuHours + 1e-9);
          expect(result.outcomes.length + result.impossible).toBe(units.length);
          for (const { waitS, started } of result.outcomes) {
            expect(waitS).toBeGreaterThanOrEqual(0);
            // Only gangs that are seated pod by pod can block each other for ever.
            if (policy.gang) expect(started).toBe(true);
          }
          expect(replayQueue({ nodes: n, units, target, policy, seed })).toEqual(result);
        },
      ),
      { numRuns: 60 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deviceWork } from './device-work.ts';
import { exactRank } from './exact-view.ts';
import { hostWork } from './host-work.ts';
import { htaView } from './hta-view.ts';
import { launched, testTrace } from './testing-trace.ts';
import { traceLensView } from './trace-lens-view.ts';

/** Kernels of two streams, computation on one and communication on the other, whole microseconds. */
const kernels = fc.array(
  fc.record({
    communicates: fc.boolean(),
    startUs: fc.nat(300),
    durationUs: fc.integer({ min: 1, max: 60 }),
  }),
  { minLength: 1, maxLength: 25 },
);

describe('views of one accelerator', () => {
  test('exact parts sum to the span, and overlap is the share of communication under computation', async () => {
    await fc.assert(
      fc.asyncProperty(kernels, async (list) => {
        const trace = await testTrace(
          list.flatMap(({ communicates, startUs, durationUs }, i) =>
            launched(
              communicates ? 'ncclKernel_AllReduce' : 'gemm',
              startUs,
              startUs + 1,
              durationUs,
              { stream: communicates ? 20 : 7, correlation: i + 1 },
            ),
          ),
        );
        const exact = exactRank(0, trace, deviceWork(trace), hostWork(trace));
        const cover = (communicates: boolean): boolean[] =>
          Array.from({ length: 400 }, (_, at) =>
            list.some(
              (one) =>
                one.communicates === communicates &&
                at >= one.startUs + 1 &&
                at < one.startUs + 1 + one.durationUs,
            ),
          );
        const [compute, communicate] = [cover(false), cover(true)];
        const count = (test_: (at: number) => boolean): number =>
          compute.filter((_, at) => test_(at)).length;
        const both = count((at) => compute[at] === true && communicate[at] === true);
        const communicated = count((at) => communicate[at] === true);
        expect(exact.overlapPct).toEqual(communicated === 0 ? null : (100 * both) / communicated);
        const { temporal } = exact;
        expect(temporal['compute_time(us)']).toBe(count((at) => compute[at] === true));
        expect(temporal['exposed_communication_time(us)']).toBe(communicated - both);
        expect(
          (temporal['idle_time(us)'] ?? 0) +
            (temporal['compute_time(us)'] ?? 0) +
            (temporal['non_compute_time(us)'] ?? 0),
        ).toBe(temporal['kernel_time(us)']);
        // On whole microseconds without steps, all three agree on the same trace.
        const hta = htaView([{ rank: 0, trace }]);
        expect(hta.temporal_breakdown[0]?.['compute_time(us)']).toBe(temporal['compute_time(us)']);
        expect(hta.temporal_breakdown[0]?.['idle_time(us)']).toBe(temporal['idle_time(us)']);
        const lens = new Map(
          traceLensView(trace).gpu_timeline.map((row) => [row.type, row['time ms']]),
        );
        expect(lens.get('exposed_comm_time')).toBeCloseTo((communicated - both) / 1000, 9);
      }),
    );
  });

  test('idle causes sum to the idle time of the accelerator', async () => {
    await fc.assert(
      fc.asyncProperty(kernels, fc.nat(300), fc.nat(90), async (list, loadUs, durationUs) => {
        const trace = await testTrace([
          {
            cat: 'user_annotation',
            name: 'enumerate(DataLoader)#_X.__next__',
            ts: loadUs,
            dur: durationUs,
          },
          ...list.flatMap((one, i) =>
            launched('gemm', one.startUs, one.startUs + 1, one.durationUs, { correlation: i + 1 }),
          ),
        ]);
        const { temporal, idleCauses } = exactRank(0, trace, deviceWork(trace), hostWork(trace));
        const sum = Object.values(idleCauses).reduce((a, b) => a + b, 0);
        expect(sum).toBeCloseTo(temporal['idle_time(us)'] ?? Number.NaN, 9);
      }),
    );
  });
});

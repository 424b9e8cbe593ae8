import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readKineto } from '../../records/kineto/read-kineto.ts';
import { analyzeRank } from '../trace/rank-analysis.ts';
import { buildTimeline } from './build-timeline.ts';
import { eventDetail, findEvents } from './find-events.ts';
import { prepareTimeline } from './prepare-timeline.ts';
import { rangeBreakdown } from './range-breakdown.ts';
import { anyEvents, timelineOf } from './testing-timeline.ts';

const FIXTURES = join(import.meta.dirname, '../../../test/fixtures/traces-kineto');

describe('breakdown of a range', () => {
  test('computation, the exposed parts and idle sum to the range; neighbours add up', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyEvents,
        fc.uniqueArray(fc.nat(2600), { minLength: 3, maxLength: 3 }),
        async (events, times) => {
          const prepared = prepareTimeline(await timelineOf(events));
          const [from = 0, middle = 0, to = 0] = times.toSorted((a, b) => a - b);
          const whole = rangeBreakdown(prepared, from, to);
          const parts = [
            rangeBreakdown(prepared, from, middle),
            rangeBreakdown(prepared, middle, to),
          ];
          const { computeUs, exposedCommunicationUs, exposedCopiesUs, idleUs } = whole;
          expect(computeUs + exposedCommunicationUs + exposedCopiesUs + idleUs).toBe(to - from);
          const causes = Object.values(whole.idleCauses).reduce((sum, us) => sum + us, 0);
          expect(causes).toBe(idleUs);
          for (const key of ['computeUs', 'communicationUs', 'copiesUs', 'idleUs'] as const) {
            expect(parts.reduce((sum, part) => sum + part[key], 0)).toBe(whole[key]);
          }
          expect(whole.exposedCommunicationUs).toBeLessThanOrEqual(whole.communicationUs);
        },
      ),
    );
  });

  // A trace of whole microseconds: with fractions, ends of the analysis round, those of a timeline do not.
  test('of all device work of a real trace is the exact view of the analysis', async () => {
    const file = 'resnet50-workers-4.json.gz';
    const bytes = createReadStream(join(FIXTURES, file)).pipe(createGunzip());
    const trace = await readKineto(bytes, { file });
    const rank = analyzeRank(0, trace);
    const timeline = buildTimeline(trace, rank.steps);
    const from = rank.work.startUs - timeline.originUs;
    const to = rank.work.endUs - timeline.originUs;
    const found = rangeBreakdown(prepareTimeline(timeline), from, to);
    const { temporal } = rank.exact;
    expect(found.computeUs).toBe(temporal['compute_time(us)']);
    expect(found.exposedCommunicationUs).toBe(temporal['exposed_communication_time(us)']);
    expect(found.exposedCopiesUs).toBe(temporal['exposed_copy_time(us)']);
    expect(found.idleUs).toBe(temporal['idle_time(us)']);
    expect(timeline.startUs.length).toBe(trace.events.length);
  });
});

describe('events of a timeline', () => {
  test('a launch knows its work and the work its launch; search finds by any case', async () => {
    const args = { correlation: 9, stream: 7, device: 0 };
    const prepared = prepareTimeline(
      await timelineOf([
        { cat: 'cuda_runtime', name: 'cudaLaunchKernel', ts: 1, dur: 2, args: { correlation: 9 } },
        { cat: 'kernel', name: 'volta_Gemm', ts: 5, dur: 4, args },
        { cat: 'kernel', name: 'other', ts: 10, dur: 1, args: { ...args, correlation: 10 } },
      ]),
    );
    const { total, totalUs, events } = findEvents(prepared, 'GEMM', 10);
    expect({ total, totalUs }).toEqual({ total: 1, totalUs: 4 });
    const work = eventDetail(prepared, events[0]?.row ?? -1);
    expect(work).toMatchObject({ name: 'volta_Gemm', startUs: 4, correlation: 9 });
    expect(work?.linked).toMatchObject([{ name: 'cudaLaunchKernel', startUs: 0, durationUs: 2 }]);
    const launch = eventDetail(prepared, work?.linked[0]?.row ?? -1);
    expect(launch?.linked).toMatchObject([{ name: 'volta_Gemm' }]);
    expect(eventDetail(prepared, 99)).toBeNull();
  });
});

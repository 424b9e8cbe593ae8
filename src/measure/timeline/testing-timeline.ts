import fc from 'fast-check';
import { testTrace, type TestEvent } from '../trace/testing-trace.ts';
import { buildTimeline } from './build-timeline.ts';
import type { Timeline } from './timeline.ts';

/** Times in quarters of a microsecond, so that sums are exact in floating point. */
const quarters = (max: number): fc.Arbitrary<number> => fc.nat(4 * max).map((n) => n / 4);

const event: fc.Arbitrary<TestEvent> = fc.record({
  cat: fc.constantFrom('kernel', 'gpu_memcpy', 'cpu_op', 'cuda_runtime', 'user_annotation'),
  name: fc.constantFrom('gemm', 'ncclDevKernel_AllReduce', 'aten::mm', 'cudaLaunchKernel'),
  ts: quarters(2000),
  dur: fc.oneof(quarters(3), quarters(600)),
  tid: fc.nat(2),
  args: fc.record({ stream: fc.nat(2), device: fc.constant(0), correlation: fc.nat(20) }),
});

const KERNEL = { cat: 'kernel', name: 'gemm', ts: 100, dur: 7.25, args: { stream: 0 } };

/** Events that overlap in every way, with at least one kernel. */
export const anyEvents: fc.Arbitrary<TestEvent[]> = fc
  .array(event, { maxLength: 60 })
  .map((events) => events.concat(KERNEL));
export async function timelineOf(events: readonly TestEvent[]): Promise<Timeline> {
  return buildTimeline(await testTrace(events), []);
}

import type { KinetoTrace } from '../../records/kineto/kineto-trace.ts';
import type { DeviceWork } from './device-work.ts';
import type { HostWork } from './host-work.ts';
import { lengthWithin, subtract, union, type Intervals } from './intervals.ts';
import { tbPluginSteps } from './tb-plugin-steps.ts';

/** Where the time of a step went; each moment counts once, for the first part that covers it. */
export const LANES = [
  'compute',
  'communication',
  'copies',
  'dataLoading',
  'runtimeCalls',
  'hostOperators',
  'unexplained',
] as const;

export type Lane = (typeof LANES)[number];

export interface StepLanes {
  /** The step's number. */
  name: string;
  startUs: number;
  totalUs: number;
  /** Sums to `totalUs`. */
  lanesUs: Record<Lane, number>;
}

/**
 * Steps in the order of time. A step runs from the end of its predecessor's device work to the end
 * of its own (see `tbPluginSteps`). A trace without steps is one, from the first work to the last.
 */
export function stepLanes(trace: KinetoTrace, work: DeviceWork, host: HostWork): StepLanes[] {
  const order: Array<readonly [Lane, Intervals]> = [
    ['compute', work.compute],
    ['communication', work.communication],
    ['copies', work.copies],
    ['dataLoading', host.dataLoading],
    ['runtimeCalls', host.runtimeCalls],
    ['hostOperators', host.operators],
  ];
  const parts = exclusive(order);
  const marked = trace.names.some((name) => name.startsWith('ProfilerStep#'));
  const steps = marked
    ? tbPluginSteps(trace)
    : [{ name: '0', startUs: work.startUs, endUs: work.endUs }];
  return steps.map(({ name, startUs, endUs }) => {
    const totalUs = endUs - startUs;
    const lanesUs: Record<Lane, number> = {
      compute: 0,
      communication: 0,
      copies: 0,
      dataLoading: 0,
      runtimeCalls: 0,
      hostOperators: 0,
      unexplained: totalUs,
    };
    for (const [lane, within] of parts) {
      lanesUs[lane] = within(startUs, endUs);
      lanesUs.unexplained -= lanesUs[lane];
    }
    lanesUs.unexplained = Math.max(0, lanesUs.unexplained);
    return { name, startUs, totalUs, lanesUs };
  });
}

/** Each set without those before it. */
function exclusive(
  order: ReadonlyArray<readonly [Lane, Intervals]>,
): Array<readonly [Lane, (start: number, end: number) => number]> {
  let covered: Intervals = new Float64Array();
  return order.map(([lane, set]) => {
    const own = subtract(set, covered);
    covered = join(covered, set);
    return [lane, lengthWithin(own)] as const;
  });
}

function join(a: Intervals, b: Intervals): Intervals {
  const starts = new Float64Array((a.length + b.length) / 2);
  const ends = new Float64Array(starts.length);
  for (let i = 0; i < starts.length; i++) {
    const [set, at] = 2 * i < a.length ? [a, 2 * i] : [b, 2 * i - a.length];
    starts[i] = set[at] ?? 0;
    ends[i] = set[at + 1] ?? 0;
  }
  return union(starts, ends);
}

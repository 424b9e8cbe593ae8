import { cell, endUs } from '../../records/kineto/event-table.ts';
import type { KinetoTrace } from '../../records/kineto/kineto-trace.ts';
import type { DeviceWork } from './device-work.ts';
import type { HostWork } from './host-work.ts';
import { intersect, measure, range, subtract, type Intervals } from './intervals.ts';
import { launchIndex } from './launch-index.ts';

/** Our own figures, exact on the times of the trace, microseconds; parts sum to `kernel_time(us)`. */
export interface ExactRank {
  temporal: Record<string, number | null>;
  overlapPct: number | null;
  idle: ExactIdleRow[];
  /** Idle time of the whole device by what the host did then; sums to the idle time. */
  idleCauses: {
    dataLoadingUs: number;
    runtimeCallsUs: number;
    hostOperatorsUs: number;
    unexplainedUs: number;
  };
}

export interface ExactIdleRow {
  rank: number;
  stream: number;
  idle_category: 'host_wait' | 'kernel_wait' | 'other';
  idle_time: number;
  idle_time_ratio: number;
}

/** Gaps shorter than this between kernels already launched are the delay of starting one: HTA's default. */
const KERNEL_DELAY_US = 30;

export function exactRank(
  rank: number,
  trace: KinetoTrace,
  work: DeviceWork,
  host: HostWork,
): ExactRank {
  const { compute, communication, copies, busy } = work;
  const spanUs = work.endUs - work.startUs;
  const computeUs = measure(compute);
  const exposedCommUs = measure(subtract(communication, compute));
  const exposedCopyUs = measure(subtract(subtract(copies, compute), communication));
  const idleUs = spanUs - measure(busy);
  const percent = (us: number): number | null => (spanUs === 0 ? null : (100 * us) / spanUs);
  const communicationUs = measure(communication);
  return {
    temporal: {
      rank,
      'idle_time(us)': idleUs,
      'compute_time(us)': computeUs,
      'non_compute_time(us)': exposedCommUs + exposedCopyUs,
      'exposed_communication_time(us)': exposedCommUs,
      'exposed_copy_time(us)': exposedCopyUs,
      'kernel_time(us)': spanUs,
      idle_time_pctg: percent(idleUs),
      compute_time_pctg: percent(computeUs),
      non_compute_time_pctg: percent(exposedCommUs + exposedCopyUs),
      exposed_communication_pctg: percent(exposedCommUs),
      exposed_copy_pctg: percent(exposedCopyUs),
    },
    overlapPct:
      communicationUs === 0
        ? null
        : (100 * measure(intersect(compute, communication))) / communicationUs,
    idle: idlePerStream(rank, trace, work),
    idleCauses: idleCauses(host, subtract(range(work.startUs, work.endUs), busy)),
  };
}

/** First of data loading, runtime calls, operators that covers an idle moment; the rest is unexplained. */
function idleCauses(host: HostWork, idle: Intervals): ExactRank['idleCauses'] {
  const loading = intersect(idle, host.dataLoading);
  const afterLoading = subtract(idle, loading);
  const calling = intersect(afterLoading, host.runtimeCalls);
  const afterCalling = subtract(afterLoading, calling);
  const operating = intersect(afterCalling, host.operators);
  return {
    dataLoadingUs: measure(loading),
    runtimeCallsUs: measure(calling),
    hostOperatorsUs: measure(operating),
    unexplainedUs: measure(subtract(afterCalling, operating)),
  };
}

/** Gaps of each stream by HTA's three kinds, on exact times and all work of the trace. */
function idlePerStream(rank: number, trace: KinetoTrace, { rows }: DeviceWork): ExactIdleRow[] {
  const { events } = trace;
  const launch = launchIndex(trace);
  const streams = Map.groupBy(rows, (row) => cell(events.stream, row));
  return [...streams].flatMap(([stream, onStream]) => {
    const sums = { host_wait: 0, kernel_wait: 0, other: 0 };
    let latestUs = Infinity;
    for (const row of onStream) {
      const startUs = cell(events.startUs, row);
      const gapUs = startUs - latestUs;
      if (gapUs > 0) {
        const launched = launch.get(cell(events.correlation, row));
        const late = launched !== undefined && cell(events.startUs, launched) > latestUs;
        sums[late ? 'host_wait' : gapUs < KERNEL_DELAY_US ? 'kernel_wait' : 'other'] += gapUs;
      }
      latestUs =
        latestUs === Infinity ? endUs(events, row) : Math.max(latestUs, endUs(events, row));
    }
    const totalUs = sums.host_wait + sums.kernel_wait + sums.other;
    return (['host_wait', 'kernel_wait', 'other'] as const).map((category) => ({
      rank,
      stream,
      idle_category: category,
      idle_time: sums[category],
      idle_time_ratio: totalUs === 0 ? 0 : sums[category] / totalUs,
    }));
  });
}

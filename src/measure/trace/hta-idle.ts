import { cell } from '../../records/kineto/event-table.ts';
import type { KinetoTrace } from '../../records/kineto/kineto-trace.ts';
import type { HtaRows } from './hta-rows.ts';
import { stableBy } from './hta-sweep.ts';
import { roundTo } from './round-half-even.ts';

export interface HtaIdleRow {
  rank: number;
  stream: number;
  idle_category: (typeof CATEGORIES)[number];
  idle_time: number;
  idle_time_ratio: number | null;
}

const CATEGORIES = ['host_wait', 'kernel_wait', 'other'] as const;
const HOST_WAIT = 0;
const KERNEL_WAIT = 1;
const OTHER = 2;

/**
 * HTA's default for its `consecutive_kernel_delay`. Its documentation says nanoseconds; its code
 * compares the number with microseconds, and so do the published figures.
 */
const KERNEL_DELAY_US = 30;

/**
 * Gaps between neighbours on each stream: the host was late when the launch began after the
 * previous kernel ended; else a short gap is the delay between kernels; else it is something other.
 * `work` are device rows in the peer's order.
 */
export function htaIdle(
  rank: number,
  work: Int32Array,
  { events }: KinetoTrace,
  rows: HtaRows,
): HtaIdleRow[] {
  const streams = new Set(work.map((row) => cell(events.stream, row)));
  return [...streams].flatMap((stream) => {
    const onStream = work.filter((row) => cell(events.stream, row) === stream);
    const sums = idleOfStream(onStream, rows);
    const total = sums.reduce<number>((sum, time) => sum + (time ?? 0), 0);
    return sums.flatMap((time, category) => {
      const name = CATEGORIES[category];
      if (time === null || name === undefined) return [];
      const ratio = total === 0 ? null : roundTo(time / total, 2);
      return [
        {
          rank,
          stream,
          idle_category: name,
          idle_time: roundTo(time, 2),
          idle_time_ratio: ratio,
        },
      ];
    });
  });
}

/** Idle microseconds per category; null for a category that no kernel of the stream falls in. */
function idleOfStream(onStream: Int32Array, rows: HtaRows): Array<number | null> {
  const sums: Array<number | null> = [null, null, null];
  let previousEndUs = Number.NaN;
  for (const row of stableBy(onStream, rows.startUs)) {
    const launchUs = rows.launchStartUs(row) ?? Number.NaN;
    const startUs = rows.startUs(row);
    const gapUs = startUs - previousEndUs;
    const category =
      launchUs > previousEndUs ? HOST_WAIT : gapUs < KERNEL_DELAY_US ? KERNEL_WAIT : OTHER;
    // The first kernel has no gap; it still makes its category appear, as in the peer.
    sums[category] = (sums[category] ?? 0) + (Number.isNaN(gapUs) ? 0 : gapUs);
    previousEndUs = rows.endUs(row);
  }
  return sums;
}

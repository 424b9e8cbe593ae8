import { KIND } from '../../records/kineto/event-kind.ts';
import { cell, endUs, NONE } from '../../records/kineto/event-table.ts';
import type { KinetoTrace } from '../../records/kineto/kineto-trace.ts';
import { intersect, measure, range, union } from './intervals.ts';
import type { TbStep } from './tb-plugin-steps.ts';

export interface TbDevices {
  gpu_utilization: number[];
  sm_efficiency: number[];
  occupancy_pct: number[];
}

/**
 * The plug-in's figures per device, from the first step's start to the last one's end: share of
 * time with a kernel; that share weighted by blocks per multiprocessor, at most one; and the
 * estimated occupancy weighted by kernel time.
 */
export function tbPluginDevices({ events }: KinetoTrace, steps: readonly TbStep[]): TbDevices {
  const startUs = steps[0]?.startUs ?? 0;
  const lastUs = steps.at(-1)?.endUs ?? 0;
  const byDevice = new Map<number, number[]>();
  for (let row = 0; row < events.length; row++) {
    const device = cell(events.device, row);
    if (events.kind[row] !== KIND.kernel || device === NONE) continue;
    const rows = byDevice.get(device);
    if (rows === undefined) byDevice.set(device, [row]);
    else rows.push(row);
  }
  const kernels = [...byDevice].sort(([a], [b]) => a - b).map(([, rows]) => rows);
  const start = (row: number): number => Math.max(startUs, cell(events.startUs, row));
  const end = (row: number): number => Math.min(lastUs, endUs(events, row));
  return {
    gpu_utilization: kernels.map((rows) => {
      const busy = union(rows.map(start), rows.map(end));
      return measure(intersect(busy, range(startUs, lastUs))) / (lastUs - startUs);
    }),
    sm_efficiency: kernels.map((rows) => {
      const known = rows.filter((row) => cell(events.blocksPerSm, row) > 0);
      return (
        weighted(known.map((row) => [start(row), end(row), cell(events.blocksPerSm, row)])) /
        (lastUs - startUs)
      );
    }),
    occupancy_pct: kernels.flatMap((rows) => {
      let totalUs = 0;
      let sum = 0;
      for (const row of rows) {
        const percent = cell(events.occupancyPct, row);
        if (percent < 0 || start(row) >= end(row)) continue;
        totalUs += end(row) - start(row);
        sum += percent * (end(row) - start(row));
      }
      return totalUs === 0 ? [] : [sum / totalUs];
    }),
  };
}

/** Integral over time of the sum of values, at most one at any moment. */
function weighted(ranges: ReadonlyArray<readonly [number, number, number]>): number {
  const points = ranges
    .filter(([start, end]) => end > start)
    .flatMap(([start, end, value]) => [[start, value] as const, [end, -value] as const])
    .sort(([a], [b]) => a - b);
  let total = 0;
  let value = 0;
  let lastUs = points[0]?.[0] ?? 0;
  for (const [atUs, change] of points) {
    total += Math.min(1, Math.max(0, value)) * (atUs - lastUs);
    value += change;
    lastUs = atUs;
  }
  return total;
}

import type { Accelerator } from '../../catalog/accelerators.ts';
import type { NcclRun } from './nccl-log.ts';
import { rowBusGbPerS } from './nccl-row.ts';

/** What rows are held against: GB/s of bus bandwidth at a message size, null where it says nothing. */
export interface BusReference {
  name: string;
  at(sizeBytes: number): number | null;
}

/**
 * A log as reference: its bus bandwidth at the same size, between two of its sizes the interpolation
 * in the logarithm of size, outside of them nothing.
 */
export function logReference(run: NcclRun, name: string): BusReference {
  const points = run.rows
    .map((row) => ({ sizeBytes: row.sizeBytes, gbPerS: rowBusGbPerS(row) }))
    .filter((point) => point.sizeBytes > 0)
    .toSorted((a, b) => a.sizeBytes - b.sizeBytes);
  return {
    name,
    at(sizeBytes) {
      const exact = points.find((point) => point.sizeBytes === sizeBytes);
      if (exact !== undefined) return exact.gbPerS;
      const above = points.findIndex((point) => point.sizeBytes > sizeBytes);
      const high = points[above];
      const low = points[above - 1];
      if (high === undefined || low === undefined || sizeBytes <= 0) return null;
      const part = Math.log(sizeBytes / low.sizeBytes) / Math.log(high.sizeBytes / low.sizeBytes);
      return low.gbPerS + part * (high.gbPerS - low.gbPerS);
    },
  };
}

/**
 * The scale-up link of a catalog accelerator, one direction, as ceiling of the bus bandwidth inside
 * one server. Messages under 64 MiB are not held against a link speed: they are bound by latency.
 */
export function catalogReference(accelerator: Accelerator): BusReference | null {
  const { scaleUpGbPerS } = accelerator;
  if (scaleUpGbPerS === null) return null;
  return {
    name: `${accelerator.name} scale-up link, one direction (${accelerator.source})`,
    at: (sizeBytes) => (sizeBytes >= 64 * 1_048_576 ? scaleUpGbPerS / 2 : null),
  };
}

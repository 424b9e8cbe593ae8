import { cell } from '../../records/kineto/event-table.ts';
import { intersect, measure, range, subtract } from '../trace/intervals.ts';
import { keepsDeviceBusy } from './category.ts';
import type { Prepared } from './prepare-timeline.ts';
import { firstRow } from './timeline-tile.ts';

/** Where the accelerator's time in a range went, by exact set arithmetic over all its streams. */
export interface RangeBreakdown {
  fromUs: number;
  toUs: number;
  spanUs: number;
  computeUs: number;
  communicationUs: number;
  /** What no computation covers. */
  exposedCommunicationUs: number;
  copiesUs: number;
  /** What neither computation nor communication covers. */
  exposedCopiesUs: number;
  /** The rest; with computation and the exposed parts it sums to the span. */
  idleUs: number;
  /** Idle time by what the host did then, the first that covers it; sums to `idleUs`. */
  idleCauses: {
    dataLoadingUs: number;
    runtimeCallsUs: number;
    hostOperatorsUs: number;
    unexplainedUs: number;
  };
  /** Kernels, copies and fills with most time in the range; time is clipped to it. */
  top: Array<{ name: string; category: number; busyUs: number; events: number }>;
  /** Busy time of each track in the range. */
  tracksUs: number[];
}

const TOP = 10;

/** O(events in the range). `toUs` is after `fromUs`. */
export function rangeBreakdown(prepared: Prepared, fromUs: number, toUs: number): RangeBreakdown {
  const { device, host, exposedCommunication, exposedCopies } = prepared;
  const chosen = range(fromUs, toUs);
  const within = (set: Float64Array): number => measure(intersect(set, chosen));
  const idle = subtract(chosen, intersect(device.busy, chosen));
  const loading = intersect(idle, host.dataLoading);
  const afterLoading = subtract(idle, loading);
  const calling = intersect(afterLoading, host.runtimeCalls);
  const afterCalling = subtract(afterLoading, calling);
  const operating = intersect(afterCalling, host.operators);
  return {
    fromUs,
    toUs,
    spanUs: toUs - fromUs,
    computeUs: within(device.compute),
    communicationUs: within(device.communication),
    exposedCommunicationUs: within(exposedCommunication),
    copiesUs: within(device.copies),
    exposedCopiesUs: within(exposedCopies),
    idleUs: measure(idle),
    idleCauses: {
      dataLoadingUs: measure(loading),
      runtimeCallsUs: measure(calling),
      hostOperatorsUs: measure(operating),
      unexplainedUs: measure(subtract(afterCalling, operating)),
    },
    top: topWork(prepared, fromUs, toUs),
    tracksUs: prepared.busyWithin.map((busy) => busy(fromUs, toUs)),
  };
}

function topWork({ timeline }: Prepared, fromUs: number, toUs: number): RangeBreakdown['top'] {
  const { lanes, tracks, startUs, durationUs, name, names, category } = timeline;
  const byName = new Map<
    number,
    { name: string; category: number; busyUs: number; events: number }
  >();
  for (const lane of lanes) {
    if (tracks[lane.track]?.kind !== 'device') continue;
    for (let row = firstRow(timeline, lane, fromUs); row < lane.to; row++) {
      const start = cell(startUs, row);
      if (start >= toUs) break;
      const kind = cell(category, row);
      if (!keepsDeviceBusy(kind)) continue;
      const id = cell(name, row);
      const known = byName.get(id) ?? {
        name: names[id] ?? '',
        category: kind,
        busyUs: 0,
        events: 0,
      };
      known.busyUs += Math.min(start + cell(durationUs, row), toUs) - Math.max(start, fromUs);
      known.events += 1;
      byName.set(id, known);
    }
  }
  return [...byName.values()].sort((a, b) => b.busyUs - a.busyUs).slice(0, TOP);
}

import { cell } from '../../records/kineto/event-table.ts';
import { lengthWithin, subtract, union, type Intervals } from '../trace/intervals.ts';
import { CATEGORY, keepsDeviceBusy } from './category.ts';
import type { Timeline } from './timeline.ts';

/** A timeline with what its questions share, made once: sets of time and an index of launches. */
export interface Prepared {
  timeline: Timeline;
  /** Track of each row. */
  trackOf: (row: number) => number;
  depthOf: (row: number) => number;
  /** Busy time of a track between two times: the union of all its lanes. */
  busyWithin: ReadonlyArray<(fromUs: number, toUs: number) => number>;
  device: { compute: Intervals; communication: Intervals; copies: Intervals; busy: Intervals };
  host: { dataLoading: Intervals; runtimeCalls: Intervals; operators: Intervals };
  /** Computed from sets above, once: what no earlier one covers. */
  exposedCommunication: Intervals;
  exposedCopies: Intervals;
  /** Rows of launches and of work by correlation. */
  linked: ReadonlyMap<number, number[]>;
}

/** Sorts each set once; O(n log n) in events. */
export function prepareTimeline(timeline: Timeline): Prepared {
  const laneOf = laneIndex(timeline);
  const setOf = (wanted: (category: number) => boolean): Intervals => setWhere(timeline, wanted);
  const compute = setOf((one) => one === CATEGORY.compute);
  const communication = setOf((one) => one === CATEGORY.communication);
  const copies = setOf((one) => one === CATEGORY.copies);
  const { hostOperators, annotations } = CATEGORY;
  return {
    timeline,
    trackOf: (row) => timeline.lanes[laneOf(row)]?.track ?? 0,
    depthOf: (row) => timeline.lanes[laneOf(row)]?.depth ?? 0,
    busyWithin: timeline.tracks.map((_, track) => lengthWithin(setOfTrack(timeline, track))),
    device: { compute, communication, copies, busy: setOf(keepsDeviceBusy) },
    host: {
      dataLoading: setOf((one) => one === CATEGORY.dataLoading),
      runtimeCalls: setOf((one) => one === CATEGORY.runtimeCalls),
      operators: setOf((one) => one === hostOperators || one === annotations),
    },
    exposedCommunication: subtract(communication, compute),
    exposedCopies: subtract(subtract(copies, compute), communication),
    linked: linksOf(timeline),
  };
}

function setWhere(timeline: Timeline, wanted: (category: number) => boolean): Intervals {
  const starts: number[] = [];
  const ends: number[] = [];
  for (let row = 0; row < timeline.startUs.length; row++) {
    if (!wanted(cell(timeline.category, row))) continue;
    starts.push(cell(timeline.startUs, row));
    ends.push(cell(timeline.startUs, row) + cell(timeline.durationUs, row));
  }
  return union(starts, ends);
}

function setOfTrack({ lanes, startUs, durationUs }: Timeline, track: number): Intervals {
  const starts: number[] = [];
  const ends: number[] = [];
  for (const lane of lanes) {
    if (lane.track !== track) continue;
    for (let row = lane.from; row < lane.to; row++) {
      starts.push(cell(startUs, row));
      ends.push(cell(startUs, row) + cell(durationUs, row));
    }
  }
  return union(starts, ends);
}

/** Lane of a row, by binary search over the lanes' bounds. */
function laneIndex({ lanes }: Timeline): (row: number) => number {
  return (row) => {
    let low = 0;
    let high = lanes.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((lanes[middle]?.to ?? 0) <= row) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

function linksOf({ correlation, category }: Timeline): Map<number, number[]> {
  const links = new Map<number, number[]>();
  for (let row = 0; row < correlation.length; row++) {
    const id = cell(correlation, row);
    const kind = cell(category, row);
    if (id < 0 || (kind !== CATEGORY.runtimeCalls && !keepsDeviceBusy(kind))) continue;
    const known = links.get(id);
    if (known === undefined) links.set(id, [row]);
    else known.push(row);
  }
  return links;
}

import { cell } from '../../records/kineto/event-table.ts';
import { CATEGORIES } from './category.ts';
import { extentUs, type Lane, type Timeline } from './timeline.ts';

/** Bins of a tile: what is shorter than a bin is merged with its neighbours in it. */
export const TILE_BINS = 512;
export const MAX_LEVEL = 40;

/**
 * Part of a timeline at one level of detail, as columns of items in the order of `lanes`. An item is
 * an event (`count` 0) at least one bin long, with its whole start and duration; or a bin (`count`
 * 1 or more, or 0 busy time carried over from before) with the shorter events in it.
 */
export interface Tile {
  fromUs: number;
  toUs: number;
  binUs: number;
  /** Index into the timeline's lanes, and how many items of it follow. */
  lanes: Array<{ lane: number; items: number }>;
  startUs: number[];
  durationUs: number[];
  /** Time of the item within the tile, exact: sums over a lane to the lane's busy time there. */
  busyUs: number[];
  /** Events that start in the bin; 0 for a single event. */
  count: number[];
  /** Whether the item is one event as it is, and no bin. */
  single: number[];
  /** Row of the event, or of the first in the bin. */
  row: number[];
  /** Of the event; of a bin, the one with the most time, then the most events. */
  category: number[];
}

/** Tiles of a level: 2^level. */
export const tileUs = (spanUs: number, level: number): number => extentUs(spanUs) / 2 ** level;

/** Cuts tile `index` of `level`; O(events in it + lanes x log events). */
export function timelineTile(timeline: Timeline, level: number, index: number): Tile {
  const widthUs = tileUs(timeline.spanUs, level);
  const tile: Tile = {
    fromUs: index * widthUs,
    toUs: (index + 1) * widthUs,
    binUs: widthUs / TILE_BINS,
    lanes: [],
    startUs: [],
    durationUs: [],
    busyUs: [],
    count: [],
    single: [],
    row: [],
    category: [],
  };
  timeline.lanes.forEach((lane, at) => {
    const before = tile.row.length;
    cutLane(timeline, lane, tile);
    const items = tile.row.length - before;
    if (items > 0) tile.lanes.push({ lane: at, items });
  });
  return tile;
}

function cutLane(timeline: Timeline, lane: Lane, tile: Tile): void {
  const { startUs, durationUs, category } = timeline;
  const { fromUs, toUs, binUs } = tile;
  const bin = createBin(tile);
  for (let row = firstRow(timeline, lane, fromUs); row < lane.to; row++) {
    const start = cell(startUs, row);
    if (start >= toUs) break;
    const duration = cell(durationUs, row);
    const kind = cell(category, row);
    const low = Math.max(start, fromUs);
    const high = Math.min(start + duration, toUs);
    if (duration >= binUs) {
      bin.flush();
      push(tile, [start, duration, high - low, 0, 1, row, kind]);
      continue;
    }
    const at = Math.floor((low - fromUs) / binUs);
    const edge = fromUs + (at + 1) * binUs;
    bin.add(at, { row, kind, busyUs: Math.min(high, edge) - low, starts: start >= fromUs });
    if (high > edge) bin.add(at + 1, { row, kind, busyUs: high - edge, starts: false });
  }
  bin.flush();
}

/** First row of a lane that lies in or reaches into the time from `fromUs` on. */
export function firstRow({ startUs, durationUs }: Timeline, lane: Lane, fromUs: number): number {
  let low = lane.from;
  let high = lane.to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cell(startUs, middle) < fromUs) low = middle + 1;
    else high = middle;
  }
  const before = low - 1;
  const reaches = before >= lane.from && cell(startUs, before) + cell(durationUs, before) > fromUs;
  return reaches ? before : low;
}

interface Part {
  row: number;
  kind: number;
  busyUs: number;
  /** Whether the event begins in this bin of this tile, and so is counted here. */
  starts: boolean;
}

/** Gathers the short events of one bin at a time; events come in order, so bins do too. */
function createBin(tile: Tile): { add(at: number, part: Part): void; flush(): void } {
  const busyUs = new Float64Array(CATEGORIES.length);
  const counts = new Int32Array(CATEGORIES.length);
  let bin = -1;
  let firstRowOfBin = 0;
  const flush = (): void => {
    if (bin < 0) return;
    let most = 0;
    let totalUs = 0;
    let count = 0;
    for (let i = 0; i < busyUs.length; i++) {
      const own = cell(busyUs, i) - cell(busyUs, most) || cell(counts, i) - cell(counts, most);
      if (own > 0) most = i;
      totalUs += cell(busyUs, i);
      count += cell(counts, i);
    }
    const startUs = tile.fromUs + bin * tile.binUs;
    push(tile, [startUs, tile.binUs, totalUs, count, 0, firstRowOfBin, most]);
    busyUs.fill(0);
    counts.fill(0);
    bin = -1;
  };
  return {
    flush,
    add(at, part) {
      if (at !== bin) {
        flush();
        bin = at;
        firstRowOfBin = part.row;
      }
      busyUs[part.kind] = cell(busyUs, part.kind) + part.busyUs;
      if (part.starts) counts[part.kind] = cell(counts, part.kind) + 1;
    },
  };
}

type Item = [
  startUs: number,
  durationUs: number,
  busyUs: number,
  count: number,
  single: number,
  row: number,
  category: number,
];

function push(tile: Tile, [startUs, durationUs, busyUs, count, single, row, category]: Item): void {
  tile.startUs.push(startUs);
  tile.durationUs.push(durationUs);
  tile.busyUs.push(busyUs);
  tile.count.push(count);
  tile.single.push(single);
  tile.row.push(row);
  tile.category.push(category);
}

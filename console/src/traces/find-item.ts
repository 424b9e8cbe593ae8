import { itemAt } from './lane-raster.ts';
import type { PlotRow } from './plot-layout.ts';
import { AXIS_PX, timeAt, type PlotScene } from './plot-scene.ts';
import { partsOf } from './plot-tiles.ts';
import { spanOf } from './view.ts';

/** What stands under the pointer: an event, or a bin of short ones. */
export interface PointedItem {
  row: PlotRow;
  isEvent: boolean;
  /** Row of the event, or of the first in the bin, in the trace. */
  event: number;
  name: string;
  category: number;
  /** In the time of the trace. */
  startUs: number;
  durationUs: number;
  /** Of a bin: events that start in it, and the share of it that they fill. */
  count: number;
  busyShare: number;
}

/** How near the pointer must be, CSS pixels. */
const REACH_PX = 2;

export function findItem(scene: PlotScene, x: number, y: number): PointedItem | null {
  const at = y - AXIS_PX + scene.scrollPx;
  if (y < AXIS_PX) return null;
  const row = scene.layout.rows.find((one) => at >= one.top && at < one.top + one.height);
  const trace = scene.traces[row?.trace ?? -1];
  if (row === undefined || trace === undefined || row.kind !== 'lane') return null;
  const us = timeAt(scene, x) - trace.offsetUs;
  const reachUs = (REACH_PX / scene.width) * spanOf(scene.view);
  for (const { tile, clip } of partsOf(scene, trace)) {
    if (us < clip.fromUs || us >= clip.toUs) continue;
    const i = itemAt(tile, row.lane, us, reachUs);
    if (i === null) continue;
    const durationUs = tile.durationUs[i] ?? 0;
    const count = tile.count[i] ?? 0;
    return {
      row,
      isEvent: tile.single[i] === 1 || count === 1,
      event: tile.row[i] ?? 0,
      name: trace.timeline.names[tile.name[i] ?? -1] ?? '',
      category: tile.category[i] ?? 0,
      startUs: tile.startUs[i] ?? 0,
      durationUs: tile.single[i] === 1 ? durationUs : (tile.busyUs[i] ?? 0),
      count,
      busyShare: durationUs > 0 ? (tile.busyUs[i] ?? 0) / durationUs : 0,
    };
  }
  return null;
}

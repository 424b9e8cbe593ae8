import type { OpenTrace, TraceTimeline } from './trace-types.ts';

/** Heights in CSS pixels. */
export const TRACE_PX = 20;
export const TRACK_PX = 15;
export const LANE_PX = 13;

/** One line of the plot, top to bottom. */
export interface PlotRow {
  kind: 'trace' | 'track' | 'lane';
  top: number;
  height: number;
  /** Into the open traces. */
  trace: number;
  track: number;
  lane: number;
  label: string;
}

export interface PlotLayout {
  rows: readonly PlotRow[];
  height: number;
}

type Track = TraceTimeline['tracks'][number];

export function trackLabel({ kind, thread, device, stream }: Track): string {
  if (kind === 'host') return `CPU thread ${thread}`;
  const what = kind === 'annotations' ? 'ranges on ' : '';
  return device === null || stream === null
    ? `${what}GPU track ${thread}`
    : `${what}GPU ${device} stream ${stream}`;
}

/** Traces below each other; in each the tracks in their order, in each its lanes by depth. */
export function plotLayout(traces: readonly OpenTrace[]): PlotLayout {
  const rows: PlotRow[] = [];
  let top = 0;
  const add = (row: Omit<PlotRow, 'top'>): void => {
    rows.push({ ...row, top });
    top += row.height;
  };
  traces.forEach(({ label, timeline }, trace) => {
    add({ kind: 'trace', height: TRACE_PX, trace, track: -1, lane: -1, label });
    timeline.tracks.forEach((own, track) => {
      const name = trackLabel(own);
      add({ kind: 'track', height: TRACK_PX, trace, track, lane: -1, label: name });
      timeline.lanes.forEach((lane, at) => {
        if (lane.track !== track) return;
        add({ kind: 'lane', height: LANE_PX, trace, track, lane: at, label: name });
      });
    });
  });
  return { rows, height: top };
}

/** Rows that a stretch of the plot touches; rows stand in order, so this is a binary search. */
export function rowsWithin({ rows }: PlotLayout, top: number, bottom: number): readonly PlotRow[] {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row !== undefined && row.top + row.height <= top) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < rows.length && (rows[end]?.top ?? Infinity) < bottom) end += 1;
  return rows.slice(low, end);
}

/** Where an event stands, for arrows and frames; null when its lane is not drawn. */
export function rowOf(
  { rows }: PlotLayout,
  traces: readonly OpenTrace[],
  event: { trace: number; track: number; depth: number },
): PlotRow | null {
  const lanes = traces[event.trace]?.timeline.lanes ?? [];
  const lane = lanes.findIndex(
    ({ track, depth }) => track === event.track && depth === event.depth,
  );
  if (lane < 0) return null;
  return rows.find((row) => row.trace === event.trace && row.lane === lane) ?? null;
}

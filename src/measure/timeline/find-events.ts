import { cell } from '../../records/kineto/event-table.ts';
import type { Prepared } from './prepare-timeline.ts';

/** One event, where it stands and how long it takes; microseconds since the origin. */
export interface TimelineEvent {
  row: number;
  name: string;
  /** Into CATEGORIES. */
  category: number;
  track: number;
  depth: number;
  startUs: number;
  durationUs: number;
}

export interface EventDetail extends TimelineEvent {
  correlation: number | null;
  /** The launch of work, or the work of a launch: events of the same correlation. */
  linked: TimelineEvent[];
}

export interface FoundEvents {
  /** All that match, also those not listed. */
  total: number;
  totalUs: number;
  /** By start. */
  events: TimelineEvent[];
}

/** A correlation names one launch and its work; a broken trace may repeat it. */
const MAX_LINKED = 16;

export function eventAt({ timeline, trackOf, depthOf }: Prepared, row: number): TimelineEvent {
  const { names, name, category, startUs, durationUs } = timeline;
  return {
    row,
    name: names[cell(name, row)] ?? '',
    category: cell(category, row),
    track: trackOf(row),
    depth: depthOf(row),
    startUs: cell(startUs, row),
    durationUs: cell(durationUs, row),
  };
}

/** An event with its launch or its work; null when there is no such row. */
export function eventDetail(prepared: Prepared, row: number): EventDetail | null {
  const { correlation, startUs } = prepared.timeline;
  if (row < 0 || row >= startUs.length) return null;
  const id = cell(correlation, row);
  const rows = prepared.linked.get(id) ?? [];
  const linked = rows.includes(row) ? rows.filter((one) => one !== row).slice(0, MAX_LINKED) : [];
  return {
    ...eventAt(prepared, row),
    correlation: id < 0 ? null : id,
    linked: linked.map((one) => eventAt(prepared, one)),
  };
}

/** Events whose name has the text, whatever its case; the first `limit` by start. O(events). */
export function findEvents(prepared: Prepared, text: string, limit: number): FoundEvents {
  const { names, name, startUs, durationUs } = prepared.timeline;
  const sought = text.toLowerCase();
  const matches = names.map((one) => one.toLowerCase().includes(sought));
  const rows: number[] = [];
  let totalUs = 0;
  for (let row = 0; row < name.length; row++) {
    if (matches[cell(name, row)] !== true) continue;
    rows.push(row);
    totalUs += cell(durationUs, row);
  }
  rows.sort((a, b) => cell(startUs, a) - cell(startUs, b) || a - b);
  const events = rows.slice(0, limit).map((row) => eventAt(prepared, row));
  return { total: rows.length, totalUs, events };
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cell } from '../../records/kineto/event-table.ts';
import { intersect, measure, range, union } from '../trace/intervals.ts';
import type { TestEvent } from '../trace/testing-trace.ts';
import { encodeTile } from './encode-tile.ts';
import { prepareTimeline } from './prepare-timeline.ts';
import { anyEvents, timelineOf } from './testing-timeline.ts';
import { decodeTimeline, encodeTimeline } from './timeline-file.ts';
import { TILE_BINS, timelineTile, type Tile } from './timeline-tile.ts';
import type { Timeline } from './timeline.ts';

const level = fc.integer({ min: 0, max: 6 });

/** Sums of a column over the items of each lane. */
function byLane(tile: Tile, column: readonly number[], at = 0): Map<number, number> {
  const sums = new Map<number, number>();
  let next = at;
  for (const { lane, items } of tile.lanes) {
    sums.set(
      lane,
      column.slice(next, next + items).reduce((sum, one) => sum + one, 0),
    );
    next += items;
  }
  return sums;
}

/** Busy time of rows between two times, by set arithmetic on the rows themselves. */
function busyUs(timeline: Timeline, rows: readonly number[], from: number, to: number): number {
  const starts = rows.map((row) => cell(timeline.startUs, row));
  const ends = rows.map((row, i) => (starts[i] ?? 0) + cell(timeline.durationUs, row));
  return measure(intersect(union(starts, ends), range(from, to)));
}

const rowsOf = ({ from, to }: { from: number; to: number }): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);

describe('tiles of a timeline', () => {
  test('lose no time and no event: each lane sums to exact set arithmetic in every tile', async () => {
    await fc.assert(
      fc.asyncProperty(anyEvents, level, async (events, at) => {
        const timeline = await timelineOf(events);
        const tiles = Array.from({ length: 2 ** at }, (_, i) => timelineTile(timeline, at, i));
        for (const tile of tiles) {
          const sums = byLane(tile, tile.busyUs);
          timeline.lanes.forEach((lane, i) => {
            const exact = busyUs(timeline, rowsOf(lane), tile.fromUs, tile.toUs);
            expect(sums.get(i) ?? 0).toBe(exact);
          });
        }
        const singles = new Set(
          tiles.flatMap((tile) => tile.row.filter((_, i) => tile.single[i] === 1)),
        );
        const merged = tiles.flatMap(({ count }) => count).reduce((sum, one) => sum + one, 0);
        const past = rowsOf({ from: 0, to: timeline.startUs.length }).filter(
          (row) => cell(timeline.startUs, row) >= (tiles.at(-1)?.toUs ?? 0),
        );
        expect(singles.size + merged + past.length).toBe(events.length);
      }),
    );
  });

  test('busy time of a track is the union of its events, whatever nests in what', async () => {
    await fc.assert(
      fc.asyncProperty(anyEvents, level, async (events, at) => {
        const timeline = await timelineOf(events);
        const { busyWithin } = prepareTimeline(timeline);
        const { fromUs, toUs } = timelineTile(timeline, at, 0);
        busyWithin.forEach((within, track) => {
          const rows = timeline.lanes.filter((lane) => lane.track === track).flatMap(rowsOf);
          expect(within(fromUs, toUs)).toBe(busyUs(timeline, rows, fromUs, toUs));
        });
      }),
    );
  });

  test('are bounded: at most a bin and an event for every bin, and one that reaches in', async () => {
    await fc.assert(
      fc.asyncProperty(anyEvents, level, fc.nat(), async (events, at, pick) => {
        const timeline = await timelineOf(events);
        const tile = timelineTile(timeline, at, pick % 2 ** at);
        for (const { items } of tile.lanes) expect(items).toBeLessThanOrEqual(2 * TILE_BINS + 1);
        tile.row.forEach((_, i) => {
          if (tile.single[i] === 1) expect(tile.durationUs[i]).toBeGreaterThanOrEqual(tile.binUs);
          else expect(tile.busyUs[i]).toBeLessThanOrEqual(tile.binUs);
        });
      }),
    );
  });

  test('events of one lane never overlap', async () => {
    await fc.assert(
      fc.asyncProperty(anyEvents, async (events) => {
        const { lanes, startUs, durationUs } = await timelineOf(events);
        for (const { from, to } of lanes) {
          for (let row = from + 1; row < to; row++) {
            const end = cell(startUs, row - 1) + cell(durationUs, row - 1);
            expect(cell(startUs, row)).toBeGreaterThanOrEqual(end);
          }
        }
      }),
    );
  });

  test('a bin is what most of its time is; counts stand where events start', async () => {
    const short = (ts: number, dur: number, cat: string, name: string): TestEvent => ({
      cat,
      name,
      ts,
      dur,
      args: { stream: 7, device: 0 },
    });
    const timeline = await timelineOf([
      { cat: 'cpu_op', name: 'aten::mm', ts: 0, dur: 1024 },
      short(0, 0.25, 'kernel', 'gemm'),
      short(0.5, 1, 'kernel', 'ncclDevKernel'),
      short(1.75, 0.5, 'kernel', 'gemm'),
    ]);
    const tile = timelineTile(timeline, 0, 0);
    expect(tile.binUs).toBe(2);
    expect(tile.lanes).toEqual([
      { lane: 0, items: 1 },
      { lane: 1, items: 2 },
    ]);
    expect(tile.busyUs).toEqual([1024, 1.5, 0.25]);
    expect(tile.count).toEqual([0, 3, 0]);
    expect(tile.category).toEqual([5, 1, 0]);
  });

  test('bytes: files come back as they were, tiles have the documented length', async () => {
    await fc.assert(
      fc.asyncProperty(anyEvents, level, async (events, at) => {
        const timeline = await timelineOf(events);
        expect(decodeTimeline(Buffer.from(encodeTimeline(timeline)), 'x')).toEqual(timeline);
        const tile = timelineTile(timeline, at, 0);
        const bytes = encodeTile(tile, timeline, [1, 2]);
        const items = tile.row.length;
        const lanes = tile.lanes.length;
        expect(bytes.length).toBe(40 + 24 * items + 16 + 12 * items + 8 * lanes + 2 * items);
      }),
    );
  });

  test('a damaged file is refused with a code', async () => {
    const timeline = await timelineOf([]).catch(() => null);
    expect(timeline).toBeNull();
    const whole = Buffer.from(
      encodeTimeline(
        await timelineOf([{ cat: 'kernel', name: 'k', ts: 1, dur: 1, args: { stream: 1 } }]),
      ),
    );
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (length) => {
        expect(() => decodeTimeline(whole.subarray(0, length), 'x')).toThrow(
          expect.objectContaining({ code: 'TR_TRACE_INVALID' }),
        );
      }),
    );
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Tile } from './decode-tile.ts';
import {
  clearLine,
  createLine,
  drawLane,
  itemAt,
  mixColours,
  type Palette,
} from './lane-raster.ts';

const BLUE = 0xffff0000;
const GREEN = 0xff00ff00;
const palette: Palette = { page: 0xffffffff, lane: 0xff202020, categories: [BLUE, GREEN] };

interface Item {
  start: number;
  duration: number;
  single: number;
  busy?: number;
  category?: number;
}

function tileOf(items: readonly Item[], toUs = 1000): Tile {
  return {
    fromUs: 0,
    toUs,
    startUs: Float64Array.from(items, (one) => one.start),
    durationUs: Float64Array.from(items, (one) => one.duration),
    busyUs: Float64Array.from(items, (one) => one.busy ?? one.duration),
    trackBusyUs: new Float64Array(),
    row: Int32Array.from(items, (_, i) => i),
    name: new Int32Array(items.length),
    count: new Int32Array(items.length),
    category: Uint8Array.from(items, (one) => one.category ?? 0),
    single: Uint8Array.from(items, (one) => one.single),
    lanes: new Map([[0, { from: 0, to: items.length }]]),
  };
}

function draw(
  items: readonly Item[],
  width: number,
  view = { fromUs: 0, toUs: 1000 },
): Uint32Array {
  const line = createLine(width);
  clearLine(line, palette.lane);
  drawLane(line, tileOf(items), 0, view, palette);
  return line.pixels;
}

/** Events one after the other, as a lane has them. */
const events = fc
  .array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 60 })), { maxLength: 12 })
  .map((gaps) => {
    let at = 0;
    return gaps.map(([gap, duration]): Item => {
      const start = at + gap;
      at = start + duration;
      return { start, duration, single: 1 };
    });
  });

test('every event in view is seen, and nothing is drawn where none is', () => {
  fc.assert(
    fc.property(events, fc.integer({ min: 1, max: 400 }), fc.nat(900), (items, width, fromUs) => {
      const view = { fromUs, toUs: fromUs + 100 };
      const pixels = draw(items, width, view);
      const usPerPx = 100 / width;
      for (const { start, duration } of items) {
        if (start + duration <= view.fromUs || start >= view.toUs || start >= 1000) continue;
        const x = Math.floor((Math.max(start, fromUs) - fromUs) / usPerPx);
        expect(pixels[Math.min(x, width - 1)]).not.toBe(palette.lane);
      }
      pixels.forEach((pixel, x) => {
        const from = fromUs + x * usPerPx;
        const isNear = items.some(
          ({ start, duration }) =>
            start < from + 2 * usPerPx && start + duration > from - 2 * usPerPx,
        );
        if (!isNear) expect(pixel).toBe(palette.lane);
      });
    }),
  );
});

test('a bin is the fainter the less of it is busy; the fullest of a pixel wins', () => {
  const bin = (start: number, busy: number, category = 0): Item => ({
    start,
    duration: 1,
    busy,
    category,
    single: 0,
  });
  const [full = 0, faint = 0] = draw([bin(0, 1), bin(500, 0.05)], 2);
  expect(full).toBe(BLUE);
  expect(faint).not.toBe(palette.lane);
  expect((faint >> 16) & 255).toBeLessThan((full >> 16) & 255);
  expect(draw([bin(0, 0.1), bin(1, 0.9, 1), bin(2, 0.2)], 1)[0]).toBe(
    mixColours(palette.lane, GREEN, 0.35 + 0.65 * Math.sqrt(0.9)),
  );
});

test('a coarser tile stands in only for the part that is missing', () => {
  const line = createLine(10);
  clearLine(line, palette.lane);
  const tile = tileOf([{ start: 0, duration: 1000, single: 1 }]);
  const view = { fromUs: 0, toUs: 1000 };
  drawLane(line, tile, 0, view, palette, { fromUs: 300, toUs: 500 });
  expect([...line.pixels].map((pixel) => pixel === palette.lane)).toEqual([
    true,
    true,
    true,
    false,
    false,
    true,
    true,
    true,
    true,
    true,
  ]);
});

test('the item under the pointer is the one whose time it is, else the nearest within reach', () => {
  const tile = tileOf([
    { start: 10, duration: 5, single: 1 },
    { start: 20, duration: 1, single: 1 },
  ]);
  expect(itemAt(tile, 0, 12, 1)).toBe(0);
  expect(itemAt(tile, 0, 19.5, 1)).toBe(1);
  expect(itemAt(tile, 0, 17.5, 1)).toBeNull();
  expect(itemAt(tile, 1, 12, 1)).toBeNull();
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { moveByKey } from './plot-keys.ts';
import {
  clampView,
  extentUs,
  levelFor,
  panView,
  spanOf,
  TILE_BINS,
  tilesOf,
  zoomView,
} from './view.ts';

const whole = { fromUs: 0, toUs: 5_000 };
const view = fc
  .tuple(
    fc.double({ min: -1e4, max: 1e4, noNaN: true }),
    fc.double({ min: 0.01, max: 1e5, noNaN: true }),
  )
  .map(([fromUs, span]) => ({ fromUs, toUs: fromUs + span }));

test('a view never leaves the whole and never vanishes', () => {
  fc.assert(
    fc.property(view, (one) => {
      const { fromUs, toUs } = clampView(one, whole);
      expect(toUs).toBeGreaterThan(fromUs);
      expect(toUs - fromUs).toBeLessThanOrEqual(spanOf(whole) * 1.2 + 1e-6);
      expect(toUs).toBeGreaterThan(whole.fromUs);
      expect(fromUs).toBeLessThan(whole.toUs);
    }),
  );
});

test('zooming keeps the place it is about', () => {
  fc.assert(
    fc.property(
      view,
      fc.double({ min: 0.1, max: 10, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (one, factor, at) => {
        const zoomed = zoomView(one, factor, at);
        const place = (v: typeof one): number => v.fromUs + at * spanOf(v);
        expect(place(zoomed)).toBeCloseTo(place(one), 3);
        expect(spanOf(zoomed)).toBeCloseTo(spanOf(one) * factor, 3);
      },
    ),
  );
});

test('tiles of the level cover what is shown, with bins no wider than a pixel and not much finer', () => {
  fc.assert(
    fc.property(
      view,
      fc.integer({ min: 100, max: 4_000 }),
      fc.double({ min: 1, max: 1e9, noNaN: true }),
      (one, width, spanUs) => {
        const usPerPx = spanOf(one) / width;
        const level = levelFor(spanUs, usPerPx);
        const tileUs = extentUs(spanUs) / 2 ** level;
        expect(tileUs / TILE_BINS).toBeLessThanOrEqual(usPerPx * (1 + 1e-9));
        if (level > 0) expect(tileUs / TILE_BINS).toBeGreaterThan(usPerPx / 2.001);
        const { first, last } = tilesOf(one, spanUs, level);
        if (one.toUs <= 0 || one.fromUs >= spanUs) return;
        expect(first * tileUs).toBeLessThanOrEqual(Math.max(0, one.fromUs));
        expect((last + 1) * tileUs).toBeGreaterThanOrEqual(
          Math.min(one.toUs, spanUs) * (1 - 1e-12),
        );
        expect(last - first + 1).toBeLessThanOrEqual(Math.ceil((2 * width) / TILE_BINS) + 2);
      },
    ),
  );
});

test('keys move as they are named, in either case; others do nothing', () => {
  const one = { fromUs: 1_000, toUs: 2_000 };
  expect(moveByKey(one, whole, 'D')).toEqual(panView(one, 0.15));
  expect(moveByKey(one, whole, 'ArrowLeft')).toEqual(panView(one, -0.15));
  expect(spanOf(moveByKey(one, whole, 'w') ?? one)).toBeLessThan(1_000);
  expect(spanOf(moveByKey(one, whole, '-') ?? one)).toBeGreaterThan(1_000);
  expect(moveByKey(one, whole, 'Home')).toBe(whole);
  expect(moveByKey(one, whole, 'x')).toBeNull();
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linearScale, logScale } from './scale.ts';

const range = fc
  .tuple(
    fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
    fc.double({ min: 1.01, max: 1e4, noNaN: true }),
  )
  .map(([from, factor]) => [from, from * factor] as const);

test.each([
  ['linear', linearScale],
  ['log', logScale],
] as const)('a %s axis has round, rising ticks inside it, and keeps order', (_name, make) => {
  fc.assert(
    fc.property(range, fc.integer({ min: 2, max: 10 }), ([from, to], most) => {
      const scale = make(from, to);
      const ticks = scale.ticks(most);
      expect(ticks.length).toBeLessThanOrEqual(most + 1);
      for (const [index, tick] of ticks.entries()) {
        expect(scale.place(tick)).toBeGreaterThanOrEqual(-1e-6);
        expect(scale.place(tick)).toBeLessThanOrEqual(1 + 1e-6);
        if (index > 0) expect(tick).toBeGreaterThan(ticks[index - 1] ?? 0);
      }
      expect(scale.place(from)).toBeCloseTo(0, 9);
      expect(scale.place(to)).toBeCloseTo(1, 9);
      expect(scale.place(Math.sqrt(from * to))).toBeGreaterThan(0);
    }),
  );
});

test('ticks are what a person would write', () => {
  expect(linearScale(0, 1).ticks(5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(linearScale(0, 16).ticks(4)).toEqual([0, 5, 10, 15]);
  expect(logScale(1, 100).ticks(9)).toEqual([1, 2, 5, 10, 20, 50, 100]);
  expect(logScale(1, 1e5).ticks(9)).toEqual([1, 10, 100, 1_000, 10_000, 100_000]);
});

test('a range of one value still has an inside', () => {
  expect(linearScale(3, 3).place(3)).toBe(0.5);
  expect(Number.isFinite(logScale(0, 0).place(0))).toBe(true);
});

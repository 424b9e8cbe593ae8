import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TailraceError } from '../../records/errors.ts';
import {
  createSketch,
  relativeErrorBound,
  sketchFromBytes,
  type ExponentialSketch,
} from './create-sketch.ts';

const value = fc.oneof(
  fc.double({ min: 2 ** -19, max: 1e12, noNaN: true }),
  fc.integer({ min: 1, max: 100_000 }),
  fc.integer({ min: -19, max: 40 }).map((exponent) => 2 ** exponent),
);
const values = fc.array(value, { minLength: 1, maxLength: 400 });
const quantiles = [0, 0.01, 0.5, 0.9, 0.95, 0.99, 0.999, 1];

function sketchOf(all: readonly number[]): ExponentialSketch {
  const sketch = createSketch();
  for (const one of all) sketch.add(one);
  return sketch;
}

test('every quantile is within the bound of the exact one at the same rank', () => {
  expect(relativeErrorBound).toBeLessThan(0.0055);
  fc.assert(
    fc.property(values, (all) => {
      const sketch = sketchOf(all);
      const sorted = all.toSorted((a, b) => a - b);
      for (const q of quantiles) {
        const exact = sorted[Math.max(1, Math.ceil(q * all.length)) - 1] ?? Number.NaN;
        const error = Math.abs(sketch.quantile(q) - exact) / exact;
        expect(error).toBeLessThanOrEqual(relativeErrorBound * (1 + 1e-9));
      }
      expect(sketch.min).toBe(sorted[0]);
      expect(sketch.max).toBe(sorted.at(-1));
    }),
  );
});

test('merging parts in any order gives the buckets of the whole, bit for bit', () => {
  fc.assert(
    fc.property(fc.array(values, { minLength: 1, maxLength: 6 }), (parts) => {
      const whole = sketchOf(parts.flat());
      const merge = (order: number[][]): ExponentialSketch => {
        const into = createSketch();
        for (const part of order) into.merge(sketchOf(part));
        return into;
      };
      const forward = merge(parts);
      const backward = merge(parts.toReversed());
      expect(forward.buckets()).toEqual(whole.buckets());
      expect(backward.buckets()).toEqual(whole.buckets());
      expect([backward.count, backward.min, backward.max]).toEqual([
        whole.count,
        whole.min,
        whole.max,
      ]);
    }),
  );
});

test('bytes give the same sketch back', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(value, fc.constant(0)), { maxLength: 300 }), (all) => {
      const sketch = sketchOf(all);
      const back = sketchFromBytes(sketch.toBytes());
      expect(back.buckets()).toEqual(sketch.buckets());
      expect([back.count, back.sum, back.min, back.max]).toEqual([
        sketch.count,
        sketch.sum,
        sketch.min,
        sketch.max,
      ]);
      expect(Buffer.from(back.toBytes())).toEqual(Buffer.from(sketch.toBytes()));
    }),
  );
});

test('bytes that are not a sketch are refused by code', () => {
  const good = Buffer.from(sketchOf([1, 2, 3, 500]).toBytes());
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 80 }),
        fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([at, byte]) => {
          const broken = Buffer.from(good);
          broken[at] = byte;
          return broken;
        }),
      ),
      (bytes) => {
        try {
          expect(sketchFromBytes(bytes).count).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect(error).toBeInstanceOf(TailraceError);
        }
      },
    ),
  );
  expect(() => sketchFromBytes(good.subarray(0, good.length - 1))).toThrow('ends too early');
});

test('the share at most a value brackets the exact share by one bucket', () => {
  fc.assert(
    fc.property(values, value, (all, limit) => {
      const share = sketchOf(all).shareAtMost(limit);
      const exact = (at: number): number => all.filter((one) => one <= at).length / all.length;
      expect(share).toBeGreaterThanOrEqual(exact(limit * (1 - 2.5 * relativeErrorBound)) - 1e-12);
      expect(share).toBeLessThanOrEqual(exact(limit * (1 + 2.5 * relativeErrorBound)) + 1e-12);
    }),
  );
});

test('an empty sketch knows nothing, and zero is a value', () => {
  const sketch = createSketch();
  expect(sketch.quantile(0.5)).toBeNaN();
  expect(sketch.shareAtMost(1)).toBeNaN();
  sketch.add(0);
  sketch.add(Number.NaN);
  sketch.add(-1);
  expect([sketch.count, sketch.quantile(0.5), sketch.min]).toEqual([1, 0, 0]);
});

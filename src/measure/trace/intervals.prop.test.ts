import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { intersect, lengthWithin, measure, subtract, union, type Intervals } from './intervals.ts';

const LIMIT = 60;
const ranges = fc.array(
  fc.tuple(fc.integer({ min: 0, max: LIMIT }), fc.integer({ min: 0, max: 12 })),
  {
    maxLength: 20,
  },
);

const setOf = (list: ReadonlyArray<readonly [number, number]>): Intervals =>
  union(
    list.map(([start]) => start),
    list.map(([start, length]) => start + length),
  );

/** The same set as one flag per unit of time: slow and obviously right. */
const cellsOf = (list: ReadonlyArray<readonly [number, number]>): boolean[] =>
  Array.from({ length: LIMIT + 12 }, (_, at) =>
    list.some(([start, length]) => at >= start && at < start + length),
  );

const cellsIn = (set: Intervals): boolean[] =>
  Array.from({ length: LIMIT + 12 }, (_, at) => {
    for (let i = 0; i < set.length; i += 2) {
      if (at >= (set[i] ?? 0) && at < (set[i + 1] ?? 0)) return true;
    }
    return false;
  });

describe('sets of time against flags per unit', () => {
  test('union: the same cells, sorted, disjoint and not touching', () => {
    fc.assert(
      fc.property(ranges, (list) => {
        const set = setOf(list);
        expect(cellsIn(set)).toEqual(cellsOf(list));
        for (let i = 1; i < set.length; i++) expect(set[i]).toBeGreaterThan(set[i - 1] ?? Infinity);
      }),
    );
  });

  test('intersection, difference and length', () => {
    fc.assert(
      fc.property(ranges, ranges, (a, b) => {
        const [cellsA, cellsB] = [cellsOf(a), cellsOf(b)];
        const [setA, setB] = [setOf(a), setOf(b)];
        expect(cellsIn(intersect(setA, setB))).toEqual(cellsA.map((in_, i) => in_ && cellsB[i]));
        expect(cellsIn(subtract(setA, setB))).toEqual(cellsA.map((in_, i) => in_ && !cellsB[i]));
        expect(measure(setA)).toBe(cellsA.filter(Boolean).length);
      }),
    );
  });

  test('length within any window equals that of the intersection', () => {
    fc.assert(
      fc.property(ranges, fc.nat(LIMIT), fc.nat(LIMIT), (list, start, end) => {
        const set = setOf(list);
        const window = setOf([[start, end - start]]);
        expect(lengthWithin(set)(start, end)).toBe(measure(intersect(set, window)));
      }),
    );
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createHistogram } from './histogram.ts';

it('counts each value in every bucket whose bound it does not exceed', () => {
  const bounds = [0.5, 1, 10];
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 20, noNaN: true })), (values) => {
      const histogram = createHistogram(bounds);
      for (const value of values) histogram.observe(value);
      const below = (bound: number): number => values.filter((value) => value <= bound).length;
      const lines = histogram.lines('h', 'a="b"').trimEnd().split('\n');
      expect(lines.slice(0, 4)).toEqual([
        ...bounds.map((bound) => `h_bucket{a="b",le="${bound}"} ${below(bound)}`),
        `h_bucket{a="b",le="+Inf"} ${values.length}`,
      ]);
      expect(Number(lines[4]?.split(' ')[1])).toBe(values.reduce((a, b) => a + b, 0));
      expect(lines[5]).toBe(`h_count{a="b"} ${values.length}`);
    }),
  );
});

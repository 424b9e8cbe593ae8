import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSketch } from '../measure/sketch/create-sketch.ts';
import { HEAT_BUCKETS, heatOf, heatUppersMs } from './heat.ts';

const metric = fc.constantFrom('ttft' as const, 'tpot' as const, 'e2e' as const);
const latencyMs = fc.oneof(
  fc.double({ min: 0, max: 5_000_000, noNaN: true }),
  fc.double({ min: 0, max: 100, noNaN: true }),
  fc.constantFrom(0, Number.MIN_VALUE, 1, 2, 1e9),
);

test('every value is in the bucket whose bounds hold it; none is lost', () => {
  fc.assert(
    fc.property(metric, latencyMs, (which, value) => {
      const sketch = createSketch();
      sketch.add(value, 3);
      const heat = heatOf(sketch, which);
      const at = heat.findIndex(([, count]) => count > 0);
      expect(heat).toHaveLength(HEAT_BUCKETS);
      expect(heat.reduce((sum, [, count]) => sum + count, 0)).toBe(3);
      // Bounds are rounded to six digits for display: a value that close may be on either side.
      const lower = at === 0 ? 0 : (heat[at - 1]?.[0] ?? Number.NaN);
      const upper = at === HEAT_BUCKETS - 1 ? Infinity : (heat[at]?.[0] ?? Number.NaN);
      expect(value).toBeGreaterThanOrEqual(lower * (1 - 1e-5));
      expect(value).toBeLessThanOrEqual(upper * (1 + 1e-5));
    }),
  );
});

test('bounds rise by the same ratio and cover what people look at', () => {
  for (const which of ['ttft', 'tpot', 'e2e'] as const) {
    const uppers = heatUppersMs(which);
    for (const [at, upper] of uppers.slice(1).entries()) {
      expect(upper / (uppers[at] ?? 0)).toBeCloseTo(2 ** (25 / 64), 4);
    }
  }
  expect(heatUppersMs('e2e').at(-1)).toBeGreaterThan(600_000);
  expect(heatUppersMs('tpot')[0]).toBeLessThan(0.1);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { occupancyOf } from './occupancy.ts';

const subject = (id: string) =>
  ({ kind: 'accelerator', id, node: null, index: null, model: null }) as const;

const interval = fc
  .tuple(
    fc.integer({ min: 0, max: 99 }),
    fc.integer({ min: 1, max: 60 }),
    fc.constantFrom('a', 'b'),
  )
  .map(([fromMs, length, id]) => ({
    subject: subject(id),
    holder: `pod-${fromMs}`,
    fromMs,
    toMs: Math.min(100, fromMs + length),
  }));

test('held time is the union, by counting every millisecond', () => {
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 12 }), (holders) => {
      const window = { fromMs: 0, toMs: 100 };
      const rows = occupancyOf({ window, stepMs: 1, series: [], holders, silent: [] });
      for (const row of rows) {
        const own = holders.filter((one) => one.subject.id === row.subject.id);
        const covered = Array.from({ length: 100 }, (_, at) =>
          own.some((one) => one.fromMs <= at && at < one.toMs),
        ).filter(Boolean).length;
        expect(row.heldShare).toBeCloseTo(covered / 100, 12);
      }
      expect(rows.map((row) => row.heldShare)).toEqual(
        rows.map((row) => row.heldShare).toSorted((a, b) => a - b),
      );
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CAUSES, groupOf } from './causes.ts';
import { closeAccount } from './close-account.ts';
import { createTimeBook } from './time-book.ts';

const asks = fc.array(
  fc.tuple(
    fc.constantFrom(...CAUSES),
    fc.oneof(
      fc.double({ min: -10, max: 1e6, noNaN: true }),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY),
    ),
  ),
  { maxLength: 40 },
);

test('whatever evidence claims, the leaves sum to what was paid: time, money and energy', () => {
  fc.assert(
    fc.property(
      asks,
      fc.double({ min: 1, max: 1e6, noNaN: true }),
      fc.double({ min: 0, max: 1e5, noNaN: true }),
      (all, paid, energyWh) => {
        const book = createTimeBook(paid);
        for (const [cause, seconds] of all) book.take(cause, seconds, { confidence: 'high' });
        book.unknown('why');
        const leaves = closeAccount(book, { usdPerAcceleratorHour: 3, energyWh, idleW: 70 });
        const sum = (of: (leaf: (typeof leaves)[number]) => number): number =>
          leaves.reduce((total, leaf) => total + of(leaf), 0);
        expect(sum((leaf) => leaf.share)).toBeCloseTo(1, 9);
        expect(sum((leaf) => leaf.acceleratorHours) / (paid / 3600)).toBeCloseTo(1, 9);
        expect(sum((leaf) => leaf.usd ?? Number.NaN) / ((paid / 3600) * 3)).toBeCloseTo(1, 9);
        expect(sum((leaf) => leaf.energyWh ?? Number.NaN)).toBeCloseTo(energyWh, 3);
        for (const leaf of leaves) {
          expect(Math.min(leaf.share, leaf.energyWh ?? 0)).toBeGreaterThanOrEqual(0);
          expect(leaf.group).toBe(groupOf(leaf.cause));
        }
      },
    ),
  );
});

test('what several causes claim goes to the first that asks; nothing is given twice', () => {
  const book = createTimeBook(10);
  expect(book.take('failed', 7, { confidence: 'high' })).toBe(7);
  expect(book.take('data-stall', 7, { confidence: 'low' })).toBe(3);
  expect(book.take('useful', 7, { confidence: 'high' })).toBe(0);
  expect(book.close().map(({ cause, seconds }) => [cause, seconds])).toEqual([
    ['failed', 7],
    ['data-stall', 3],
  ]);
});

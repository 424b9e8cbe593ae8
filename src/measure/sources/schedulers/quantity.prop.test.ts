import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuantity } from './quantity.ts';

describe('quantities', () => {
  it.each([
    ['100m', 0.1],
    ['1.5', 1.5],
    ['16Gi', 17_179_869_184],
    ['1e3', 1000],
    ['1E3', 1000],
    ['1E', 1e18],
    ['812344Ki', 831_840_256],
    ['3412345n', 0.003412345],
    [8, 8],
  ])('reads %j', (text, value) => {
    expect(parseQuantity(text)).toBeCloseTo(value, 9);
  });

  it.each(['', 'Gi', '1 Gi', '1GiB', '1e', '0x10', 'NaN', '1.2.3'])('refuses %j', (text) => {
    expect(parseQuantity(text)).toBeNull();
  });

  it('reads a finite number or nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String)), (text) => {
        const value = parseQuantity(text);
        expect(value === null || Number.isFinite(value)).toBe(true);
      }),
    );
  });
});

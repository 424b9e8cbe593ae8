import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatBytesPerS,
  formatCelsius,
  formatChange,
  formatCompact,
  formatCount,
  formatMean,
  formatMeasure,
  formatMs,
  formatNoun,
  formatShare,
  formatUsd,
  formatWatts,
  formatWh,
} from './format.ts';

/** No-break spaces read as plain ones here. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

const cases = <T>(format: (value: T) => string, rows: ReadonlyArray<[T, string]>): void => {
  for (const [value, text] of rows) expect(plain(format(value))).toBe(text);
};

describe('format', () => {
  test('unknown is a word, zero is a zero', () => {
    for (const format of [formatMs, formatUsd, formatWh, formatShare, formatCount, formatCompact]) {
      expect(format(null)).toBe('unknown');
      expect(plain(format(0))).toMatch(/^\$?0( |$)/);
    }
  });

  test('durations', () => {
    cases(formatMs, [
      [0.0421, '0.0421 ms'],
      [0.42, '0.42 ms'],
      [12.34, '12.3 ms'],
      [411.6, '412 ms'],
      [999.6, '1 s'],
      [1234, '1.23 s'],
      [59_949, '59.9 s'],
      [59_990, '1 m 00 s'],
      [125_000, '2 m 05 s'],
      [3_599_600, '1 h 00 m'],
      [187 * 60_000, '3 h 07 m'],
      [52 * 3_600_000, '2 d 04 h'],
    ]);
  });

  test('money keeps the digits that matter', () => {
    cases(formatUsd, [
      [0.000_012_345, '$0.0000123'],
      [0.0412, '$0.0412'],
      [0.9996, '$1.00'],
      [1.2, '$1.20'],
      [1234.5, '$1,234.50'],
      [12_345.6, '$12,346'],
      [2_345_678, '$2.35 M'],
      [-0.5, '-$0.50'],
      [0.4, '$0.40'],
      [0, '$0'],
      [1e-10, '<$0.000000001'],
    ]);
  });

  test('energy', () => {
    cases(formatWh, [
      [0.0123, '12.3 mWh'],
      [0.123, '0.123 Wh'],
      [700, '700 Wh'],
      [1500, '1.5 kWh'],
      [2_500_000, '2.5 MWh'],
    ]);
  });

  test('shares never round a part away or a miss to whole', () => {
    cases(formatShare, [
      [0.1234, '12.3 %'],
      [0.0004, '<0.1 %'],
      [1, '100 %'],
      [0.9995, '99.95 %'],
      [0.99996, '99.996 %'],
      [0.999999, '>99.999 %'],
      [0.9999, '99.99 %'],
      [0.99, '99.0 %'],
    ]);
  });

  test('counts, means and bytes', () => {
    cases(formatCount, [[1_234_567, '1,234,567']]);
    cases(formatCompact, [
      [9999, '9,999'],
      [12_345, '12.3 k'],
      [4_560_000, '4.56 M'],
      [7_890_000_000, '7.89 G'],
    ]);
    cases(formatMean, [
      [2.34567, '2.35'],
      [0, '0'],
    ]);
    cases(formatBytes, [
      [12, '12 B'],
      [1536, '1.5 KiB'],
      [67_108_864, '64 MiB'],
    ]);
  });

  test('power, temperature and rates of bytes', () => {
    cases(formatWatts, [
      [630, '630 W'],
      [9_400, '9,400 W'],
      [12_345, '12.3 kW'],
      [4_560_000, '4.56 MW'],
      [null, 'unknown'],
    ]);
    cases(formatCelsius, [
      [61.4, '61.4 \u00b0C'],
      [null, 'unknown'],
    ]);
    cases(formatBytesPerS, [
      [12, '12 B/s'],
      [69_400, '69.4 kB/s'],
      [1.5e9, '1.5 GB/s'],
      [null, 'unknown'],
    ]);
  });

  test('changes, counts with a noun, and figures in a unit of their own', () => {
    cases(formatChange, [
      [0.193, '+19.3 %'],
      [-0.04, '-4 %'],
      [0, '0 %'],
    ]);
    expect(plain(formatNoun(1, 'day'))).toBe('1 day');
    expect(plain(formatNoun(0.5, 'day'))).toBe('0.5 days');
    expect(plain(formatMeasure(0.5, 'share'))).toBe('50.0 %');
    expect(plain(formatMeasure(12.5, 'Gbit/s'))).toBe('12.5 Gbit/s');
    expect(formatMeasure(null, 'ms')).toBe('unknown');
  });
});

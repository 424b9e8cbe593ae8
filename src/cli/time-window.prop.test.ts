import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIsoTime, parseTime, parseWindow } from './time-window.ts';

const NOW_MS = Date.UTC(2026, 0, 31, 12);

const value = <T>(result: { ok: true; value: T } | { ok: false; error: Error }): T | string =>
  result.ok ? result.value : result.error.message;

describe('parseIsoTime', () => {
  it('takes what Date writes, to the millisecond', () => {
    const time = fc.integer({ min: 0, max: 253_402_300_799_999 });
    fc.assert(
      fc.property(time, (ms) => {
        expect(parseIsoTime(new Date(ms).toISOString())).toBe(ms);
      }),
    );
  });

  it('reads dates as UTC and honours offsets', () => {
    expect(parseIsoTime('2026-01-31')).toBe(Date.UTC(2026, 0, 31));
    expect(parseIsoTime('2026-01-31T12:00')).toBe(NOW_MS);
    expect(parseIsoTime('2026-01-31 14:00:00+02:00')).toBe(NOW_MS);
  });

  it('refuses days that do not exist, other forms and anything odd', () => {
    const odd = ['2026-02-30', '2026-13-01', '2026-01-31T25:00', '31.1.2026', 'now', '', '2026'];
    for (const text of [...odd, '1969-12-31']) expect(parseIsoTime(text), text).toBeNull();
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (text) => {
        const ms = parseIsoTime(text);
        expect(ms === null || Number.isFinite(ms)).toBe(true);
        expect(typeof parseTime(text, NOW_MS).ok).toBe('boolean');
      }),
    );
  });
});

describe('parseWindow', () => {
  it('ends now, or where it is told', () => {
    expect(value(parseWindow({ since: '1h' }, NOW_MS))).toEqual({
      fromMs: NOW_MS - 3_600_000,
      toMs: NOW_MS,
    });
    expect(value(parseWindow({ since: '2h', until: '1h' }, NOW_MS))).toEqual({
      fromMs: NOW_MS - 7_200_000,
      toMs: NOW_MS - 3_600_000,
    });
  });

  it('names the option at fault', () => {
    const field = (since: string, until?: string): string | null => {
      const window = parseWindow({ since, until }, NOW_MS);
      return window.ok ? 'none' : window.error.field;
    };
    expect(field('soon')).toBe('since');
    expect(field('1h', 'later')).toBe('until');
    expect(field('1h', '2h')).toBe('since');
    expect(field('2027-01-01')).toBe('since');
    expect(value(parseWindow({ since: '2027-01-01' }, NOW_MS))).toMatch(/must be in the past/);
  });
});

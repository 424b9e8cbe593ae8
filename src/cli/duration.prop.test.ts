import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration, parseIsoTime, parseTime, parseWindow } from './duration.ts';

const NOW_MS = Date.UTC(2026, 0, 31, 12);

const value = <T>(result: { ok: true; value: T } | { ok: false; error: Error }): T | string =>
  result.ok ? result.value : result.error.message;

describe('parseDuration', () => {
  it('reads every unit', () => {
    const known = { '250ms': 250, '90s': 90_000, '15m': 900_000, '1h': 3_600_000 };
    for (const [text, ms] of Object.entries({ ...known, '1.5h': 5_400_000, '7d': 604_800_000 })) {
      expect(value(parseDuration(text)), text).toBe(ms);
    }
    expect(value(parseDuration(' 2w '))).toBe(1_209_600_000);
  });

  it('refuses everything else, above all what a number parser would take', () => {
    for (const text of ['', '5', 'h', '-1h', '+1h', '1e3s', '0x1s', '1 h', '1h30m', '1H', '٣s']) {
      expect(value(parseDuration(text)), text).toMatch(/is not a duration/);
    }
    expect(value(parseDuration('0s'))).toMatch(/more than nothing/);
    expect(value(parseDuration('999999999d'))).toMatch(/ten years/);
  });

  it('agrees with arithmetic', () => {
    const units = { s: 1_000, m: 60_000, h: 3_600_000 };
    const unit = fc.constantFrom<keyof typeof units>('s', 'm', 'h');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 80_000 }), unit, (count, name) => {
        expect(value(parseDuration(`${count}${name}`))).toBe(count * units[name]);
      }),
    );
  });
});

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

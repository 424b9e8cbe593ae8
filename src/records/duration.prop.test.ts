import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_DURATION_MS, parseDuration } from './duration.ts';

const value = (text: string): number | string => {
  const result = parseDuration(text);
  return result.ok ? result.value : result.error.message;
};

describe('parseDuration', () => {
  it.each([
    ['500ms', 500],
    ['90s', 90_000],
    ['15m', 900_000],
    ['1h', 3_600_000],
    ['1.5h', 5_400_000],
    ['7d', 604_800_000],
    ['2w', 1_209_600_000],
    ['1.5ms', 2],
    ['3653d', MAX_DURATION_MS],
  ])('%s is %d ms', (text, expected) => expect(value(text)).toBe(expected));

  it.each(['', '5', 'h', '-1h', '+1h', '1e3s', '0x1s', '1 h', '1h30m', '1H', '1y', '1h ', '٣s'])(
    '%j is no duration, whatever a number parser would take',
    (text) => expect(value(text)).toMatch(/is not a duration/),
  );

  it('refuses nothing and more than ten years', () => {
    expect(value('0s')).toMatch(/more than nothing/);
    expect(value('0.4ms')).toMatch(/more than nothing/);
    expect(value('3654d')).toMatch(/ten years/);
    expect(value('999999999d')).toMatch(/ten years/);
  });

  it('agrees with arithmetic', () => {
    const units = { s: 1_000, m: 60_000, h: 3_600_000 };
    const unit = fc.constantFrom<keyof typeof units>('s', 'm', 'h');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 80_000 }), unit, (count, name) => {
        expect(value(`${count}${name}`)).toBe(count * units[name]);
      }),
    );
  });
});

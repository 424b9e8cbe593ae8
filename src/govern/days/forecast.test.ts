import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EntryOf } from '../../records/logbook-entry.ts';
import { cameIn, DAY_MS, forecastWeek } from './forecast.ts';

const FIRST = 20_000 * DAY_MS;
const day = (n: number, requests: number, usd: number | null = 1): EntryOf<'day'> => ({
  v: 1,
  kind: 'day',
  atMs: FIRST + (n + 1) * DAY_MS,
  service: 'chat',
  fromMs: FIRST + n * DAY_MS,
  toMs: FIRST + (n + 1) * DAY_MS,
  requests,
  usd,
  queueP90Ms: 1,
  queueSampled: 100,
  simulated: false,
});

test('weeks that repeat are foretold exactly, weekday by weekday', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(100_000), { minLength: 7, maxLength: 7 }),
      fc.nat(3),
      (week, more) => {
        const days = Array.from({ length: 7 * (more + 1) }, (_, n) => day(n, week[n % 7] ?? 0));
        const found = forecastWeek(days, FIRST + days.length * DAY_MS);
        expect(found?.requests).toBeCloseTo(
          week.reduce((a, b) => a + b, 0),
          3,
        );
        expect(found?.usd).toBeCloseTo(7, 9);
      },
    ),
  );
});

test('the latest weeks count more, and nothing is foretold of a service without a week', () => {
  const growing = Array.from({ length: 28 }, (_, n) => day(n, 100 * (1 + Math.floor(n / 7))));
  // (4 x 400 + 3 x 300 + 2 x 200 + 100) / 10, seven times.
  expect(forecastWeek(growing, FIRST + 28 * DAY_MS)?.requests).toBeCloseTo(2_100, 9);
  expect(forecastWeek(growing.slice(0, 6), FIRST + 6 * DAY_MS)).toBeNull();
});

test('what is not known is not zero', () => {
  const days = Array.from({ length: 7 }, (_, n) => day(n, 10, n === 3 ? null : 1));
  expect(forecastWeek(days, FIRST + 7 * DAY_MS)).toEqual({ requests: 70, usd: null });
  const week = { fromMs: FIRST, toMs: FIRST + 7 * DAY_MS };
  expect(cameIn(days, week)).toEqual({ requests: 70, usd: null });
  expect(cameIn(days.slice(1), week)).toBeNull();
});

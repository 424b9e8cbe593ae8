import type { EntryOf } from '../../records/logbook-entry.ts';

type Day = EntryOf<'day'>;

export const DAY_MS = 86_400_000;
export const FORECAST_DAYS = 7;
/** A weekday is expected to be like itself in so many weeks before, the latest with the most weight. */
const WEEKS = 4;

/** What is expected of a service in the seven days from `fromMs` on. */
export interface Forecast {
  requests: number;
  usd: number | null;
}

/**
 * A seasonal forecast: each day of the week as its like in the last four weeks, weighted 4, 3, 2, 1 from the
 * latest (Holt-Winters with the trend left out: what is kept and compared should be simple to check). Money follows
 * the days in the same way, so that machines paid for by the hour and tokens paid for by the piece both carry. Null
 * before a whole week is known. `days`: whole UTC days of one service.
 */
export function forecastWeek(days: readonly Day[], fromMs: number): Forecast | null {
  const byDay = new Map(days.map((one) => [Math.floor(one.fromMs / DAY_MS), one]));
  const first = Math.floor(fromMs / DAY_MS);
  let requests = 0;
  let usd: number | null = 0;
  for (let ahead = 0; ahead < FORECAST_DAYS; ahead += 1) {
    const like = Array.from({ length: WEEKS }, (_, week) => ({
      weight: WEEKS - week,
      day: byDay.get(first + ahead - 7 * (week + 1)),
    })).flatMap(({ weight, day }) => (day === undefined ? [] : [{ weight, day }]));
    if (like.length === 0) return null;
    const mean = (of: (day: Day) => number): number =>
      like.reduce((sum, { weight, day }) => sum + weight * of(day), 0) /
      like.reduce((sum, { weight }) => sum + weight, 0);
    requests += mean((day) => day.requests);
    const isPriced = like.every(({ day }) => day.usd !== null);
    usd = usd === null || !isPriced ? null : usd + mean((day) => day.usd ?? 0);
  }
  return { requests, usd };
}

/** What came in a time, from its days; null unless each of its days is known. */
export function cameIn(
  days: readonly Day[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): { requests: number; usd: number | null } | null {
  const byDay = new Map(days.map((one) => [one.fromMs, one]));
  let requests = 0;
  let usd: number | null = 0;
  for (let dayMs = fromMs; dayMs < toMs; dayMs += DAY_MS) {
    const day = byDay.get(dayMs);
    if (day === undefined) return null;
    requests += day.requests;
    usd = usd === null || day.usd === null ? null : usd + day.usd;
  }
  return { requests, usd };
}

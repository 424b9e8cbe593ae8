import { addMonths } from './calendar.ts';
import type { Reading } from './check-site.ts';

/** How the load of a site grows from `from` on. The three parts add up. */
export interface Growth {
  from: string;
  /** Compound, percent a month. */
  percentPerMonth: number;
  kwPerMonth: number;
  /** Installations that are planned already: IT kW from a date on. */
  additions: ReadonlyArray<{ date: string; kw: number }>;
}

/** When one limit is passed; `date` null when not within the horizon. */
export interface RunOut {
  path: string;
  kind: Reading['kind'];
  limit: Reading['limit'];
  date: string | null;
  loadKw: number;
  capacityKw: number;
}

/** Fifty years: beyond it nobody orders anything. */
const HORIZON_MONTHS = 600;

/**
 * For each limit above the racks, the first day on which the forecast passes it. New nodes come in
 * new racks beside the present ones, so the racks' own limits do not bind growth. The forecast moves by
 * whole months from `from`, and on the days of planned additions; load on an element grows by its
 * share of the site's IT load. Earliest first.
 */
export function runOuts(readings: readonly Reading[], itKw: number, growth: Growth): RunOut[] {
  const days = forecastDays(growth);
  return readings
    .filter((reading) => reading.kind !== 'rack')
    .map((reading) => {
      const passed = days.find((day) => loadAt(reading, itKw, growth, day) > reading.capacityKw);
      const { path, kind, limit, capacityKw } = reading;
      const loadKw = loadAt(reading, itKw, growth, passed ?? { date: growth.from, months: 0 });
      return { path, kind, limit, capacityKw, loadKw, date: passed?.date ?? null };
    })
    .toSorted((a, b) => (a.date ?? '9999').localeCompare(b.date ?? '9999'));
}

interface Day {
  date: string;
  /** Whole months since the start. */
  months: number;
}

function forecastDays({ from, additions }: Growth): Day[] {
  const monthly = Array.from({ length: HORIZON_MONTHS + 1 }, (_, months) => ({
    date: addMonths(from, months),
    months,
  }));
  const added = additions
    .filter(({ date }) => date > from)
    .map(({ date }) => ({
      date,
      months: Math.max(0, monthly.findIndex((month) => month.date > date) - 1),
    }));
  return [...monthly, ...added].toSorted((a, b) => a.date.localeCompare(b.date));
}

/** An element sees the site's growth by its own share of the load; kW to the nearest milliwatt. */
function loadAt(reading: Reading, itKw: number, growth: Growth, day: Day): number {
  const factor = (1 + growth.percentPerMonth / 100) ** day.months;
  const addedKw = growth.additions
    .filter(({ date }) => date <= day.date)
    .reduce((sum, { kw }) => sum + kw, growth.kwPerMonth * day.months);
  const share = itKw === 0 ? 1 : reading.loadKw / itKw;
  return Math.round((reading.loadKw * factor + addedKw * share) * 1e6) / 1e6;
}

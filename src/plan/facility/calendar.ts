/** Dates are `YYYY-MM-DD` in UTC: no clock and no time zone takes part. */

const DAY_MS = 86_400_000;

const parts = (date: string): [number, number, number] => {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  return [year, month, day];
};

/** The same day `months` later; the month's last day where it has no such day. */
export function addMonths(date: string, months: number): string {
  const [year, month, day] = parts(date);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(day, last));
  return isoDate(first.getTime());
}

export const addWeeks = (date: string, weeks: number): string =>
  isoDate(Date.parse(`${date}T00:00:00Z`) + weeks * 7 * DAY_MS);

/** Whole weeks from `from` to `to`, rounded up; negative when `to` is earlier. */
export const weeksBetween = (from: string, to: string): number =>
  Math.ceil((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / (7 * DAY_MS));

export const isoDate = (wallMs: number): string => new Date(wallMs).toISOString().slice(0, 10);

/** True for a day that exists, as `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && isoDate(time) === text;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
/** Columns that a map is easy to read with. */
const COLUMNS = 90;
const MINUTE_MS = 60_000;

/** Length of a window such as `6h`, ms; an hour where it cannot be read. */
export function sinceMs(since: string): number {
  const [, count = '1', unit = 'h'] = /^([\d.]+)([smhd])$/.exec(since) ?? [];
  return Number(count) * (UNIT_MS[unit] ?? MINUTE_MS);
}

/** A step of whole minutes that cuts the window into at most 90. */
export const stepOf = (since: string): number =>
  Math.max(1, Math.ceil(sinceMs(since) / COLUMNS / MINUTE_MS)) * MINUTE_MS;

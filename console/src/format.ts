/**
 * How numbers look everywhere in the console. Input units are those of the API (milliseconds, US
 * dollars, watt-hours, shares of 1). Null is `unknown`, never zero. Between number and unit stands
 * a no-break space.
 */
export const UNKNOWN = 'unknown';
const NBSP = '\u00a0';

const unit = (text: string, name: string): string => `${text}${NBSP}${name}`;

/** Three significant digits, no exponent, thousands grouped: 0.0123, 1.23, 12.3, 123, 12,345. */
function significant(value: number, digits = 3): string {
  if (value === 0) return '0';
  const size = Math.floor(Math.log10(Math.abs(value)));
  const decimals = Math.min(Math.max(digits - 1 - size, 0), 12);
  return value.toLocaleString('en-US', {
    minimumFractionDigits: 0,
    maximumFractionDigits: decimals,
  });
}

/** A duration in ms: `0.42 ms`, `412 ms`, `1.23 s`, `2 m 05 s`, `3 h 07 m`, `2 d 04 h`. */
export function formatMs(ms: number | null): string {
  if (ms === null) return UNKNOWN;
  if (ms < 999.5) return unit(significant(ms), 'ms');
  if (ms < 59_950) return unit(significant(ms / 1000), 's');
  const s = Math.round(ms / 1000);
  if (s < 3600) return pair(Math.floor(s / 60), 'm', s % 60, 's');
  const m = Math.round(s / 60);
  if (m < 1440) return pair(Math.floor(m / 60), 'h', m % 60, 'm');
  const h = Math.round(m / 60);
  return pair(Math.floor(h / 24), 'd', h % 24, 'h');
}

const pair = (a: number, aUnit: string, b: number, bUnit: string): string =>
  `${unit(String(a), aUnit)}${NBSP}${unit(String(b).padStart(2, '0'), bUnit)}`;

/** Money: cents from $1 up, three significant digits (at least cents) below, millions from $1 M up. */
export function formatUsd(usd: number | null): string {
  if (usd === null) return UNKNOWN;
  const sign = usd < 0 ? '-' : '';
  const size = Math.abs(usd);
  if (size >= 999_950) return `${sign}$${unit(significant(size / 1e6), 'M')}`;
  if (size >= 9_999.5) return `${sign}$${Math.round(size).toLocaleString('en-US')}`;
  if (size >= 0.9995) {
    return `${sign}$${size.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
  }
  if (size > 0 && size < 1e-9) return `${sign}<$0.000000001`;
  if (size === 0) return '$0';
  // `$0.4` reads as a count; money has its cents, and more digits only where they matter.
  const digits = significant(size);
  return `${sign}$${/^0\.\d$/.test(digits) ? `${digits}0` : digits}`;
}

/** Energy: mWh below 0.1 Wh, Wh, kWh, MWh. */
export function formatWh(wh: number | null): string {
  if (wh === null) return UNKNOWN;
  if (wh !== 0 && wh < 0.1) return unit(significant(wh * 1000), 'mWh');
  if (wh < 999.5) return unit(significant(wh), 'Wh');
  if (wh < 999_500) return unit(significant(wh / 1000), 'kWh');
  return unit(significant(wh / 1e6), 'MWh');
}

/**
 * A share of 1 as percent, one decimal. Near 1 it keeps the digits that matter (99.95 %), and it
 * never rounds a part to nothing or a miss to 100 %.
 */
export function formatShare(share: number | null): string {
  if (share === null) return UNKNOWN;
  const percent = share * 100;
  if (percent === 0 || percent === 100) return unit(String(percent), '%');
  if (percent > 0 && percent < 0.1) return `<${unit('0.1', '%')}`;
  if (percent > 99.999 && percent < 100) return `>${unit('99.999', '%')}`;
  if (percent > 99 && percent < 100) return unit(nearOne(percent), '%');
  return unit(percent.toFixed(1), '%');
}

/** Rounds down, so that 99.996 does not read as 100.00. */
const nearOne = (percent: number): string => {
  const digits = percent > 99.9 ? 3 : 2;
  return String(Math.floor(percent * 10 ** digits + 1e-6) / 10 ** digits);
};

/** A whole count, grouped: 12,345. */
export function formatCount(count: number | null): string {
  return count === null ? UNKNOWN : Math.round(count).toLocaleString('en-US');
}

/** A large count in three digits: 980, 12.3 k, 4.56 M, 7.89 G. */
export function formatCompact(count: number | null): string {
  if (count === null) return UNKNOWN;
  if (count < 9_999.5) return formatCount(count);
  if (count < 999_500) return unit(significant(count / 1e3), 'k');
  if (count < 999_500_000) return unit(significant(count / 1e6), 'M');
  return unit(significant(count / 1e9), 'G');
}

/** A mean such as requests running: three significant digits. */
export function formatMean(value: number | null): string {
  return value === null ? UNKNOWN : significant(value);
}

export function formatBytes(bytes: number | null): string {
  if (bytes === null) return UNKNOWN;
  if (bytes < 1024) return unit(String(bytes), 'B');
  if (bytes < 1024 ** 2) return unit(significant(bytes / 1024), 'KiB');
  if (bytes < 1024 ** 3) return unit(significant(bytes / 1024 ** 2), 'MiB');
  return unit(significant(bytes / 1024 ** 3), 'GiB');
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Local time of day, 24 h: 14:03:22. */
export function formatTime(atMs: number): string {
  const at = new Date(atMs);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** Local date and time: 2026-03-01 14:03:22. */
export function formatDateTime(atMs: number): string {
  const at = new Date(atMs);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${formatTime(atMs)}`;
}

/** Start of a step on a time axis: the time of day, with the date where the window spans days. */
export function formatStep(atMs: number, spanMs: number): string {
  const at = new Date(atMs);
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return spanMs <= 86_400_000 ? time : `${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}

/** Power: W, kW from 10 kW up, MW. */
export function formatWatts(watts: number | null): string {
  if (watts === null) return UNKNOWN;
  if (Math.abs(watts) < 9_999.5) return unit(significant(watts), 'W');
  if (Math.abs(watts) < 999_500) return unit(significant(watts / 1e3), 'kW');
  return unit(significant(watts / 1e6), 'MW');
}

export function formatCelsius(celsius: number | null): string {
  return celsius === null ? UNKNOWN : unit(significant(celsius), '\u00b0C');
}

/** A rate of bytes in powers of ten, as links and disks are sold. */
export function formatBytesPerS(perS: number | null): string {
  if (perS === null) return UNKNOWN;
  if (perS < 999.5) return unit(significant(perS), 'B/s');
  if (perS < 999_500) return unit(significant(perS / 1e3), 'kB/s');
  if (perS < 999_500_000) return unit(significant(perS / 1e6), 'MB/s');
  return unit(significant(perS / 1e9), 'GB/s');
}

/** A change of a figure: `+12.3 %`, `-4 %`. */
export function formatChange(share: number): string {
  const sign = share > 0 ? '+' : share < 0 ? '-' : '';
  return `${sign}${unit(significant(Math.abs(share) * 100), '%')}`;
}

/** A figure in the unit that its source gives. */
export function formatMeasure(value: number | null, unitName: string | null): string {
  if (value === null) return UNKNOWN;
  if (unitName === 'share') return formatShare(value);
  if (unitName === 'ms') return formatMs(value);
  return unitName === null ? significant(value) : unit(significant(value), unitName);
}

/** Local date: 2026-03-01. */
export const formatDate = (atMs: number): string => formatDateTime(atMs).slice(0, 10);

/** A count with its noun: `1 day`, `2 days`; halves are kept. */
export const formatNoun = (count: number, noun: string): string =>
  `${significant(count)}\u00a0${noun}${count === 1 ? '' : 's'}`;

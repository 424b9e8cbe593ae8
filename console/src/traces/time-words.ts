import { formatMs } from '../format.ts';

/** Microseconds in words, down to the nanosecond: `12.3 µs`, `450 ns`, `1.2 ms`. */
export function formatUs(us: number): string {
  const size = Math.abs(us);
  if (size >= 1000 || us === 0) return formatMs(us / 1000);
  if (size >= 1) return `${Number(us.toPrecision(4))}\u00a0µs`;
  return `${Number((us * 1000).toPrecision(3))}\u00a0ns`;
}

/** A place on the axis, precise enough to tell neighbours of a view apart. */
export function formatPlace(us: number, spanUs: number): string {
  const { unit, factor } = unitFor(spanUs);
  const decimals = Math.max(0, Math.ceil(-Math.log10(spanUs / factor / 50)));
  return `${(us / factor).toFixed(Math.min(6, decimals))}\u00a0${unit}`;
}

function unitFor(spanUs: number): { unit: string; factor: number } {
  if (spanUs >= 2e6) return { unit: 's', factor: 1e6 };
  return spanUs >= 2e3 ? { unit: 'ms', factor: 1e3 } : { unit: 'µs', factor: 1 };
}

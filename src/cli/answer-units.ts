/** Figures as a person reads them. Null is always the word `unknown`, never 0 or a dash. */

const UNKNOWN = 'unknown';

/** Control characters could drive the terminal, and names may come from clients: they are dropped. */
export const plain = (text: string): string => text.replaceAll(/\p{Cc}|\p{Cf}/gu, '');

export const count = (n: number): string => Math.round(n).toLocaleString('en-US');

/** Milliseconds to three digits; from one second on in seconds, from two minutes on in minutes. */
export function milliseconds(ms: number | null): string {
  if (ms === null) return UNKNOWN;
  if (ms < 999.5) return `${Number(ms.toPrecision(3))} ms`;
  if (ms < 120_000) return `${(ms / 1000).toPrecision(3)} s`;
  return `${(ms / 60_000).toFixed(1)} min`;
}

/** A share as percent, `digits` after the point; never 0 or 100 for what is not. */
export function share(value: number | null, digits = 0): string {
  if (value === null) return UNKNOWN;
  const text = (value * 100).toFixed(digits);
  const step = 10 ** -digits;
  if (value > 0 && Number(text) === 0) return `<${step.toFixed(digits)} %`;
  if (value < 1 && Number(text) === 100) return `>${(100 - step).toFixed(digits)} %`;
  return `${text} %`;
}

/** US dollars: cents from one dollar on, three digits below, so that small prices stay readable. */
export function usd(value: number | null): string {
  if (value === null) return UNKNOWN;
  if (value === 0) return '$0';
  if (value >= 1) {
    const cents = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
    return `$${value.toLocaleString('en-US', cents)}`;
  }
  if (value < 1e-9) return '<$0.000000001';
  const decimals = Math.min(20, 2 - Math.floor(Math.log10(value)));
  return `$${value.toFixed(decimals).replace(/(\.\d\d\d*?)0+$/, '$1')}`;
}

/** Length of a window: `90 s`, `15 min`, `1 h`, `7 d`. */
export function duration(ms: number): string {
  const units: Array<[number, string]> = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
  ];
  for (const [unitMs, unit] of units) {
    if (ms >= unitMs) return `${Number((ms / unitMs).toFixed(1))} ${unit}`;
  }
  return `${Number((ms / 1000).toFixed(1))} s`;
}

/** A moment in UTC to the second: `2026-01-31 12:00:00Z`. */
export const instant = (wallMs: number): string =>
  new Date(wallMs)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');

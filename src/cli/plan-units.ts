import { count } from './answer-units.ts';

/** kW with three decimals at most; from ten megawatts on in MW. */
export const kilowatts = (kw: number): string =>
  Math.abs(kw) >= 10_000
    ? `${Number((kw / 1000).toPrecision(5))} MW`
    : `${Number(kw.toFixed(3))} kW`;

/** A bar of `columns` for a share; what is beyond 1 is shown as full. */
export function bar(share: number, columns: number): string {
  const filled = Math.max(0, Math.min(columns, Math.round(share * columns)));
  return `${'█'.repeat(filled)}${'░'.repeat(columns - filled)}`;
}

/** Large amounts in words people use: `12.05 G`, `8.6 M`, `740`. */
export function large(value: number): string {
  for (const [unit, letter] of [
    [1e9, 'G'],
    [1e6, 'M'],
  ] as const) {
    if (Math.abs(value) >= unit) return `${Number((value / unit).toPrecision(4))} ${letter}`;
  }
  return count(value);
}

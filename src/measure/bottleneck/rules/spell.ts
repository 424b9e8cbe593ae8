/** Whole percent, but never 0 % or 100 % for what is not. */
export function percent(share: number): string {
  const whole = Math.round(share * 100);
  if (share > 0 && whole === 0) return 'under 1 %';
  if (share < 1 && whole === 100) return 'over 99 %';
  return `${whole} %`;
}

/** Three digits, with thousands apart; enough for a sentence. */
export function figure(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

export const dollars = (usd: number): string =>
  usd !== 0 && Math.abs(usd) < 0.01
    ? `$${usd.toPrecision(2)}`
    : `$${usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;

/** "40 % of accelerator spend ($12.30/day)"; the money left out where it is unknown. */
export const spend = (share: number, usdPerDay: number | null): string =>
  `${percent(share)} of accelerator spend (${usdPerDay === null ? 'money unknown' : `${dollars(usdPerDay)}/day`})`;

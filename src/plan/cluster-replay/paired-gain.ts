/** How much better one series is than another, pair by pair, with its 95 % interval. */
export interface PairedGain {
  mean: number;
  /** Null for fewer than two pairs: one pair says nothing about chance. */
  interval: { low: number; high: number } | null;
  pairs: number;
}

/**
 * Two-sided 95 % quantile of Student's t for 1 to 30 degrees of freedom (NIST/SEMATECH e-Handbook
 * of Statistical Methods, table 1.3.6.7.2); the normal quantile beyond, at most 2 % too small.
 */
const T_975 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145,
  2.131, 2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048,
  2.045, 2.042,
];
const NORMAL_975 = 1.96;

/**
 * Mean of `better[i] - base[i]` with its t interval. Both ran on the same seed at the same index,
 * so what the seed does to both cancels.
 */
export function pairedGain(better: readonly number[], base: readonly number[]): PairedGain {
  const pairs = Math.min(better.length, base.length);
  const gains = Array.from({ length: pairs }, (_, i) => (better[i] ?? 0) - (base[i] ?? 0));
  const { mean, sd } = meanAndSd(gains);
  if (sd === null) return { mean, interval: null, pairs };
  const half = ((T_975[pairs - 2] ?? NORMAL_975) * sd) / Math.sqrt(pairs);
  return { mean, interval: { low: mean - half, high: mean + half }, pairs };
}

/** Mean and sample standard deviation; the latter null for fewer than two values. */
export function meanAndSd(values: readonly number[]): { mean: number; sd: number | null } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean, sd: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / (values.length - 1)) };
}

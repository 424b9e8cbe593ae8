import type { Measure } from '../vendor-records.ts';

const ALPHA = 0.05;
/** Standard normal quantile at 0.975. */
const Z = 1.959964;

/**
 * A quantile of measured values with its 95 % interval from order statistics: between the values whose ranks a
 * binomial count stays within (David and Nagaraja, Order Statistics, section 7.1). No shape of the
 * distribution is assumed. An end is null where so few values do not bound it.
 */
export function quantileMeasure(values: readonly number[], q: number): Measure {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  const value = sorted[Math.max(1, Math.ceil(q * n)) - 1] ?? null;
  const cdf = binomialCdf(n, q);
  // The l-th value is at most the quantile unless fewer than l values fall below it: P(count < l).
  let low: number | null = null;
  for (let rank = 1; rank <= n && (cdf[rank - 1] ?? 1) <= ALPHA / 2; rank += 1) {
    low = sorted[rank - 1] ?? null;
  }
  let high: number | null = null;
  for (let rank = n; rank >= 1 && 1 - (cdf[rank - 1] ?? 1) <= ALPHA / 2; rank -= 1) {
    high = sorted[rank - 1] ?? null;
  }
  return { value, low, high, samples: n };
}

/** P(X <= k) for k = 0..n-1 of a binomial count. */
function binomialCdf(n: number, q: number): number[] {
  const cdf: number[] = [];
  let logTerm = n * Math.log1p(-q);
  let sum = 0;
  for (let k = 0; k < n; k += 1) {
    sum += Math.exp(logTerm);
    cdf.push(Math.min(1, sum));
    logTerm += Math.log((n - k) / (k + 1)) + Math.log(q) - Math.log1p(-q);
  }
  return cdf;
}

/** A share in percent with Wilson's 95 % interval (Wilson, JASA 22(158), 1927). */
export function percentMeasure(good: number, all: number): Measure {
  if (all === 0) return { value: null, low: null, high: null, samples: 0 };
  const share = good / all;
  const scale = 1 + Z ** 2 / all;
  const middle = (share + Z ** 2 / (2 * all)) / scale;
  const half = (Z / scale) * Math.sqrt((share * (1 - share)) / all + Z ** 2 / (4 * all ** 2));
  const percent = (value: number): number => 100 * Math.min(1, Math.max(0, value));
  return {
    value: 100 * share,
    low: percent(middle - half),
    high: percent(middle + half),
    samples: all,
  };
}

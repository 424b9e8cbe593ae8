import { mannWhitney } from './mann-whitney.ts';
import type { ProbeMetric, ProbeResult } from './probe-result.ts';
import { quantile } from './quantile.ts';

/** Smaller changes than this are not worth a page, however sure. */
const WORTH_SHARE = 0.05;
/** From this confidence on a change counts. */
const SURE = 0.99;
const MIN_VALUES = 8;

/** One metric against the run before. */
export interface Comparison {
  metric: string;
  unit: string;
  beforeMedian: number;
  nowMedian: number;
  /** Change of the median: 0.1 is 10 % larger. */
  changeShare: number;
  /** That it got worse (better) at all: 1 - p of a one-sided Mann-Whitney test; null: too few values. */
  confidence: number | null;
  verdict: 'regression' | 'improvement' | 'same' | 'unknown';
}

/**
 * Compares metrics that both runs have. A regression is a median at least 5 % worse, with at least
 * 99 % confidence that values are worse at all. Samples within a run follow each other and are not
 * independent: only every k-th is used, k from their own correlation, so that confidence is not
 * inflated by long runs.
 */
export function compareRuns(before: ProbeResult, now: ProbeResult): Comparison[] {
  return Object.entries(now.metrics).flatMap(([name, metric]) => {
    const earlier = before.metrics[name];
    return earlier === undefined || earlier.unit !== metric.unit
      ? []
      : (compareMetric(name, earlier, metric) ?? []);
  });
}

function compareMetric(name: string, before: ProbeMetric, now: ProbeMetric): Comparison | null {
  const beforeMedian = quantile(before.values, 0.5);
  const nowMedian = quantile(now.values, 0.5);
  if (beforeMedian === null || nowMedian === null || beforeMedian === 0) return null;
  const changeShare = nowMedian / beforeMedian - 1;
  const isWorse = now.better === 'higher' ? changeShare < 0 : changeShare > 0;
  const confidence = confidenceOfChange(before.values, now.values, changeShare > 0);
  const counts = Math.abs(changeShare) >= WORTH_SHARE && confidence !== null && confidence >= SURE;
  const verdict =
    confidence === null ? 'unknown' : !counts ? 'same' : isWorse ? 'regression' : 'improvement';
  return {
    metric: name,
    unit: now.unit,
    beforeMedian,
    nowMedian,
    changeShare,
    confidence,
    verdict,
  };
}

function confidenceOfChange(
  before: readonly number[],
  now: readonly number[],
  isLarger: boolean,
): number | null {
  const a = independent(before);
  const b = independent(now);
  if (a.length < MIN_VALUES || b.length < MIN_VALUES) return null;
  const test = isLarger ? mannWhitney(a, b) : mannWhitney(b, a);
  return test === null ? null : 1 - test.pLarger;
}

/**
 * Every k-th value, k = (1 + r) / (1 - r) from the correlation r of neighbours: the factor by which a
 * first-order autoregressive series has fewer independent values (G. V. Bayley and J. M. Hammersley,
 * Supplement to the Journal of the Royal Statistical Society 8, 1946).
 */
function independent(values: readonly number[]): number[] {
  const r = Math.min(0.98, Math.max(0, neighbourCorrelation(values)));
  const step = Math.max(1, Math.round((1 + r) / (1 - r)));
  return values.filter((_, i) => i % step === 0);
}

function neighbourCorrelation(values: readonly number[]): number {
  const mean = values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length);
  let product = 0;
  let square = 0;
  for (const [i, value] of values.entries()) {
    square += (value - mean) ** 2;
    const next = values[i + 1];
    if (next !== undefined) product += (value - mean) * (next - mean);
  }
  return square === 0 ? 0 : product / square;
}

import { Malformed } from './exposition.ts';
import { type OpenMetricsSample, readNumberOrNull, type Timestamp } from './open-metrics-line.ts';
import type { OpenMetricsType } from './open-metrics.ts';

/** What OpenMetrics 1.0 asks of a single sample of a family ("Metric Types"). */
export function checkSample(
  family: { name: string; type: OpenMetricsType | null },
  sample: OpenMetricsSample,
): void {
  const { name, type } = family;
  const suffix = sample.name.slice(name.length);
  const { value } = sample;
  if (type === 'stateset' && !sample.labels.has(name)) {
    throw new Malformed(`stateset ${name} has no label ${name}`);
  }
  if (suffix === '_bucket') checkBound(sample, 'le');
  if (['_bucket', '_count', '_gcount'].includes(suffix) && !Number.isInteger(value)) {
    throw new Malformed(`${sample.name} is not a whole number`);
  }
  if (type === 'summary' && suffix === '' && sample.histogram === null) checkQuantile(sample);
  if (type === 'stateset' && value !== 0 && value !== 1) {
    throw new Malformed(`stateset ${name} is neither 0 nor 1`);
  }
  if (type === 'info' && value !== 1) throw new Malformed(`info ${name} is not 1`);
  if (COUNTER_LIKE.has(suffix) && Number.isNaN(value)) throw new Malformed(`${sample.name} is NaN`);
  if (COUNTER_LIKE.has(suffix) && suffix !== '_gsum' && value < 0) {
    throw new Malformed(`${sample.name} is negative`);
  }
  if (sample.exemplar !== null && !mayHaveExemplar(type, sample.name)) {
    throw new Malformed('only buckets and counters have exemplars');
  }
}

const COUNTER_LIKE: ReadonlySet<string> = new Set([
  '_total',
  '_sum',
  '_count',
  '_bucket',
  '_gcount',
  '_gsum',
]);

const mayHaveExemplar = (type: OpenMetricsType | null, name: string): boolean =>
  ((type === 'histogram' || type === 'gaugehistogram') && name.endsWith('_bucket')) ||
  (type === 'counter' && name.endsWith('_total'));

/** A bound must be a number, and infinity written as `+Inf`. */
function checkBound(sample: OpenMetricsSample, label: 'le' | 'quantile'): number {
  const text = sample.labels.get(label) ?? '';
  const bound = readNumberOrNull(text);
  if (bound === null || Number.isNaN(bound) || (bound === Infinity && text !== '+Inf')) {
    throw new Malformed(`label ${label} of ${sample.name} is not a canonical number`);
  }
  return bound;
}

function checkQuantile(sample: OpenMetricsSample): void {
  const quantile = checkBound(sample, 'quantile');
  if (!(quantile >= 0 && quantile <= 1)) {
    throw new Malformed(`label quantile of ${sample.name} is not between 0 and 1`);
  }
  if (sample.value < 0) throw new Malformed(`quantile of ${sample.name} is negative`);
}

/** Identity of the metric that a sample belongs to: its labels without those that name its parts. */
export function groupOf(
  family: { name: string; type: OpenMetricsType | null },
  sample: Pick<OpenMetricsSample, 'name' | 'labels'>,
): string {
  const { name, type } = family;
  if (type === 'info') return '';
  const isBucket =
    (type === 'histogram' || type === 'gaugehistogram') && sample.name === `${name}_bucket`;
  const part = isBucket
    ? 'le'
    : type === 'summary' && sample.name === name
      ? 'quantile'
      : type === 'stateset'
        ? name
        : null;
  const pairs = [...sample.labels].filter(([label]) => label !== part);
  return JSON.stringify(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What must hold over the buckets, count and sum of each histogram of a family ("Histogram"). */
export function checkHistograms(
  family: { name: string; type: OpenMetricsType | null },
  samples: readonly OpenMetricsSample[],
): void {
  let group: string | null = null;
  let at: Timestamp | null = null;
  let seen = newBuckets();
  for (const sample of samples) {
    const suffix = sample.name.slice(family.name.length);
    if (suffix === '') continue;
    const own = groupOf({ ...family, type: 'histogram' }, sample);
    if (own !== group || !sameTime(at, sample.timestamp)) {
      if (group !== null) checkComplete(family.name, seen);
      seen = newBuckets();
    }
    group = own;
    at = sample.timestamp;
    note(family.name, seen, suffix, sample);
  }
  if (group !== null) checkComplete(family.name, seen);
}

interface Buckets {
  bound: number | null;
  value: number;
  count: number | null;
  hasNegativeBounds: boolean;
  hasSum: boolean;
  hasGaugeSum: boolean;
  hasNegativeGaugeSum: boolean;
}

const newBuckets = (): Buckets => ({
  bound: null,
  value: 0,
  count: null,
  hasNegativeBounds: false,
  hasSum: false,
  hasGaugeSum: false,
  hasNegativeGaugeSum: false,
});

function note(name: string, seen: Buckets, suffix: string, sample: OpenMetricsSample): void {
  if (suffix === '_bucket') {
    const bound = checkBound(sample, 'le');
    if (bound < 0) seen.hasNegativeBounds = true;
    if (seen.bound !== null && bound <= seen.bound) {
      throw new Malformed(`buckets of ${name} are out of order`);
    }
    if (sample.value < seen.value) throw new Malformed(`buckets of ${name} do not add up`);
    seen.bound = bound;
    seen.value = sample.value;
  } else if (suffix === '_count' || suffix === '_gcount') seen.count = sample.value;
  else if (suffix === '_sum') seen.hasSum = true;
  else if (suffix === '_gsum') {
    seen.hasGaugeSum = true;
    if (sample.value < 0) seen.hasNegativeGaugeSum = true;
  }
}

function checkComplete(name: string, seen: Buckets): void {
  const { count } = seen;
  const hasAnySum = seen.hasSum || seen.hasGaugeSum;
  const fault =
    seen.bound !== Infinity
      ? 'has no +Inf bucket'
      : count !== null && count !== seen.value
        ? 'has a count unlike its +Inf bucket'
        : hasAnySum && count === null
          ? 'has a sum without a count'
          : !hasAnySum && count !== null
            ? 'has a count without a sum'
            : seen.hasNegativeBounds && seen.hasSum
              ? 'has a sum beside negative buckets'
              : !seen.hasNegativeBounds && seen.hasNegativeGaugeSum
                ? 'has a negative sum without negative buckets'
                : null;
  if (fault !== null) throw new Malformed(`histogram ${name} ${fault}`);
}

export const sameTime = (a: Timestamp | null, b: Timestamp | null): boolean =>
  a === null || b === null ? a === b : a.seconds === b.seconds && a.nanos === b.nanos;

export const isEarlier = (a: Timestamp, b: Timestamp): boolean =>
  a.seconds === b.seconds ? a.nanos < b.nanos : a.seconds < b.seconds;

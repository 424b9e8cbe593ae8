/**
 * What every reader of metrics makes of its bytes: samples, with the families' declared types. The formats are
 * those of Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/) and OpenMetrics 1.0.
 */
export type MetricType =
  | 'counter'
  | 'gauge'
  | 'histogram'
  | 'gaugehistogram'
  | 'summary'
  | 'info'
  | 'stateset'
  | 'untyped';

/** A trace or other reference beside a sample (OpenMetrics 1.0, section "Exemplars"). */
export interface Exemplar {
  labels: ReadonlyMap<string, string>;
  value: number;
  timestampMs: number | null;
}

/** `length` consecutive buckets, `offset` after the last one (for the first: from index 0). */
export interface BucketSpan {
  offset: number;
  length: number;
}

/**
 * A native (sparse, exponential) histogram: bucket i holds (base^(i-1), base^i] with base = 2^(2^-schema);
 * counts are absolute, in the order of the spans. https://prometheus.io/docs/specs/native_histograms/
 */
export interface NativeHistogram {
  count: number;
  sum: number;
  schema: number;
  zeroThreshold: number;
  zeroCount: number;
  positiveSpans: readonly BucketSpan[];
  positiveCounts: readonly number[];
  negativeSpans: readonly BucketSpan[];
  negativeCounts: readonly number[];
}

/**
 * One sample; the timestamp is Unix milliseconds, null where there is none. A native histogram has its sum as
 * `value` and itself as `histogram`.
 */
export interface Sample {
  name: string;
  labels: ReadonlyMap<string, string>;
  value: number;
  timestampMs: number | null;
  exemplar?: Exemplar;
  histogram?: NativeHistogram;
}

export interface Exposition {
  /** In the order of the text. */
  samples: Sample[];
  /** Types declared for families, by family name. */
  types: ReadonlyMap<string, MetricType>;
  /** HELP texts by family name, as written: some exporters tell a unit only there. */
  help: ReadonlyMap<string, string>;
}

export interface ExpositionLimits {
  /** Characters of a text, bytes of a protobuf body. */
  maxChars: number;
  maxSamples: number;
  maxLabels: number;
}

export const expositionLimits: ExpositionLimits = {
  maxChars: 33_554_432,
  maxSamples: 200_000,
  maxLabels: 64,
};

/** A fault in what is read; caught at the door of each reader and turned into a Result. */
export class Malformed extends Error {}

export const noLabels: ReadonlyMap<string, string> = new Map();

/** Equal for two samples of one series, whatever the order of their labels. */
export function seriesKey(sample: Pick<Sample, 'name' | 'labels'>): string {
  if (sample.labels.size === 0) return sample.name;
  const pairs = [...sample.labels].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${sample.name}${JSON.stringify(pairs)}`;
}

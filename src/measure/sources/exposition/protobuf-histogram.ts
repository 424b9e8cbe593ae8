import type { Decoded } from '../protobuf/decode-message.ts';
import { list, number, numbers } from '../protobuf/read-decoded.ts';
import type { BucketSpan, NativeHistogram } from './exposition.ts';
import { countsOfDeltas } from './open-metrics-histogram.ts';

/**
 * The native part of a decoded histogram, of the exposition or of remote-write (same field names); null when it
 * has none: Prometheus marks one by spans or a zero threshold.
 */
export function nativeHistogram(from: Decoded, count: number): NativeHistogram | null {
  const positiveSpans = spans(list(from, 'positiveSpan'));
  const negativeSpans = spans(list(from, 'negativeSpan'));
  const zeroThreshold = number(from, 'zeroThreshold') ?? 0;
  if (positiveSpans.length + negativeSpans.length === 0 && zeroThreshold === 0) return null;
  const counts = (side: 'positive' | 'negative'): number[] => {
    const absolute = numbers(from, `${side}Count`);
    return absolute.length > 0 ? absolute : countsOfDeltas(numbers(from, `${side}Delta`));
  };
  return {
    count,
    sum: number(from, 'sampleSum') ?? 0,
    schema: number(from, 'schema') ?? 0,
    zeroThreshold,
    zeroCount: number(from, 'zeroCountFloat') ?? number(from, 'zeroCount') ?? 0,
    positiveSpans,
    positiveCounts: counts('positive'),
    negativeSpans,
    negativeCounts: counts('negative'),
  };
}

const spans = (all: readonly Decoded[]): BucketSpan[] =>
  all.map((one) => ({ offset: number(one, 'offset') ?? 0, length: number(one, 'length') ?? 0 }));

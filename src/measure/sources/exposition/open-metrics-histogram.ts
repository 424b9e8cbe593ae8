import { type BucketSpan, Malformed, type NativeHistogram } from './exposition.ts';

const FIELD = /(\w+):\s*(\[[^\]]*\]|[^,}]+)/g;
const SPANS = /^\[\d+:\d+(?:,\d+:\d+)*\]$/;
const DELTAS = /^\[-?\d+(?:,-?\d+)*\]$/;
const INTEGER = /^[+-]?\d+$/;
/** Buckets of one histogram; schema 8 over all doubles would be half a million. */
const MAX_BUCKETS = 16_384;

/**
 * `{count:..,sum:..,schema:..,zero_threshold:..,zero_count:..,positive_spans:[o:l,...],positive_deltas:[..]}`, the
 * text form of a native histogram that prometheus_client reads. Deltas become counts.
 */
export function readNativeHistogram(text: string): NativeHistogram {
  const end = text.indexOf('}');
  if (end === -1) throw new Malformed('the native histogram has no end');
  const fields = new Map<string, string>();
  for (const [, name = '', value = ''] of text.slice(0, end + 1).matchAll(FIELD)) {
    fields.set(name, value.trim());
  }
  const integer = (name: string): number => {
    const value = fields.get(name) ?? '';
    if (!INTEGER.test(value)) throw new Malformed(`${name} of the native histogram is no integer`);
    return Number(value);
  };
  const decimal = (name: string): number => {
    const value = fields.get(name) ?? '';
    const number = value === '' ? Number.NaN : Number(value);
    if (Number.isNaN(number) && !/^nan$/i.test(value)) {
      throw new Malformed(`${name} of the native histogram is no number`);
    }
    return number;
  };
  return {
    count: integer('count'),
    sum: decimal('sum'),
    schema: integer('schema'),
    zeroThreshold: decimal('zero_threshold'),
    zeroCount: integer('zero_count'),
    positiveSpans: readSpans(fields.get('positive_spans')),
    positiveCounts: readDeltas(fields.get('positive_deltas')),
    negativeSpans: readSpans(fields.get('negative_spans')),
    negativeCounts: readDeltas(fields.get('negative_deltas')),
  };
}

function readSpans(text: string | undefined): BucketSpan[] {
  if (text === undefined || !SPANS.test(text)) return [];
  return text
    .slice(1, -1)
    .split(',')
    .map((pair) => {
      const [offset = 0, length = 0] = pair.split(':').map(Number);
      return { offset, length };
    });
}

function readDeltas(text: string | undefined): number[] {
  if (text === undefined || !DELTAS.test(text)) return [];
  return countsOfDeltas(text.slice(1, -1).split(',').map(Number));
}

/** Each count is written as its difference from the one before. */
export function countsOfDeltas(deltas: readonly number[]): number[] {
  if (deltas.length > MAX_BUCKETS) throw new Malformed(`more than ${MAX_BUCKETS} buckets`);
  let count = 0;
  return deltas.map((delta) => (count += delta));
}

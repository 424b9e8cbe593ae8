import { BinaryReader } from '@bufbuild/protobuf/wire';
import { fail, ok, type Result } from '../../../records/errors.ts';
import { decodeMessage, type Decoded } from '../protobuf/decode-message.ts';
import { message } from '../protobuf/message.ts';
import { list, number, part, text } from '../protobuf/read-decoded.ts';
import {
  type Exemplar,
  type Exposition,
  type ExpositionLimits,
  expositionLimits,
  Malformed,
  type MetricType,
  type Sample,
} from './exposition.ts';
import { nativeHistogram } from './protobuf-histogram.ts';

/** io.prometheus.client, https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto */
const labelPair = message(`
  1 name string
  2 value string`);
const timestamp = message(`
  1 seconds int
  2 nanos int`);
const exemplarMessage = message(
  `
  1 label label*
  2 value double
  3 timestamp timestamp`,
  { label: () => labelPair, timestamp: () => timestamp },
);
const value = message(
  `
  1 value double
  2 exemplar exemplar`,
  { exemplar: () => exemplarMessage },
);
const quantile = message(`
  1 quantile double
  2 value double`);
const summary = message(
  `
  1 sampleCount int
  2 sampleSum double
  3 quantile quantile*`,
  { quantile: () => quantile },
);
const bucket = message(
  `
  1 cumulativeCount int
  2 upperBound double
  3 exemplar exemplar
  4 cumulativeCountFloat double`,
  { exemplar: () => exemplarMessage },
);
const span = message(`
  1 offset sint
  2 length int`);
const histogram = message(
  `
  1 sampleCount int
  2 sampleSum double
  3 bucket bucket*
  4 sampleCountFloat double
  5 schema sint
  6 zeroThreshold double
  7 zeroCount int
  8 zeroCountFloat double
  9 negativeSpan span*
  10 negativeDelta sint*
  11 negativeCount double*
  12 positiveSpan span*
  13 positiveDelta sint*
  14 positiveCount double*`,
  { bucket: () => bucket, span: () => span },
);
const metric = message(
  `
  1 label label*
  2 gauge value
  3 counter value
  4 summary summary
  5 untyped value
  6 timestampMs int
  7 histogram histogram`,
  {
    label: () => labelPair,
    value: () => value,
    summary: () => summary,
    histogram: () => histogram,
  },
);
const family = message(
  `
  1 name string
  2 help string
  3 type int
  4 metric metric*`,
  { metric: () => metric },
);

/** By enum number. */
const TYPES: readonly MetricType[] = [
  'counter',
  'gauge',
  'summary',
  'untyped',
  'histogram',
  'gaugehistogram',
];

/**
 * Reads the protobuf exposition: MetricFamily messages, each after its length, with classic and native histograms.
 * Errors: TR_UPSTREAM_INVALID, naming family and field; TR_UPSTREAM_TOO_LARGE beyond `limits.maxChars` bytes.
 */
export function parseProtobufFormat(
  bytes: Uint8Array,
  limits: ExpositionLimits = expositionLimits,
): Result<Exposition> {
  if (bytes.length > limits.maxChars) {
    return fail('TR_UPSTREAM_TOO_LARGE', `metrics are longer than ${limits.maxChars} bytes`);
  }
  const samples: Sample[] = [];
  const types = new Map<string, MetricType>();
  const help = new Map<string, string>();
  const reader = new BinaryReader(bytes);
  for (let count = 1; reader.pos < reader.len; count += 1) {
    const invalid = (why: string): Result<Exposition> =>
      fail('TR_UPSTREAM_INVALID', `metrics protobuf, family ${count}: ${why}`);
    const body = readDelimited(reader);
    if (body === null) return invalid('its length goes beyond the end');
    const decoded = decodeMessage(body, family);
    if (!decoded.ok) return invalid(decoded.error.message);
    const name = text(decoded.value, 'name');
    if (name === '') return invalid('no metric name');
    types.set(name, TYPES[number(decoded.value, 'type') ?? 0] ?? 'untyped');
    help.set(name, text(decoded.value, 'help'));
    try {
      for (const one of list(decoded.value, 'metric')) samples.push(...samplesOf(name, one));
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      return invalid(`${name}: ${error.message}`);
    }
    if (samples.length > limits.maxSamples)
      return invalid(`more than ${limits.maxSamples} samples`);
  }
  return ok({ samples, types, help });
}

function readDelimited(reader: BinaryReader): Uint8Array | null {
  try {
    return reader.bytes();
  } catch {
    return null;
  }
}

type Add = (
  suffix: string,
  value: number,
  more?: Partial<Sample>,
  label?: [string, string],
) => void;

function samplesOf(name: string, one: Decoded): Sample[] {
  const samples: Sample[] = [];
  const labels = labelsOf(one);
  const timestampMs = number(one, 'timestampMs');
  const add: Add = (suffix, amount, more = {}, label) => {
    const own = label === undefined ? labels : new Map([...labels, label]);
    samples.push({ name: name + suffix, labels: own, value: amount, timestampMs, ...more });
  };
  for (const key of ['gauge', 'counter', 'untyped']) {
    const plain = part(one, key);
    if (plain !== null) add('', number(plain, 'value') ?? 0, exemplarOf(plain));
  }
  const ofSummary = part(one, 'summary');
  if (ofSummary !== null) addSummary(ofSummary, add);
  const ofHistogram = part(one, 'histogram');
  if (ofHistogram !== null) addHistogram(ofHistogram, add);
  return samples;
}

function addSummary(from: Decoded, add: Add): void {
  for (const one of list(from, 'quantile')) {
    const at = number(one, 'quantile') ?? 0;
    add('', number(one, 'value') ?? Number.NaN, {}, ['quantile', String(at)]);
  }
  add('_sum', number(from, 'sampleSum') ?? 0);
  add('_count', number(from, 'sampleCount') ?? 0);
}

function addHistogram(from: Decoded, add: Add): void {
  const count = number(from, 'sampleCountFloat') ?? number(from, 'sampleCount') ?? 0;
  const native = nativeHistogram(from, count);
  if (native !== null) add('', native.sum, { histogram: native });
  const buckets = list(from, 'bucket');
  // Prometheus' own writer leaves both out for a purely native histogram.
  if (buckets.length === 0 && native !== null) return;
  for (const one of buckets) {
    const upTo = number(one, 'upperBound') ?? 0;
    const value = number(one, 'cumulativeCountFloat') ?? number(one, 'cumulativeCount') ?? 0;
    add('_bucket', value, exemplarOf(one), ['le', upTo === Infinity ? '+Inf' : String(upTo)]);
  }
  const last = buckets.at(-1);
  if (last === undefined || number(last, 'upperBound') !== Infinity) {
    add('_bucket', count, {}, ['le', '+Inf']);
  }
  add('_sum', number(from, 'sampleSum') ?? 0);
  add('_count', count);
}

const labelsOf = (from: Decoded): Map<string, string> =>
  new Map(list(from, 'label').map((one) => [text(one, 'name'), text(one, 'value')]));

function exemplarOf(from: Decoded): { exemplar?: Exemplar } {
  const one = part(from, 'exemplar');
  if (one === null) return {};
  const at = part(one, 'timestamp');
  const timestampMs =
    at === null ? null : (number(at, 'seconds') ?? 0) * 1000 + (number(at, 'nanos') ?? 0) / 1e6;
  return { exemplar: { labels: labelsOf(one), value: number(one, 'value') ?? 0, timestampMs } };
}

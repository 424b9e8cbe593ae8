import snappy from 'snappyjs';
import { fail, ok, type Result } from '../../../records/errors.ts';
import { type Decoded, decodeMessage } from '../protobuf/decode-message.ts';
import { isDecoded, list, number, numbers, text } from '../protobuf/read-decoded.ts';
import type { Reading } from '../series-tracker.ts';
import { requestV1, requestV2 } from './messages.ts';

export interface RemoteWrite {
  readings: Reading[];
  /** What the headers of a 2.0 reply have to say was written. */
  samples: number;
  histograms: number;
  exemplars: number;
}

const MAX_LABELS = 256;
const V2 = /proto=io\.prometheus\.write\.v2\.Request\b/;

/**
 * Reads the body of a Prometheus remote-write request, version 1
 * (https://prometheus.io/docs/specs/prw/remote_write_spec/) or 2.0 (…/remote_write_spec_2_0/), by its Content-Type. Errors:
 * TR_PUSH_INVALID names series and field; TR_BODY_TOO_LARGE when it decompresses to more than `maxBytes`;
 * TR_ENCODING_UNSUPPORTED for another type or encoding. A whole request is taken or none of it.
 */
export function readRemoteWrite(
  body: Uint8Array,
  headers: { contentType: string; contentEncoding: string },
  maxBytes: number,
): Result<RemoteWrite> {
  if (!/^application\/x-protobuf\s*(?:;|$)/i.test(headers.contentType)) {
    return unsupported('content-type', 'send `application/x-protobuf`');
  }
  if (headers.contentEncoding.toLowerCase() !== 'snappy') {
    return unsupported('content-encoding', 'send `snappy`');
  }
  const raw = uncompress(body, maxBytes);
  if (!raw.ok) return raw;
  const isV2 = V2.test(headers.contentType);
  const decoded = decodeMessage(raw.value, isV2 ? requestV2 : requestV1);
  if (!decoded.ok) return decoded;
  return toRemoteWrite(decoded.value, isV2);
}

const unsupported = (field: string, fix: string): Result<never> =>
  fail('TR_ENCODING_UNSUPPORTED', `this ${field} is not supported here; ${fix}`, { field });

function uncompress(body: Uint8Array, maxBytes: number): Result<Uint8Array> {
  try {
    // A Buffer may be a view of a larger pool, which this library would read past.
    return ok(snappy.uncompress(Uint8Array.from(body), maxBytes));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    if (/exceeds|too (?:large|big)/i.test(why)) {
      return fail('TR_BODY_TOO_LARGE', `the body decompresses to more than ${maxBytes} bytes`);
    }
    return fail('TR_PUSH_INVALID', `the body is not valid snappy: ${why}`, { cause });
  }
}

function toRemoteWrite(request: Decoded, isV2: boolean): Result<RemoteWrite> {
  const symbols = request['symbols'];
  const table = Array.isArray(symbols) ? symbols.map(String) : [];
  const out: RemoteWrite = { readings: [], samples: 0, histograms: 0, exemplars: 0 };
  for (const [i, series] of list(request, 'timeseries').entries()) {
    const labels = isV2 ? labelsOfRefs(series, table) : labelsOf(series);
    if (typeof labels === 'string') {
      const where = `timeseries[${i}].labels`;
      return fail('TR_PUSH_INVALID', `${where}: ${labels}`, { field: where });
    }
    const name = labels.get('__name__') ?? '';
    labels.delete('__name__');
    takeSeries(out, name, labels, series);
  }
  return ok(out);
}

function takeSeries(out: RemoteWrite, name: string, labels: Labels, series: Decoded): void {
  for (const sample of list(series, 'samples')) {
    const value = sample['value'];
    const timestampMs = number(sample, 'timestamp') ?? 0;
    const known = typeof value === 'number' || value === 'stale' ? value : 0;
    out.readings.push({ name, labels, value: known, timestampMs });
    out.samples += 1;
  }
  for (const histogram of list(series, 'histograms')) {
    const timestampMs = number(histogram, 'timestamp') ?? 0;
    const count = number(histogram, 'countFloat') ?? number(histogram, 'countInt') ?? 0;
    // What the vocabulary uses of histograms is their sum and count.
    const sum = number(histogram, 'sum') ?? 0;
    out.readings.push({ name: `${name}_sum`, labels, value: sum, timestampMs });
    out.readings.push({ name: `${name}_count`, labels, value: count, timestampMs });
    out.histograms += 1;
  }
  out.exemplars += list(series, 'exemplars').length;
}

type Labels = Map<string, string>;

/** A text says what is wrong. The specification demands a name, sorted and distinct labels, and no empty names. */
function labelsOf(series: Decoded): Labels | string {
  const all = series['labels'];
  if (!Array.isArray(all)) return 'no labels';
  return checkedLabels(all.filter(isDecoded).map((one) => [text(one, 'name'), text(one, 'value')]));
}

function labelsOfRefs(series: Decoded, symbols: readonly string[]): Labels | string {
  const refs = numbers(series, 'labelsRefs');
  if (refs.length % 2 !== 0) return 'an odd number of references';
  const pairs: Array<[string, string]> = [];
  for (let i = 0; i < refs.length; i += 2) {
    const name = symbols[refs[i] ?? -1];
    const value = symbols[refs[i + 1] ?? -1];
    if (name === undefined || value === undefined) return `no symbol ${refs[i]} or ${refs[i + 1]}`;
    pairs.push([name, value]);
  }
  return checkedLabels(pairs);
}

function checkedLabels(pairs: ReadonlyArray<[string, string]>): Labels | string {
  if (pairs.length > MAX_LABELS) return `more than ${MAX_LABELS}`;
  const labels: Labels = new Map();
  for (const [name, value] of pairs) {
    if (name === '') return 'an empty name';
    if (labels.has(name)) return `${name} occurs twice`;
    labels.set(name, value);
  }
  return (labels.get('__name__') ?? '') === '' ? 'no __name__' : labels;
}

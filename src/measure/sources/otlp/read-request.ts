import { gunzipSync } from 'node:zlib';
import { fail, ok, type Result } from '../../../records/errors.ts';
import { type Decoded, decodeMessage, type Message } from '../protobuf/decode-message.ts';
import { isDecoded, list, part, text } from '../protobuf/read-decoded.ts';

export type OtlpEncoding = 'json' | 'protobuf';

/** One item (span, metric, log record) with the attributes of whom it is about. */
export interface OtlpItem {
  item: Decoded;
  /** Where it stands in the request, for messages. */
  path: string;
  resource: Attributes;
  scope: { name: string; version: string };
}

export type Attributes = Readonly<Record<string, unknown>>;

/** The encoding that a Content-Type names; null for any other. */
export function otlpEncoding(contentType: string): OtlpEncoding | null {
  if (/^application\/json\s*(?:;|$)/i.test(contentType)) return 'json';
  return /^application\/x-protobuf\s*(?:;|$)/i.test(contentType) ? 'protobuf' : null;
}

/**
 * Reads the body of an OTLP/HTTP request
 * (https://github.com/open-telemetry/opentelemetry-proto/blob/main/docs/specification.md#otlphttp) into its items. Both
 * encodings end in the same shape; unknown fields are passed over. Errors: TR_PUSH_INVALID, TR_BODY_TOO_LARGE when it
 * decompresses to more than `maxBytes`, TR_ENCODING_UNSUPPORTED.
 */
export function readOtlp(
  body: Uint8Array,
  headers: { encoding: OtlpEncoding; contentEncoding: string },
  options: { message: Message; signal: 'Spans' | 'Metrics' | 'Logs'; maxBytes: number },
): Result<OtlpItem[]> {
  const raw = decompress(body, headers.contentEncoding.toLowerCase(), options.maxBytes);
  if (!raw.ok) return raw;
  const request =
    headers.encoding === 'json' ? parseJson(raw.value) : decodeMessage(raw.value, options.message);
  return request.ok ? ok([...itemsOf(request.value, options.signal)]) : request;
}

function decompress(body: Uint8Array, encoding: string, maxBytes: number): Result<Uint8Array> {
  if (encoding === '' || encoding === 'identity') return ok(body);
  if (encoding !== 'gzip') {
    const message = 'this content-encoding is not supported here; send `gzip` or none';
    return fail('TR_ENCODING_UNSUPPORTED', message, { field: 'content-encoding' });
  }
  try {
    return ok(gunzipSync(body, { maxOutputLength: maxBytes }));
  } catch (cause) {
    if (cause instanceof RangeError) {
      return fail('TR_BODY_TOO_LARGE', `the body decompresses to more than ${maxBytes} bytes`);
    }
    return fail('TR_PUSH_INVALID', 'the body is not valid gzip', { cause });
  }
}

function parseJson(raw: Uint8Array): Result<Decoded> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw));
    if (isDecoded(value)) return ok(value);
    return fail('TR_PUSH_INVALID', 'the body is not a JSON object');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : '';
    return fail('TR_PUSH_INVALID', `the body is not valid JSON: ${why.slice(0, 200)}`, { cause });
  }
}

const ITEMS = { Spans: 'spans', Metrics: 'metrics', Logs: 'logRecords' } as const;

function* itemsOf(request: Decoded, signal: keyof typeof ITEMS): Iterable<OtlpItem> {
  for (const [i, one] of list(request, `resource${signal}`).entries()) {
    const resource = attributesOf(part(one, 'resource') ?? {});
    for (const [j, scoped] of list(one, `scope${signal}`).entries()) {
      const from = part(scoped, 'scope') ?? {};
      const scope = { name: text(from, 'name'), version: text(from, 'version') };
      for (const [k, item] of list(scoped, ITEMS[signal]).entries()) {
        const path = `resource${signal}[${i}].scope${signal}[${j}].${ITEMS[signal]}[${k}]`;
        yield { item, path, resource, scope };
      }
    }
  }
}

/** Deepest nesting of an attribute's value; what is deeper is cut. */
const MAX_DEPTH = 16;

/** `attributes` of an item as a plain record; later ones win, as the specification leaves open. */
export function attributesOf(from: Decoded, depth = 0): Record<string, unknown> {
  const out: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const key = depth === 0 ? 'attributes' : 'values';
  for (const one of list(from, key)) out[text(one, 'key')] = plain(part(one, 'value'), depth + 1);
  return { ...out };
}

/** The value of an `AnyValue`; integers beyond what a double holds stay text. */
export function plain(value: Decoded | null, depth = 0): unknown {
  if (value === null || depth > MAX_DEPTH) return null;
  if ('intValue' in value) {
    const integer = Number(value['intValue']);
    return Number.isSafeInteger(integer) ? integer : String(value['intValue']);
  }
  for (const key of ['stringValue', 'boolValue', 'doubleValue', 'bytesValue']) {
    if (key in value) return value[key];
  }
  const array = part(value, 'arrayValue');
  if (array !== null) return list(array, 'values').map((one) => plain(one, depth + 1));
  const map = part(value, 'kvlistValue');
  return map === null ? null : attributesOf(map, depth + 1);
}

/** Nanoseconds as decimal text (or number) to Unix milliseconds; null where there are none. */
export function nanosToMs(value: unknown): number | null {
  const valid = typeof value === 'string' ? /^\d{1,20}$/.test(value) : typeof value === 'number';
  if (!valid) return null;
  const ms = typeof value === 'string' ? Number(value) / 1e6 : (value as number) / 1e6;
  return ms > 0 ? ms : null;
}

import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import snappy from 'snappyjs';
import { expect, it } from 'vitest';
import { requestsOfLogs, requestsOfSpans } from './otlp/external-requests.ts';
import { logsRequest, metricsRequest, traceRequest } from './otlp/messages.ts';
import { MetricReader } from './otlp/metric-readings.ts';
import { readOtlp } from './otlp/read-request.ts';
import { readRemoteWrite } from './remote-write/remote-write.ts';
import { externalRequest } from '../../records/external-request.ts';

const maxBytes = 65_536;
const signals = [
  { signal: 'Spans', message: traceRequest },
  { signal: 'Logs', message: logsRequest },
  { signal: 'Metrics', message: metricsRequest },
] as const;
const codes = ['TR_PUSH_INVALID', 'TR_BODY_TOO_LARGE'];

/** Field headers and small lengths, so that random bytes reach deep into messages. */
const protobufish = fc
  .array(
    fc.oneof(
      fc.constantFrom(0x0a, 0x12, 0x1a, 0x2a, 0x3a, 0x4a, 0x09, 0x39, 0x10, 2, 4, 8, 16),
      fc.nat(255),
    ),
    {
      maxLength: 80,
    },
  )
  .map((all) => Uint8Array.from(all));

it('remote-write: any bytes are read or refused', () => {
  const bodies = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    protobufish.map((bytes) => Uint8Array.from(snappy.compress(bytes))),
  );
  const types = fc.constantFrom(
    'application/x-protobuf',
    'application/x-protobuf;proto=io.prometheus.write.v2.Request',
  );
  fc.assert(
    fc.property(bodies, types, (body, contentType) => {
      const result = readRemoteWrite(body, { contentType, contentEncoding: 'snappy' }, maxBytes);
      if (!result.ok) expect(codes).toContain(result.error.code);
    }),
    { numRuns: 1500 },
  );
});

it('OTLP: any bytes are read or refused, and what is kept has the shape of the record', () => {
  const json = fc.json({ maxDepth: 6 }).map((text) => new TextEncoder().encode(text));
  const bodies = fc.oneof(
    fc.tuple(json, fc.constant('json' as const)),
    fc.tuple(protobufish, fc.constant('protobuf' as const)),
  );
  fc.assert(
    fc.property(
      bodies,
      fc.constantFrom(...signals),
      fc.boolean(),
      ([body, encoding], shape, zip) => {
        const headers = { encoding, contentEncoding: zip ? 'gzip' : '' };
        const result = readOtlp(zip ? gzipSync(body) : body, headers, { ...shape, maxBytes });
        if (!result.ok) {
          expect(codes).toContain(result.error.code);
          return;
        }
        expect([...new MetricReader().readings(result.value)]).toEqual(expect.any(Array));
        for (const taken of [
          requestsOfSpans(result.value, 's'),
          requestsOfLogs(result.value, 's'),
        ]) {
          for (const one of taken.requests) externalRequest.parse(one);
        }
      },
    ),
    { numRuns: 1500 },
  );
});

it('OTLP: attributes of any kind are kept or have a field', () => {
  const value = fc.oneof(
    fc.record({ stringValue: fc.string() }),
    fc.record({ intValue: fc.oneof(fc.integer().map(String), fc.integer()) }),
    fc.record({ doubleValue: fc.double({ noNaN: true }) }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({
      arrayValue: fc.record({ values: fc.array(fc.record({ stringValue: fc.string() })) }),
    }),
  );
  const key = fc.oneof(
    fc.constantFrom(
      'gen_ai.system',
      'gen_ai.usage.input_tokens',
      'gen_ai.usage.prompt_tokens',
      'gen_ai.response.finish_reasons',
      '__proto__',
      'constructor',
    ),
    fc.string({ minLength: 1 }),
  );
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(key, value), { selector: ([name]) => name }), (pairs) => {
      const attributes = pairs.map(([name, of]) => ({ key: name, value: of }));
      attributes.push({ key: 'gen_ai.operation.name', value: { stringValue: 'chat' } });
      const span = {
        traceId: '1'.repeat(32),
        spanId: '2'.repeat(16),
        startTimeUnixNano: '1700000000000000000',
        attributes,
      };
      const request = { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] };
      const body = new TextEncoder().encode(JSON.stringify(request));
      const read = readOtlp(
        body,
        { encoding: 'json', contentEncoding: '' },
        { ...signals[0], maxBytes: 1e7 },
      );
      if (!read.ok) throw read.error;
      const [one] = requestsOfSpans(read.value, 's').requests;
      if (one === undefined) throw new Error('not kept');
      externalRequest.parse(one);
      const hasField = new Set([
        'gen_ai.system',
        'gen_ai.usage.input_tokens',
        'gen_ai.usage.prompt_tokens',
        'gen_ai.response.finish_reasons',
      ]);
      for (const [name] of pairs) {
        if (!hasField.has(name)) expect(Object.hasOwn(one.attributes, name), name).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import snappy from 'snappyjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTelemetry, type Telemetry } from '../measure/telemetry/telemetry.ts';
import { NOW_MS, openTestControl, type TestControl } from './test-control.ts';

const INGEST_KEY = 'tr_ingest-of-the-test';
let control: TestControl;
let telemetry: Telemetry;
let dir: string;
let nowMs = NOW_MS;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tailrace-push-'));
  nowMs = NOW_MS;
  const clock = { wallMs: () => nowMs, monoMs: () => nowMs };
  const retention = { minutesDays: 7, hoursDays: 800, externalRequestsDays: 30 };
  telemetry = openTelemetry({ dir, clock, retention });
  const sha256 = createHash('sha256').update(INGEST_KEY).digest('hex');
  const entry = { id: 'c', name: 'collector', sha256, services: [], tenant: null, admin: false };
  control = openTestControl({ clock, telemetry, ingestKeys: () => [entry] });
});

afterEach(async () => {
  telemetry.close();
  await control.close();
  rmSync(dir, { recursive: true, force: true });
});

const ingest = { authorization: `Bearer ${INGEST_KEY}` };

type Write = (writer: BinaryWriter) => BinaryWriter;
const nested =
  (field: number, inside: Write): Write =>
  (writer) =>
    inside(writer.tag(field, WireType.LengthDelimited).fork()).join();
const text =
  (field: number, value: string): Write =>
  (writer) =>
    writer.tag(field, WireType.LengthDelimited).string(value);
const double =
  (field: number, value: number): Write =>
  (writer) =>
    writer.tag(field, WireType.Bit64).double(value);
const bits =
  (field: number, value: bigint): Write =>
  (writer) =>
    writer.tag(field, WireType.Bit64).fixed64(value);
const int =
  (field: number, value: number): Write =>
  (writer) =>
    writer.tag(field, WireType.Varint).int64(value);
const all =
  (...parts: Write[]): Write =>
  (writer) =>
    parts.reduce((into, one) => one(into), writer);
const bytes = (write: Write): Uint8Array => write(new BinaryWriter()).finish();

const labels = { __name__: 'DCGM_FI_PROF_SM_ACTIVE', UUID: 'GPU-1', instance: 'node-7:9400' };
const seriesV1 = (of: Record<string, string>, samples: Array<[number, number | bigint]>): Write =>
  nested(
    1,
    all(
      ...Object.entries(of).map(([name, value]) => nested(1, all(text(1, name), text(2, value)))),
      ...samples.map(([atMs, value]) =>
        nested(2, all(typeof value === 'bigint' ? bits(1, value) : double(1, value), int(2, atMs))),
      ),
    ),
  );

const write = (body: Uint8Array, headers: Record<string, string> = {}): Promise<Response> =>
  control.ask('/api/v1/write', {
    method: 'POST',
    body: Uint8Array.from(snappy.compress(body)),
    headers: {
      ...ingest,
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      ...headers,
    },
  });

const resources = async (query = ''): Promise<Record<string, unknown>> =>
  (
    await control.ask(`/api/v1/resources?fromMs=${NOW_MS - 600_000}&toMs=${NOW_MS}${query}`)
  ).json() as Promise<Record<string, unknown>>;

describe('remote-write', () => {
  const samples: Array<[number, number]> = [0, 1, 2, 3].map((i) => [
    NOW_MS - 120_000 + i * 15_000,
    0.5,
  ]);

  it('takes version 1, with an ingest key, under any host name', async () => {
    const reply = await write(bytes(seriesV1(labels, samples)), { host: 'tailrace.cluster.local' });
    expect(reply.status).toBe(204);
    const { series } = (await resources()) as { series: unknown[] };
    expect(series).toEqual([
      expect.objectContaining({
        metric: 'smActiveShare',
        unit: 'share',
        source: 'push:collector',
        subject: expect.objectContaining({ id: 'GPU-1', node: 'node-7' }),
      }),
    ]);
  });

  it('takes version 2.0 and says what was written', async () => {
    const symbols = ['', ...Object.entries(labels).flat()];
    const refs = [1, 2, 3, 4, 5, 6];
    const packed: Write = (writer) => {
      const inner = writer.tag(1, WireType.LengthDelimited).fork();
      for (const ref of refs) inner.uint32(ref);
      return inner.join();
    };
    const body = bytes(
      all(
        ...symbols.map((one) => text(4, one)),
        nested(
          5,
          all(
            packed,
            ...samples.map(([at, value]) => nested(2, all(double(1, value), int(2, at)))),
          ),
        ),
      ),
    );
    const reply = await write(body, {
      'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
    });
    expect(reply.status).toBe(204);
    expect(reply.headers.get('x-prometheus-remote-write-samples-written')).toBe('4');
    expect(telemetry.health().sources[0]?.counts).toMatchObject({ used: 3, first: 1 });
  });

  it('knows staleness markers, disorder, repetition and clocks that are wrong', async () => {
    const stale = 0x7ff0000000000002n;
    await write(
      bytes(seriesV1(labels, [...samples, [NOW_MS - 60_000, stale], [NOW_MS - 45_000, 0.9]])),
    );
    await write(
      bytes(
        seriesV1(labels, [samples[1] ?? [0, 0], [NOW_MS - 45_000, 0.9], [NOW_MS + 3_600_000, 1]]),
      ),
    );
    const sources = (
      (await (await control.ask('/api/v1/sources')).json()) as { sources: unknown[] }
    ).sources;
    expect(sources[0]).toMatchObject({
      source: 'push:collector',
      clockAheadMs: 3_600_000,
      counts: { used: 3, first: 2, stale: 1, outOfOrder: 1, duplicate: 1, future: 1 },
    });
  });

  it.each([
    ['no name', seriesV1({ UUID: 'x' }, [[1, 1]]), 'timeseries[0].labels: no __name__'],
    [
      'an empty label',
      seriesV1({ __name__: 'a', '': 'x' }, [[1, 1]]),
      'timeseries[0].labels: an empty name',
    ],
    ['a wrong wire type', nested(1, int(2, 5)), 'timeseries.samples is not valid protobuf'],
  ])('refuses %s by its place', async (_, body, message) => {
    const reply = await write(bytes(body));
    expect(reply.status).toBe(400);
    expect(((await reply.json()) as { error: { message: string } }).error.message).toContain(
      message,
    );
  });

  it('refuses what is not snappy, too large, or unauthorised', async () => {
    const headers = {
      ...ingest,
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
    };
    const post = (body: Uint8Array, more: Record<string, string> = {}) =>
      control.ask('/api/v1/write', {
        method: 'POST',
        body: Uint8Array.from(body),
        headers: { ...headers, ...more },
      });
    expect((await post(Uint8Array.of(255, 1, 2))).status).toBe(400);
    // A length of 2 GB that a few bytes claim.
    expect((await post(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x07, 0))).status).toBe(413);
    expect((await post(Uint8Array.of(0), { 'content-encoding': 'gzip' })).status).toBe(415);
    expect((await post(Uint8Array.of(0), { authorization: 'Bearer tr_wrong' })).status).toBe(401);
    expect((await post(Uint8Array.of(0), { origin: 'http://evil.example' })).status).toBe(403);
    expect((await control.ask('/api/v1/engines', { headers: ingest })).status).toBe(403);
  });
});

const nano = (ms: number): string => `${ms}000000`;
const attribute = (key: string, value: string | number): unknown => ({
  key,
  value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
});
const spanOf = (attributes: unknown[], spanId = '00f067aa0ba902b7'): unknown => ({
  resourceSpans: [
    {
      resource: { attributes: [attribute('service.name', 'assistant')] },
      scopeSpans: [
        {
          spans: [
            {
              traceId: '4BF92F3577B34DA6A3CE929D0E0E4736',
              spanId,
              name: 'chat',
              startTimeUnixNano: nano(NOW_MS - 5_000),
              endTimeUnixNano: nano(NOW_MS - 3_000),
              attributes,
            },
          ],
        },
      ],
    },
  ],
});
const json = (path: string, body: unknown): Promise<Response> =>
  control.ask(path, { method: 'POST', body: JSON.stringify(body), headers: ingest });

interface Listed {
  total: number;
  requests: Array<Record<string, unknown> & { attributes: Record<string, unknown> }>;
}
const external = async (): Promise<Listed> =>
  (await (await control.ask('/api/v1/external-requests')).json()) as Listed;

describe('OTLP', () => {
  it('maps both generations of the GenAI conventions to the same request', async () => {
    const shared = [attribute('gen_ai.request.model', 'gpt-x'), attribute('x.custom', 'kept')];
    const legacy = [
      ...shared,
      attribute('gen_ai.system', 'openai'),
      attribute('gen_ai.usage.prompt_tokens', 12),
      attribute('gen_ai.usage.completion_tokens', 34),
    ];
    const current = [
      ...shared,
      attribute('gen_ai.provider.name', 'openai'),
      attribute('gen_ai.usage.input_tokens', 12),
      attribute('gen_ai.usage.output_tokens', 34),
    ];
    expect(await (await json('/v1/traces', spanOf(legacy))).json()).toEqual({});
    expect((await json('/v1/traces', spanOf(current, '00f067aa0ba902b8'))).status).toBe(200);
    const { requests } = await external();
    const same = {
      service: 'assistant',
      provider: 'openai',
      modelAsked: 'gpt-x',
      tokens: { in: 12, out: 34, cachedIn: null, cacheWrite: null, reasoning: null },
      startedAtMs: NOW_MS - 5_000,
      endedAtMs: NOW_MS - 3_000,
    };
    expect(requests).toHaveLength(2);
    for (const one of requests) {
      expect(one).toMatchObject(same);
      expect(one.attributes).toMatchObject({
        'x.custom': 'kept',
        'resource.service.name': 'assistant',
      });
    }
    expect(new Set(requests.map((one) => one['conventions']))).toEqual(
      new Set(['legacy', 'current']),
    );
  });

  it('counts what is sent twice once, and lets the span replace its event', async () => {
    const attributes = [
      attribute('gen_ai.request.model', 'gpt-x'),
      attribute('gen_ai.usage.input_tokens', 7),
    ];
    const log = {
      resourceLogs: [
        {
          scopeLogs: [
            {
              logRecords: [
                {
                  timeUnixNano: nano(NOW_MS - 3_000),
                  eventName: 'gen_ai.client.inference.operation.details',
                  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
                  spanId: '00f067aa0ba902b7',
                  attributes,
                },
              ],
            },
          ],
        },
      ],
    };
    for (const send of [
      () => json('/v1/logs', log),
      () => json('/v1/traces', spanOf(attributes)),
    ]) {
      await send();
      await send();
    }
    await json('/v1/logs', log);
    const { total, requests } = await external();
    expect(total).toBe(1);
    expect(requests[0]).toMatchObject({ endedAtMs: NOW_MS - 3_000, tokens: { in: 7, out: null } });
  });

  it('says what it did not keep, and rejects what is not valid', async () => {
    const other = await json('/v1/traces', spanOf([attribute('http.route', '/x')]));
    expect(await other.json()).toMatchObject({
      partialSuccess: {
        rejectedSpans: '0',
        errorMessage: expect.stringContaining('1 without gen_ai'),
      },
    });
    const bad = await json(
      '/v1/traces',
      spanOf([attribute('gen_ai.system', 'x')], '0000000000000000'),
    );
    expect(await bad.json()).toMatchObject({
      partialSuccess: {
        rejectedSpans: '1',
        errorMessage: expect.stringContaining('resourceSpans[0].scopeSpans[0].spans[0].spanId'),
      },
    });
    expect((await json('/v1/traces', [])).status).toBe(400);
    const headers = { ...ingest, 'content-type': 'text/plain' };
    expect((await control.ask('/v1/traces', { method: 'POST', body: '{}', headers })).status).toBe(
      415,
    );
  });

  it('takes protobuf, gzip, delta sums and the end of a series', async () => {
    const kv = (field: number, key: string, value: string): Write =>
      nested(field, all(text(1, key), nested(2, text(1, value))));
    const point = (added: number, flags = 0): Write =>
      nested(
        1,
        all(
          bits(3, BigInt(nowMs) * 1_000_000n),
          double(4, added),
          kv(7, 'gen_ai.request.model', 'gpt-x'),
          int(8, flags),
        ),
      );
    const post = (of: Write): Promise<Response> => {
      const sum = nested(7, all(of, int(2, 1)));
      const metric = nested(2, all(text(1, 'gen_ai.client.inference.usage.input_tokens'), sum));
      const body = nested(1, all(nested(1, kv(1, 'service.name', 'assistant')), nested(2, metric)));
      return control.ask('/v1/metrics', {
        method: 'POST',
        body: Uint8Array.from(gzipSync(bytes(body))),
        headers: {
          ...ingest,
          'content-type': 'application/x-protobuf',
          'content-encoding': 'gzip',
        },
      });
    };
    for (let i = 0; i < 3; i += 1) {
      const reply = await post(point(600));
      expect(reply.headers.get('content-type')).toBe('application/x-protobuf');
      expect((await reply.arrayBuffer()).byteLength).toBe(0);
      nowMs += 60_000;
    }
    await post(point(0, 1));
    const answer = telemetry.resources({ sinceMs: NOW_MS, untilMs: nowMs });
    expect(
      answer.series.map(({ metric, points }) => [metric, points.map(({ mean }) => mean)]),
    ).toEqual([['promptTokensPerS', [10, 10]]]);
    expect(telemetry.health().sources[0]?.counts).toMatchObject({ used: 2, first: 1, stale: 1 });
  });
});

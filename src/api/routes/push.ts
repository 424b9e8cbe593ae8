import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { logsRequest, metricsRequest, traceRequest } from '../../measure/sources/otlp/messages.ts';
import {
  requestsOfLogs,
  requestsOfSpans,
  type TakenRequests,
} from '../../measure/sources/otlp/external-requests.ts';
import { MetricReader } from '../../measure/sources/otlp/metric-readings.ts';
import { otlpReply } from '../../measure/sources/otlp/otlp-reply.ts';
import {
  type OtlpEncoding,
  otlpEncoding,
  type OtlpItem,
  readOtlp,
} from '../../measure/sources/otlp/read-request.ts';
import { readRemoteWrite } from '../../measure/sources/remote-write/remote-write.ts';
import { TailraceError } from '../../records/errors.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { API, failures, security } from '../route-parts.ts';
import { telemetryOf } from '../telemetry-of.ts';
import { unwrap } from '../unwrap.ts';

/** What pushers send in about this interval; a gauge stands for a few of them at most. */
const PUSH_INTERVAL_MS = 60_000;

const binary = z.string().meta({ format: 'binary' });

const writeRoute = createRoute({
  method: 'post',
  path: `${API}/write`,
  operationId: 'remoteWrite',
  summary: 'Prometheus remote-write 1 and 2.0',
  description: 'Snappy and protobuf. An admin key or one with `ingest: true`.',
  security,
  request: { body: { required: true, content: { 'application/x-protobuf': { schema: binary } } } },
  responses: { 204: { description: 'Taken in.' }, ...failures },
});

const otlpRoute = (signal: 'traces' | 'metrics' | 'logs', summary: string) =>
  createRoute({
    method: 'post',
    path: `/v1/${signal}`,
    operationId: `otlp${signal.charAt(0).toUpperCase()}${signal.slice(1)}`,
    summary,
    description: 'OTLP/HTTP. An admin key or one with `ingest: true`.',
    security,
    request: {
      body: {
        required: true,
        content: {
          'application/json': { schema: z.looseObject({}) },
          'application/x-protobuf': { schema: binary },
        },
      },
    },
    responses: {
      200: {
        description: 'Taken in; `partialSuccess` says what was not.',
        content: { 'application/json': { schema: z.looseObject({}) } },
      },
      ...failures,
    },
  });

const tracesRoute = otlpRoute('traces', 'OpenTelemetry spans: calls to models are kept');
const metricsRoute = otlpRoute('metrics', 'OpenTelemetry metrics');
const logsRoute = otlpRoute('logs', 'OpenTelemetry logs: GenAI events are kept');

type Ctx = Context<ControlEnv>;

const header = (c: Ctx, name: string): string => c.req.header(name) ?? '';

const bodyOf = async (c: Ctx): Promise<Uint8Array> => new Uint8Array(await c.req.arrayBuffer());

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  app.post(writeRoute.path, (c) => remoteWrite(c, deps));
  const reader = new MetricReader();
  app.post(metricsRoute.path, (c) => metrics(c, deps, reader));
  app.post(tracesRoute.path, (c) =>
    requests(c, deps, { message: traceRequest, signal: 'Spans' }, requestsOfSpans),
  );
  app.post(logsRoute.path, (c) =>
    requests(c, deps, { message: logsRequest, signal: 'Logs' }, requestsOfLogs),
  );
}

async function remoteWrite(c: Ctx, deps: ControlDeps): Promise<Response> {
  const telemetry = telemetryOf(deps);
  const { maxPushBytes } = deps.config().telemetry;
  const headers = {
    contentType: header(c, 'content-type'),
    contentEncoding: header(c, 'content-encoding'),
  };
  const { readings, samples, histograms, exemplars } = unwrap(
    readRemoteWrite(await bodyOf(c), headers, maxPushBytes),
  );
  telemetry.observe(readings, pushed(c, deps, 'remote-write'));
  // The 2.0 specification asks for these on success.
  c.header('x-prometheus-remote-write-samples-written', String(samples));
  c.header('x-prometheus-remote-write-histograms-written', String(histograms));
  c.header('x-prometheus-remote-write-exemplars-written', String(exemplars));
  return c.body(null, 204);
}

/** A source is told apart by the key that it pushes with. */
function pushed(c: Ctx, deps: ControlDeps, target: string) {
  return {
    source: `push:${c.get('key').name}`,
    target,
    node: null,
    intervalMs: PUSH_INTERVAL_MS,
    nowMs: deps.clock.wallMs(),
    basis: 'measured',
  } as const;
}

type Shape = Pick<Parameters<typeof readOtlp>[2], 'message' | 'signal'>;

async function itemsOf(
  c: Ctx,
  deps: ControlDeps,
  shape: Shape,
): Promise<{ items: OtlpItem[]; encoding: OtlpEncoding }> {
  const encoding = otlpEncoding(header(c, 'content-type'));
  if (encoding === null) {
    const message = 'send `application/x-protobuf` or `application/json`';
    throw new TailraceError('TR_ENCODING_UNSUPPORTED', message, { field: 'content-type' });
  }
  const headers = { encoding, contentEncoding: header(c, 'content-encoding') };
  const options = { ...shape, maxBytes: deps.config().telemetry.maxPushBytes };
  return { items: unwrap(readOtlp(await bodyOf(c), headers, options)), encoding };
}

async function metrics(c: Ctx, deps: ControlDeps, reader: MetricReader): Promise<Response> {
  const telemetry = telemetryOf(deps);
  const { items, encoding } = await itemsOf(c, deps, {
    message: metricsRequest,
    signal: 'Metrics',
  });
  const counts = telemetry.observe(reader.readings(items), pushed(c, deps, 'otlp-metrics'));
  const note =
    counts.unmapped === 0
      ? null
      : `${counts.unmapped} points have names that Tailrace has no use for; they are not kept`;
  return send(c, encoding, { signal: 'metrics', rejected: 0, note });
}

async function requests(
  c: Ctx,
  deps: ControlDeps,
  shape: Shape,
  read: (items: readonly OtlpItem[], source: string) => TakenRequests,
): Promise<Response> {
  const telemetry = telemetryOf(deps);
  const { items, encoding } = await itemsOf(c, deps, shape);
  const taken = read(items, `push:${c.get('key').name}`);
  telemetry.addExternalRequests(taken.requests);
  const others =
    taken.others === 0 ? null : `${taken.others} without gen_ai attributes were not kept`;
  const note = [taken.firstFault, others].filter((one) => one !== null).join('; ');
  const signal = shape.signal === 'Logs' ? 'logs' : 'traces';
  return send(c, encoding, { signal, rejected: taken.rejected, note: note === '' ? null : note });
}

function send(c: Ctx, encoding: OtlpEncoding, outcome: Parameters<typeof otlpReply>[1]): Response {
  const { body, contentType } = otlpReply(encoding, outcome);
  return c.body(body, 200, { 'content-type': contentType });
}

/** `POST /api/v1/write`, `/v1/traces`, `/v1/metrics`, `/v1/logs`. */
export const pushEndpoint: Endpoint = {
  routes: [writeRoute, tracesRoute, metricsRoute, logsRoute],
  register,
};

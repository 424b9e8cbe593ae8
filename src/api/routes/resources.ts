import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { TailraceError } from '../../records/errors.ts';
import { externalRequest } from '../../records/external-request.ts';
import {
  isResourceMetric,
  resourceMetrics,
  type ResourceMetric,
  resourceSubject,
  subjectKind,
} from '../../records/resource-sample.ts';
import { basis } from '../../records/basis.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { MAX_PAGE, windowFields } from '../queries.ts';
import { API, failures, json, security } from '../route-parts.ts';
import { telemetryOf } from '../telemetry-of.ts';
import { unwrap } from '../unwrap.ts';
import { resolveWindow } from '../window.ts';

/** Of one reply: some twenty megabytes of JSON. */
const MAX_POINTS = 200_000;

const name = z.string().max(256).optional();
const subject = resourceSubject.meta({ id: 'ResourceSubject' });
const window = z.strictObject({ fromMs: z.number(), toMs: z.number() });

const resourcesQuery = z.strictObject({
  ...windowFields,
  kind: subjectKind.optional(),
  node: name.describe('Only subjects of this node.'),
  subject: name.describe('Only this subject, e.g. the UUID of an accelerator.'),
  metrics: z
    .string()
    .max(2_048)
    .optional()
    .describe('Names with commas between; see docs/sources.md. Default: all.'),
  stepMs: z.coerce.number().min(1).max(3.2e11).optional().describe('Rounded up to whole minutes.'),
});

const point = z.strictObject({
  fromMs: z.number(),
  toMs: z.number(),
  knownMs: z.number().describe('Time of the step in which the metric is known.'),
  mean: z.number(),
  min: z.number(),
  max: z.number(),
});

const resourceAnswer = z.strictObject({
  window,
  stepMs: z.number(),
  series: z
    .strictObject({
      subject,
      metric: z.string(),
      unit: z.string(),
      source: z.string(),
      others: z.array(z.string()).describe('Sources that measured the same; left out.'),
      basis,
      knownShare: z.number().describe('Share of the window that is known; the rest is unknown.'),
      points: point.array(),
    })
    .array(),
  holders: z
    .strictObject({ subject, holder: z.string(), fromMs: z.number(), toMs: z.number() })
    .array(),
  silent: z
    .strictObject({ subject, lastMs: z.number() })
    .array()
    .describe('Read within a day before the window, and not in it.'),
});

const resourcesRoute = createRoute({
  method: 'get',
  path: `${API}/resources`,
  operationId: 'getResources',
  summary: 'What accelerators, hosts and engines did over a window',
  security,
  request: { query: resourcesQuery },
  responses: {
    200: json(resourceAnswer.meta({ id: 'Resources' }), 'Default window: 1h.'),
    ...failures,
  },
});

const sourceHealth = z.strictObject({
  source: z.string(),
  target: z.string(),
  up: z.boolean(),
  lastReadMs: z.number().nullable(),
  lastError: z.strictObject({ code: z.string(), message: z.string(), atMs: z.number() }).nullable(),
  reads: z.number(),
  failures: z.number(),
  counts: z
    .record(z.string(), z.number())
    .describe('Readings by what became of them, since the start.'),
  clockAheadMs: z.number().nullable().describe('Newest timestamp of the last read minus now.'),
});

const sourcesRoute = createRoute({
  method: 'get',
  path: `${API}/sources`,
  operationId: 'listSources',
  summary: 'How each source does, and what was not taken in',
  security,
  responses: {
    200: json(
      z
        .strictObject({
          sources: sourceHealth.meta({ id: 'SourceHealth' }).array(),
          seriesMapped: z.number(),
          lateSamples: z.number().describe('Pieces that came after their minute was closed.'),
          lostMinutes: z
            .number()
            .describe('Minutes given up because the disk refused for too long.'),
        })
        .meta({ id: 'Sources' }),
      'One entry per target, and per key that pushed.',
    ),
    ...failures,
  },
});

const externalRoute = createRoute({
  method: 'get',
  path: `${API}/external-requests`,
  operationId: 'listExternalRequests',
  summary: 'Requests to models that other software reported over OpenTelemetry, newest first',
  security,
  request: {
    query: z.strictObject({
      ...windowFields,
      service: name.describe('Only this OpenTelemetry service.'),
      limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(50),
    }),
  },
  responses: {
    200: json(
      z
        .strictObject({
          window,
          total: z.number(),
          requests: externalRequest.meta({ id: 'ExternalRequest' }).array(),
        })
        .meta({ id: 'ExternalRequests' }),
      'Default window: 1h. They are in no other answer.',
    ),
    ...failures,
  },
});

function metricNames(text: string | undefined): ResourceMetric[] | undefined {
  if (text === undefined || text === '') return undefined;
  return text.split(',').map((one) => {
    if (isResourceMetric(one)) return one;
    const message = `no metric is called \`${one.slice(0, 64)}\`; docs/sources.md lists them`;
    throw new TailraceError('TR_FIELD_INVALID', message, { field: 'metrics' });
  });
}

/** Leaves out what is undefined, as `exactOptionalPropertyTypes` asks. */
function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  app.openapi(resourcesRoute, (c) => {
    const query = c.req.valid('query');
    const { fromMs, toMs } = unwrap(resolveWindow(query, deps.clock.wallMs(), '1h'));
    const { kind, node, subject: id, stepMs } = query;
    const metrics = metricNames(query.metrics);
    const asked = { sinceMs: fromMs, untilMs: toMs, maxPoints: MAX_POINTS };
    try {
      const answer = telemetryOf(deps).resources({
        ...asked,
        ...given({ kind, node, subject: id, stepMs, metrics }),
      });
      const series = answer.series.map((one) =>
        Object.assign(one, { unit: resourceMetrics[one.metric][0] }),
      );
      return c.json({ ...answer, series }, 200);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new TailraceError('TR_WINDOW_INVALID', error.message, { field: 'stepMs' });
    }
  });

  app.openapi(sourcesRoute, (c) => {
    const { sources, ...rest } = telemetryOf(deps).health();
    const plain = sources.map((one) => Object.assign(one, { counts: { ...one.counts } }));
    return c.json({ sources: plain, ...rest }, 200);
  });

  app.openapi(externalRoute, (c) => {
    const { service, limit, ...ask } = c.req.valid('query');
    const at = unwrap(resolveWindow(ask, deps.clock.wallMs(), '1h'));
    const { requests, total } = telemetryOf(deps).externalRequests({
      sinceMs: at.fromMs,
      untilMs: at.toMs,
      limit,
      ...given({ service }),
    });
    return c.json({ window: at, total, requests }, 200);
  });
}

/** `GET resources`, `GET sources`, `GET external-requests`. */
export const resourcesEndpoint: Endpoint = {
  routes: [resourcesRoute, sourcesRoute, externalRoute],
  register,
};

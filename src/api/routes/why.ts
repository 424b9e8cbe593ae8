import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { clusterFacts, type ClusterFacts } from '../../measure/bottleneck/cluster/cluster-facts.ts';
import { whyReport, type WhyReport } from '../../measure/bottleneck/why-report.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { windowFields } from '../queries.ts';
import { API, failures, json, security } from '../route-parts.ts';
import { unwrap } from '../unwrap.ts';
import { whyOf } from '../why-of.ts';
import { resolveWindow } from '../window.ts';

const query = z.strictObject({
  ...windowFields,
  subject: z
    .string()
    .max(256)
    .optional()
    .describe('Only this service, engine, job or cluster; default: everything.'),
});
type Query = z.infer<typeof query>;

const reply = json(whyReport.meta({ id: 'Why' }), 'Trees by business, losses, what is unknown.');

const getRoute = createRoute({
  method: 'get',
  path: `${API}/why`,
  operationId: 'getWhy',
  summary: 'Where accelerator time went, in money, and which change frees most',
  security,
  request: { query },
  responses: { 200: reply, ...failures },
});

const postRoute = createRoute({
  method: 'post',
  path: `${API}/why`,
  operationId: 'askWhy',
  summary: 'The same, with what clusters say of accelerators that nobody was given',
  security,
  request: {
    query,
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.strictObject({
            clusters: clusterFacts.meta({ id: 'ClusterFacts' }).array().max(100),
          }),
        },
      },
    },
  },
  responses: { 200: reply, ...failures },
});

function report(
  deps: ControlDeps,
  { subject, ...ask }: Query,
  clusters: readonly ClusterFacts[],
): Promise<WhyReport> {
  return whyOf(deps, {
    config: deps.config(),
    window: unwrap(resolveWindow(ask, deps.clock.wallMs(), '1h')),
    subject: subject === '' ? undefined : subject,
    clusters,
    isLive: true,
  });
}

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  app.openapi(getRoute, async (c) => c.json(await report(deps, c.req.valid('query'), []), 200));
  app.openapi(postRoute, async (c) =>
    c.json(await report(deps, c.req.valid('query'), c.req.valid('json').clusters), 200),
  );
}

/** `GET why` and `POST why`: TR_NOT_FOUND when nothing of that name is configured. */
export const whyEndpoint: Endpoint = { routes: [getRoute, postRoute], register };

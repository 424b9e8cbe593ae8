import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { TailraceError } from '../../records/errors.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { createEventHub } from '../event-hub.ts';
import { API, failures, security } from '../route-parts.ts';

const eventsRoute = createRoute({
  method: 'get',
  path: `${API}/events`,
  operationId: 'streamEvents',
  summary: 'Server-sent events: `tick` when the ledger took in records',
  description:
    'At most one tick a second; a comment every 15 s keeps the connection open. The data of a tick ' +
    'is `{recordsTotal, newestRecordMs}`.',
  security,
  responses: {
    200: { description: 'The stream.', content: { 'text/event-stream': { schema: z.string() } } },
    ...failures,
  },
});

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  const hub = createEventHub({ ledger: deps.ledger });
  app.openapi(eventsRoute, (c) => {
    if (c.req.method === 'HEAD') throw new TailraceError('TR_METHOD', 'use GET for events');
    const { sha256 } = c.get('key');
    const stream = hub.subscribe(() =>
      deps.adminKeys().some((one) => one.admin && one.sha256 === sha256),
    );
    if (stream === null) throw new TailraceError('TR_BUSY', 'too many event streams are open');
    return c.body(stream as ReadableStream<Uint8Array<ArrayBuffer>>, 200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
    });
  });
}

/** `GET events`. TR_BUSY when too many streams are open. */
export const eventsEndpoint: Endpoint = { routes: [eventsRoute], register };

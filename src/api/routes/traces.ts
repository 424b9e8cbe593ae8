import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { CATEGORIES } from '../../measure/timeline/category.ts';
import { tooLarge } from '../../measure/timeline/receive-upload.ts';
import type { TraceLibrary } from '../../measure/timeline/trace-library.ts';
import { TailraceError } from '../../records/errors.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import { fieldError, type ControlEnv } from '../error-response.ts';
import { API, failures, json, security } from '../route-parts.ts';
import {
  findQuery,
  rangeQuery,
  tileQuery,
  traceDetail,
  traceEvent,
  traceFound,
  traceList,
  traceParams,
  traceRange,
  traceView,
} from '../trace-views.ts';

const BYTES = 'application/octet-stream';
const binary = z.string().meta({ format: 'binary' });

const listRoute = createRoute({
  method: 'get',
  path: `${API}/traces`,
  operationId: 'listTraces',
  summary: 'Profiler traces that were brought, newest first',
  security,
  responses: {
    200: json(traceList, 'Also those being read and those that could not be.'),
    ...failures,
  },
});

const addRoute = createRoute({
  method: 'post',
  path: `${API}/traces`,
  operationId: 'addTrace',
  summary: 'Bring a PyTorch/Kineto trace',
  description:
    'The file as it is, gzip or not, at most traces.maxUploadBytes. It is read after the reply.',
  security,
  request: {
    query: z.strictObject({ name: z.string().min(1).max(200) }),
    body: {
      required: true,
      content: {
        'application/json': { schema: z.looseObject({}) },
        'application/gzip': { schema: binary },
      },
    },
  },
  responses: { 202: json(traceView, 'Being read; ask for it by its id.'), ...failures },
});

const getRoute = createRoute({
  method: 'get',
  path: `${API}/traces/{id}`,
  operationId: 'getTrace',
  summary: 'One trace: its breakdown and views, its tracks and steps',
  security,
  request: { params: traceParams },
  responses: { 200: json(traceDetail, 'See docs/trace-analysis.md.'), ...failures },
});

const removeRoute = createRoute({
  method: 'delete',
  path: `${API}/traces/{id}`,
  operationId: 'removeTrace',
  summary: 'Delete a trace',
  security,
  request: { params: traceParams },
  responses: { 204: { description: 'Deleted.' }, ...failures },
});

const tileRoute = createRoute({
  method: 'get',
  path: `${API}/traces/{id}/timeline`,
  operationId: 'getTraceTile',
  summary: 'A tile of the timeline at a level of detail, as bytes',
  description:
    'Level L cuts the timeline into 2^L tiles of 512 bins; see docs/formats/timeline.md.',
  security,
  request: { params: traceParams, query: tileQuery },
  responses: {
    200: { description: 'Columns.', content: { [BYTES]: { schema: binary } } },
    ...failures,
  },
});

const rangeRoute = createRoute({
  method: 'get',
  path: `${API}/traces/{id}/range`,
  operationId: 'getTraceRange',
  summary: 'Where the accelerator’s time in a range of a trace went, exactly',
  security,
  request: { params: traceParams, query: rangeQuery },
  responses: { 200: json(traceRange, 'Microseconds since the first event.'), ...failures },
});

const findRoute = createRoute({
  method: 'get',
  path: `${API}/traces/{id}/events`,
  operationId: 'findTraceEvents',
  summary: 'Events of a trace whose name has a text',
  security,
  request: { params: traceParams, query: findQuery },
  responses: { 200: json(traceFound, 'The first by start, and how many there are.'), ...failures },
});

const eventRoute = createRoute({
  method: 'get',
  path: `${API}/traces/{id}/events/{row}`,
  operationId: 'getTraceEvent',
  summary: 'One event of a trace, with its launch or its work',
  security,
  request: {
    params: traceParams.extend({
      row: z.coerce
        .number()
        .int()
        .min(0)
        .max(2 ** 31),
    }),
  },
  responses: { 200: json(traceEvent, 'The event.'), ...failures },
});

function tracesOf({ traces }: ControlDeps): TraceLibrary {
  if (traces !== undefined) return traces;
  const message = 'no instance runs to keep traces; use `tailrace analyze`';
  throw new TailraceError('TR_STATE_MISSING', message);
}

const notFound = (what: string, field: string): TailraceError =>
  new TailraceError('TR_NOT_FOUND', `no ${what} of this ${field} is kept`, { field });

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  app.openapi(listRoute, (c) => c.json({ traces: tracesOf(deps).list() }, 200));
  registerAdd(app, deps);

  app.openapi(getRoute, async (c) => {
    const found = await tracesOf(deps).get(c.req.valid('param').id);
    if (found === null) throw notFound('trace', 'id');
    const { entry, taken } = found;
    const analysis = taken?.analysis ?? null;
    // The schema leaves out what is no part of the timeline.
    return c.json(
      traceDetail.parse({ trace: entry, categories: [...CATEGORIES], timeline: taken, analysis }),
      200,
    );
  });

  app.openapi(removeRoute, async (c) => {
    const { id } = c.req.valid('param');
    if (!(await tracesOf(deps).remove(id))) throw notFound('trace', 'id');
    deps.log.info('trace deleted', { requestId: c.get('requestId'), id, by: c.get('key').name });
    return c.body(null, 204);
  });

  app.openapi(tileRoute, async (c) => {
    const { level, tile } = c.req.valid('query');
    if (tile >= 2 ** level) {
      const message = `\`tile\`: level ${level} has ${2 ** level} tiles, from 0`;
      throw new TailraceError('TR_FIELD_INVALID', message, { field: 'tile' });
    }
    const bytes = await tracesOf(deps).tile(c.req.valid('param').id, level, tile);
    return c.body(bytes, 200, { 'content-type': BYTES });
  });

  app.openapi(rangeRoute, async (c) => {
    const { fromUs, toUs } = c.req.valid('query');
    return c.json(await tracesOf(deps).range(c.req.valid('param').id, fromUs, toUs), 200);
  });

  app.openapi(findRoute, async (c) => {
    const { text, limit } = c.req.valid('query');
    return c.json(await tracesOf(deps).find(c.req.valid('param').id, text, limit), 200);
  });

  app.openapi(eventRoute, async (c) => {
    const { id, row } = c.req.valid('param');
    const found = await tracesOf(deps).event(id, row);
    if (found === null) throw notFound('event', 'row');
    return c.json(found, 200);
  });
}

/** Not by the route's own validator, which would read the body whole to check it. */
function registerAdd(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  const query = addRoute.request.query;
  app.post(addRoute.path, async (c) => {
    const library = tracesOf(deps);
    const asked = query.safeParse(c.req.query());
    if (!asked.success) throw fieldError(asked.error);
    const { name } = asked.data;
    const { maxUploadBytes } = deps.config().traces;
    if (Number(c.req.header('content-length') ?? 0) > maxUploadBytes)
      throw tooLarge(maxUploadBytes);
    const { body } = c.req.raw;
    if (body === null) throw new TailraceError('TR_BODY_INVALID', 'send the trace file');
    const entry = await library.add(name, body);
    deps.log.info('trace added', {
      requestId: c.get('requestId'),
      id: entry.id,
      bytes: entry.uploadBytes,
      by: c.get('key').name,
    });
    return c.json(entry, 202);
  });
}

/** `traces`, `traces/{id}` and what can be asked of one. */
export const tracesEndpoint: Endpoint = {
  routes: [
    listRoute,
    addRoute,
    getRoute,
    removeRoute,
    tileRoute,
    rangeRoute,
    findRoute,
    eventRoute,
  ],
  register,
};

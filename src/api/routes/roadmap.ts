import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { exportRoadmap, mediaTypes } from '../../govern/roadmap/export-roadmap.ts';
import { roadmapView } from '../../govern/roadmap/roadmap-view.ts';
import { checkScope, conditionOf } from '../brought-evidence.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { actionOwner, roadmapExportQuery, roadmapQuery } from '../evidence-views.ts';
import { API, failures, json, security } from '../route-parts.ts';
import { governanceOf } from './score.ts';

const roadmap = roadmapView.meta({ id: 'Roadmap' });

const roadmapRoute = createRoute({
  method: 'get',
  path: `${API}/roadmap`,
  operationId: 'getRoadmap',
  summary: 'An action for every unmet condition, in 30, 60 and 90 days',
  security,
  request: { query: roadmapQuery },
  responses: {
    200: json(roadmap, 'Open actions in the order of work, then closed ones.'),
    ...failures,
  },
});

const exportRoute = createRoute({
  method: 'get',
  path: `${API}/roadmap/export`,
  operationId: 'exportRoadmap',
  summary: 'The roadmap as Markdown, CSV or iCalendar',
  security,
  request: { query: roadmapExportQuery },
  responses: {
    200: {
      description: 'A file in the form that was asked for.',
      content: {
        'text/markdown': { schema: z.string() },
        'text/csv': { schema: z.string() },
        'text/calendar': { schema: z.string() },
      },
    },
    ...failures,
  },
});

const ownerRoute = createRoute({
  method: 'post',
  path: `${API}/roadmap/owners`,
  operationId: 'assignAction',
  summary: 'Give an action an owner',
  security,
  request: {
    body: { required: true, ...json(actionOwner.meta({ id: 'ActionOwner' }), 'Who does it.') },
  },
  responses: { 200: json(roadmap, 'The roadmap with it.'), ...failures },
});

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  app.openapi(roadmapRoute, async (c) => {
    const { service, role } = c.req.valid('query');
    const ask = { service: service ?? null, role: role ?? null };
    return c.json(await governanceOf(deps).roadmap(ask), 200);
  });

  app.openapi(exportRoute, async (c) => {
    const { service, role, format } = c.req.valid('query');
    const ask = { service: service ?? null, role: role ?? null };
    const text = exportRoadmap(await governanceOf(deps).roadmap(ask), format);
    return c.body(text, 200, {
      'content-type': mediaTypes[format],
      'content-disposition': `attachment; filename="roadmap.${format}"`,
    });
  });

  app.openapi(ownerRoute, async (c) => {
    const governance = governanceOf(deps);
    const body = c.req.valid('json');
    const [id = ''] = body.action.split('@');
    const condition = conditionOf(governance, id, 'action');
    const services = deps.config().services.map((one) => one.name);
    if (body.service !== null)
      checkScope({ ...condition, scope: 'service' }, body.service, services);
    await governance.assign(body);
    return c.json(await governance.roadmap({ service: body.service, role: null }), 200);
  });
}

/** `GET roadmap`, `GET roadmap/export`, `POST roadmap/owners`. */
export const roadmapEndpoint: Endpoint = {
  routes: [roadmapRoute, exportRoute, ownerRoute],
  register,
};

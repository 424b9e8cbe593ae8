import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import type { Config, ServiceConfig } from '../../config/schema.ts';
import { serviceLoad, type ServiceLoad } from '../../plan/marginal/service-load.ts';
import { servicePlan } from '../../plan/marginal/service-plan.ts';
import { TailraceError } from '../../records/errors.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { servicePlanView, type ServicePlanView } from '../plan-views.ts';
import { API, failures, json, security } from '../route-parts.ts';
import { unwrap } from '../unwrap.ts';
import { resolveWindow } from '../window.ts';

const route = createRoute({
  method: 'get',
  path: `${API}/service-plan`,
  operationId: 'getServicePlan',
  summary: 'The plan that a service is served by now, at its measured load; to change and to start',
  security,
  request: {
    query: z.object({ service: z.string().min(1), since: z.string().optional() }),
  },
  responses: {
    200: json(servicePlanView.meta({ id: 'ServicePlan' }), 'What is missing is named.'),
    ...failures,
  },
});

function viewPlan(
  service: ServiceConfig,
  config: Config,
  measured: ServiceLoad | null,
): ServicePlanView {
  if (measured === null) return { plan: null, measured, missing: ['requests with known tokens'] };
  const planned = servicePlan(service, config, measured);
  switch (planned.kind) {
    case 'plan':
      return { plan: { ...planned.plan }, measured, missing: [] };
    case 'missing':
      return { plan: null, measured, missing: planned.fields };
    case 'other': {
      const missing = ['engines of one kind, rented or owned, behind the route'];
      return { plan: null, measured, missing };
    }
  }
}

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  app.openapi(route, async (c) => {
    const { service: name, since } = c.req.valid('query');
    const ask = since === undefined ? {} : { since };
    const window = unwrap(resolveWindow(ask, deps.clock.wallMs(), '1h'));
    const { ledger, clock } = deps;
    const config = deps.config();
    const answers = await deps.computeAnswers({ ledger, config, window, clock, service: name });
    const [answer] = answers.services;
    const service = config.services.find((one) => one.name === name);
    if (answer === undefined || service === undefined) {
      throw new TailraceError('TR_NOT_FOUND', `no service is called ${name}`, { field: 'service' });
    }
    return c.json(viewPlan(service, config, serviceLoad(answer, window)), 200);
  });
}

/** `GET service-plan`. */
export const servicePlanEndpoint: Endpoint = { routes: [route], register };

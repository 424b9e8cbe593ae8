import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Config, ServiceConfig } from '../../config/schema.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { API, failures, json, security } from '../route-parts.ts';
import { serviceList, serviceView, type ServiceView } from '../views.ts';

const listRoute = createRoute({
  method: 'get',
  path: `${API}/services`,
  operationId: 'listServices',
  summary: 'Services with their owners, targets and engines',
  security,
  responses: {
    200: json(
      serviceList
        .extend({ services: serviceView.meta({ id: 'Service' }).array() })
        .meta({ id: 'ServiceList' }),
      'In the order of the configuration.',
    ),
    ...failures,
  },
});

type ServiceEngine = ServiceView['engines'][number];

function engineOf(
  config: Config,
  use: { engine: string; model: string | null; weight: number; fallback: boolean },
): ServiceEngine[] {
  const engine = config.engines.find((one) => one.name === use.engine);
  if (engine === undefined) return [];
  return [
    {
      ...use,
      dialect: engine.dialect,
      simulated: engine.simulated !== undefined,
      costBasis: engine.cost?.basis ?? null,
      accelerator: engine.hardware?.accelerator ?? null,
      acceleratorCount: engine.hardware?.count ?? null,
    },
  ];
}

/** A service as the API shows it, with the engines of its route, fallbacks last. */
export function viewService(config: Config, service: ServiceConfig): ServiceView {
  const route = config.routes.find((one) => one.name === service.route);
  const engines = [
    ...(route?.engines ?? []).flatMap(({ engine, weight, model }) =>
      engineOf(config, { engine, weight, model: model ?? null, fallback: false }),
    ),
    ...(route?.fallback ?? []).flatMap((engine) =>
      engineOf(config, { engine, weight: 0, model: null, fallback: true }),
    ),
  ];
  const simulatedCount = engines.filter((one) => one.simulated).length;
  const { name, owner, feature, models, slo } = service;
  return {
    name,
    owner,
    feature: feature ?? null,
    models: [...models],
    slo,
    route: service.route,
    engines,
    simulated: simulatedCount === 0 ? 'none' : simulatedCount === engines.length ? 'all' : 'some',
  };
}

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  app.openapi(listRoute, (c) => {
    const config = deps.config();
    return c.json({ services: config.services.map((one) => viewService(config, one)) }, 200);
  });
}

/** `GET services`. */
export const servicesEndpoint: Endpoint = { routes: [listRoute], register };

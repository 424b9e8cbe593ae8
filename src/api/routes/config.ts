import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { maskConfig } from '../../config/mask.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { API, failures, json, security } from '../route-parts.ts';

const configRoute = createRoute({
  method: 'get',
  path: `${API}/config`,
  operationId: 'getConfig',
  summary: 'The configuration in effect, secrets masked',
  description: 'The shape is that of docs/tailrace.schema.json, with `***` in place of secrets.',
  security,
  responses: {
    200: json(z.record(z.string(), z.unknown()), 'With every default filled in.'),
    ...failures,
  },
});

const NONE: ReadonlySet<string> = new Set();

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  app.openapi(configRoute, (c) => {
    const masked = maskConfig({ config: deps.config(), secretPaths: deps.secretPaths?.() ?? NONE });
    return c.json(masked as Record<string, unknown>, 200);
  });
}

/** `GET config`. */
export const configEndpoint: Endpoint = { routes: [configRoute], register };

import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { ControlEnv } from '../error-response.ts';
import { API, failures, json, security } from '../route-parts.ts';

const documentRoute = createRoute({
  method: 'get',
  path: `${API}/openapi.json`,
  operationId: 'getOpenapi',
  summary: 'This document',
  security,
  responses: {
    200: json(z.record(z.string(), z.unknown()), 'OpenAPI 3.1.'),
    ...failures,
  },
});

/** Version of the API, not of the program: it changes when the contract does. */
const API_VERSION = '1.0.0';

/** The OpenAPI 3.1 document of all endpoints registered so far. */
export function openapiDocument(app: OpenAPIHono<ControlEnv>): Record<string, unknown> {
  return {
    ...app.getOpenAPI31Document({
      openapi: '3.1.0',
      info: {
        title: 'Tailrace control API',
        version: API_VERSION,
        description:
          'Times are Unix milliseconds, durations milliseconds, money US dollars, energy watt-hours. ' +
          'Null means unknown, never zero. Every endpoint needs an admin key.',
        license: { name: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
    }),
  };
}

/** `GET openapi.json`. The document is built on first use. */
export function openapiRoutes(app: OpenAPIHono<ControlEnv>): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'adminKey', {
    type: 'http',
    scheme: 'bearer',
    description: 'An admin key; `tailrace keys create --admin` makes one.',
  });
  let document: Record<string, unknown> | null = null;
  app.openapi(documentRoute, (c) => {
    document ??= openapiDocument(app);
    return c.json(document, 200);
  });
}

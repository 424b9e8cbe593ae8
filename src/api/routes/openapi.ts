import { createRoute, z } from '@hono/zod-openapi';
import type { Endpoint } from '../endpoint.ts';
import { openapiDocument } from '../openapi-document.ts';
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

/** `GET openapi.json`: describes `others` and itself. The document is built on first use. */
export function openapiEndpoint(others: readonly Endpoint[]): Endpoint {
  let document: Record<string, unknown> | null = null;
  const endpoint: Endpoint = {
    routes: [documentRoute],
    register(app) {
      app.openapi(documentRoute, (c) => {
        document ??= openapiDocument([...others, endpoint]);
        return c.json(document, 200);
      });
    },
  };
  return endpoint;
}

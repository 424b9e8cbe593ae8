import { OpenAPIHono } from '@hono/zod-openapi';
import type { Endpoint } from './endpoint.ts';
import { SECURITY_SCHEME, securityScheme } from './route-parts.ts';

/** Version of the API, not of the program: it changes when the contract does. */
const API_VERSION = '1.0.0';

const info = {
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
};

/** The OpenAPI 3.1 document of these endpoints; needs nothing that runs. */
export function openapiDocument(endpoints: readonly Endpoint[]): Record<string, unknown> {
  const { openAPIRegistry: registry, getOpenAPI31Document } = new OpenAPIHono();
  registry.registerComponent('securitySchemes', SECURITY_SCHEME, securityScheme);
  for (const { routes } of endpoints) {
    for (const route of routes) registry.registerPath(route);
  }
  return { ...getOpenAPI31Document(info) };
}

/** The document as it is committed. */
export const openapiText = (endpoints: readonly Endpoint[]): string =>
  `${JSON.stringify(openapiDocument(endpoints), null, 2)}\n`;

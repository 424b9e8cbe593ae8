import type { OpenAPIHono, RouteConfig } from '@hono/zod-openapi';
import type { ControlDeps } from './deps.ts';
import type { ControlEnv } from './error-response.ts';

/** Some endpoints of the control server: their contracts, and how they are served. */
export interface Endpoint {
  routes: readonly RouteConfig[];
  register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void;
}

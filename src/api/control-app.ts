/**
 * The control API and the console, over the ledger's read side. It must not hold state of its own
 * beyond open streams; every reply is computed from what it is handed. Gateway workers forward
 * everything that is not `/v1` here, so it sees the client's own Host and Origin.
 */
import { OpenAPIHono } from '@hono/zod-openapi';
import { TailraceError } from '../records/errors.ts';
import { readConsole, serveConsole, type ConsoleFile } from './console-files.ts';
import type { ControlDeps } from './deps.ts';
import { endpoints } from './endpoints.ts';
import { createErrorHandler, fieldError, type ControlEnv } from './error-response.ts';
import { bodyGate, gate } from './gate.ts';
import { SECURITY_SCHEME, securityScheme } from './route-parts.ts';
import { isDataPath } from './security-headers.ts';

/** Builds the control app. Reads the console folder once, here; throws if it cannot be read. */
export function createControlApp(deps: ControlDeps): OpenAPIHono<ControlEnv> {
  const app = new OpenAPIHono<ControlEnv>({
    defaultHook: (result) => {
      if (!result.success) throw fieldError(result.error);
    },
  });
  app.openAPIRegistry.registerComponent('securitySchemes', SECURITY_SCHEME, securityScheme);
  app.onError(createErrorHandler(deps.log));
  app.use(gate(deps));
  app.use(bodyGate(deps));
  for (const endpoint of endpoints) endpoint.register(app, deps);
  refuseOtherMethods(app);
  const files = deps.consoleDir === null ? null : readConsole(deps.consoleDir);
  app.all('*', (c) => fallback(c, files));
  return app;
}

/** A known path with another method is TR_METHOD, not TR_NOT_FOUND. */
function refuseOtherMethods(app: OpenAPIHono<ControlEnv>): void {
  const methods = new Map<string, Set<string>>();
  for (const { path, method } of app.routes) {
    if (method !== 'ALL') methods.set(path, (methods.get(path) ?? new Set()).add(method));
  }
  for (const [path, allowed] of methods) {
    const list = [...allowed].join(', ');
    app.all(path, (c) => {
      c.header('allow', list);
      throw new TailraceError('TR_METHOD', `this endpoint takes ${list}`);
    });
  }
}

function fallback(
  c: Parameters<typeof serveConsole>[0],
  files: ReadonlyMap<string, ConsoleFile> | null,
): Response {
  if (isDataPath(c.req.path)) {
    throw new TailraceError('TR_NOT_FOUND', 'no such endpoint; see /api/v1/openapi.json');
  }
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
    c.header('allow', 'GET');
    throw new TailraceError('TR_METHOD', 'the console takes GET');
  }
  return serveConsole(c, files);
}

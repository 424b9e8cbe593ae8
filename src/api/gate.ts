import { createMiddleware } from 'hono/factory';
import { bodyLimit } from 'hono/body-limit';
import { TailraceError } from '../records/errors.ts';
import { newId } from '../records/ids.ts';
import type { KeyEntry } from '../serve/key-table.ts';
import { authenticateAdmin } from './admin-auth.ts';
import type { ControlDeps } from './deps.ts';
import { errorResponse, type ControlEnv } from './error-response.ts';
import { checkHost } from './host-guard.ts';
import { isDataPath, securityHeaders } from './security-headers.ts';
import { unwrap } from './unwrap.ts';

const REQUEST_ID = /^[\w.:-]{1,128}$/;
/** Largest body of any request to the control API. */
export const MAX_BODY_BYTES = 65_536;

const sha256 = (hash: string): string => hash.replace(/^sha256:/, '');

/** Keys that are known but may not be admin's: only to tell a service key from a wrong one. */
const knownKeys = (deps: ControlDeps): readonly KeyEntry[] => [
  ...deps.keys.snapshot(),
  ...deps.config().keys.map((key) => ({
    id: `config:${key.name}`,
    name: key.name,
    sha256: sha256(key.hash),
    services: key.services,
    tenant: key.tenant ?? null,
    admin: key.admin,
  })),
];

/**
 * What every request passes first: an id, security headers, the host check, and on data paths the
 * admin key. Nothing behind it runs for a request that fails here.
 */
export const gate = (deps: ControlDeps) =>
  createMiddleware<ControlEnv>(async (c, next) => {
    const asked = c.req.header('x-request-id') ?? '';
    const requestId = REQUEST_ID.test(asked) ? asked : newId(deps.clock.wallMs());
    c.set('requestId', requestId);
    c.header('x-request-id', requestId);
    for (const [name, value] of Object.entries(securityHeaders(c.req.path))) c.header(name, value);

    const host = c.req.header('host') ?? null;
    const origin = c.req.header('origin') ?? null;
    unwrap(checkHost({ host, origin }, deps.config().server.allowedHosts));
    if (isDataPath(c.req.path)) {
      const authorization = c.req.header('authorization') ?? null;
      const parameters = new URL(c.req.url).searchParams.keys();
      const keys = { admin: deps.adminKeys(), known: () => knownKeys(deps) };
      c.set('key', unwrap(authenticateAdmin(authorization, parameters, keys)));
    }
    await next();
  });

const limit = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: (c) =>
    errorResponse(
      c,
      new TailraceError('TR_BODY_TOO_LARGE', `the body exceeds ${MAX_BODY_BYTES} bytes`),
    ),
});

/** Bodies are JSON of a bounded size; the type is asked for so that no plain form can post here. */
export const bodyGate = createMiddleware<ControlEnv>(async (c, next) => {
  if (c.req.method !== 'POST') return next();
  const type = c.req.header('content-type') ?? '';
  if (!/^application\/json(?:\s*;|$)/i.test(type)) {
    throw new TailraceError('TR_ENCODING_UNSUPPORTED', 'send JSON as `application/json`', {
      field: 'content-type',
    });
  }
  return limit(c, next);
});

import { createMiddleware } from 'hono/factory';
import { bodyLimit } from 'hono/body-limit';
import { TailraceError } from '../records/errors.ts';
import { newId } from '../records/ids.ts';
import type { KeyEntry } from '../serve/key-table.ts';
import { authenticateAdmin } from './admin-auth.ts';
import { bodyRule } from './body-rule.ts';
import type { ControlDeps } from './deps.ts';
import { errorResponse, type ControlEnv } from './error-response.ts';
import { checkHost } from './host-guard.ts';
import { isPushPath } from './push-paths.ts';
import { isDataPath, securityHeaders } from './security-headers.ts';
import { unwrap } from './unwrap.ts';

const REQUEST_ID = /^[\w.:-]{1,128}$/;

const sha256 = (hash: string): string => hash.replace(/^sha256:/, '');

/** Keys that are known but may not be admin's: only to tell a service key from a wrong one. */
const knownKeys = (deps: ControlDeps): readonly KeyEntry[] => [
  ...deps.keys.snapshot(),
  ...(deps.ingestKeys?.() ?? []),
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
    // Collectors reach this machine by whatever name their network has for it. No page can be behind a push: it would send
    // an Origin, and has no key.
    if (!isPushPath(c.req.path) || origin !== null) {
      unwrap(checkHost({ host, origin }, deps.config().server.allowedHosts));
    }
    if (isDataPath(c.req.path)) {
      const authorization = c.req.header('authorization') ?? null;
      const parameters = new URL(c.req.url).searchParams.keys();
      const ingest = isPushPath(c.req.path) ? (deps.ingestKeys?.() ?? []) : [];
      const keys = { admin: deps.adminKeys(), ingest, known: () => knownKeys(deps) };
      c.set('key', unwrap(authenticateAdmin(authorization, parameters, keys)));
    }
    await next();
  });

const tooLarge = (bytes: number) =>
  new TailraceError('TR_BODY_TOO_LARGE', `the body exceeds ${bytes} bytes`);

/**
 * Bodies have the type and the bounded size of their path (body-rule.ts). What is pushed has a
 * bound of its own, and its readers look at its type.
 */
export const bodyGate = (deps: ControlDeps) =>
  createMiddleware<ControlEnv>(async (c, next) => {
    if (c.req.method !== 'POST') return next();
    if (isPushPath(c.req.path)) {
      const { maxPushBytes } = deps.config().telemetry;
      const onError = (): Response => errorResponse(c, tooLarge(maxPushBytes));
      return bodyLimit({ maxSize: maxPushBytes, onError })(c, next);
    }
    const { type, send, maxBytes } = bodyRule(c.req.path);
    if (!type.test(c.req.header('content-type') ?? '')) {
      throw new TailraceError('TR_ENCODING_UNSUPPORTED', `send ${send}`, { field: 'content-type' });
    }
    // The limit of the library would gather a body of unknown length in memory.
    if (maxBytes === Infinity) return next();
    const onError = (): Response => errorResponse(c, tooLarge(maxBytes));
    return bodyLimit({ maxSize: maxBytes, onError })(c, next);
  });

import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Config } from '../../config/schema.ts';
import { TailraceError } from '../../records/errors.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { keyParams } from '../queries.ts';
import { API, failures, json, security } from '../route-parts.ts';
import {
  keyCreate,
  keyCreated,
  keyList,
  keyView,
  type KeyCreate,
  type KeyView,
} from '../schema.ts';

const viewSchema = keyView.meta({ id: 'Key' });

const listRoute = createRoute({
  method: 'get',
  path: `${API}/keys`,
  operationId: 'listKeys',
  summary: 'Keys of the configuration and of the store, revoked ones too',
  security,
  responses: {
    200: json(keyList.extend({ keys: viewSchema.array() }).meta({ id: 'KeyList' }), 'No secrets.'),
    ...failures,
  },
});

const createKeyRoute = createRoute({
  method: 'post',
  path: `${API}/keys`,
  operationId: 'createKey',
  summary: 'Make a key; the reply is the only time that it is shown',
  security,
  request: { body: { required: true, ...json(keyCreate.meta({ id: 'KeyCreate' }), 'The key.') } },
  responses: {
    201: json(keyCreated.meta({ id: 'KeyCreated' }), 'The key itself is in `key`.'),
    ...failures,
  },
});

const revokeRoute = createRoute({
  method: 'delete',
  path: `${API}/keys/{id}`,
  operationId: 'revokeKey',
  summary: 'Revoke a key of the store; it stops working at once',
  security,
  request: { params: keyParams },
  responses: { 200: json(viewSchema, 'The key as it is now.'), ...failures },
});

/** Id under which a key of the configuration file is shown. */
const configKeyId = (name: string): string => `config:${name}`;

const viewConfigKey = (key: Config['keys'][number]): KeyView => ({
  id: configKeyId(key.name),
  name: key.name,
  services: [...key.services],
  tenant: key.tenant ?? null,
  admin: key.admin,
  ingest: key.ingest,
  source: 'config',
  createdAtMs: null,
  revokedAtMs: null,
});

/** A key scoped to a misspelt service would fail far from here, so it is refused now. */
function checkScope(ask: KeyCreate, config: Config): void {
  for (const [at, service] of ask.services.entries()) {
    if (config.services.some((one) => one.name === service)) continue;
    const message = `no service is called \`${service.slice(0, 64)}\``;
    throw new TailraceError('TR_FIELD_INVALID', message, { field: `services.${at}` });
  }
  if (config.keys.some((one) => one.name === ask.name)) {
    const message = `the configuration file has a key called \`${ask.name}\`; use another name`;
    throw new TailraceError('TR_FIELD_INVALID', message, { field: 'name' });
  }
}

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  app.openapi(listRoute, (c) => {
    const keys = [...deps.config().keys.map(viewConfigKey), ...deps.keys.list()];
    return c.json({ keys }, 200);
  });

  app.openapi(createKeyRoute, (c) => {
    const ask = c.req.valid('json');
    checkScope(ask, deps.config());
    const created = deps.keys.create(ask);
    deps.onKeysChanged();
    const requestId = c.get('requestId');
    deps.log.info('key created', { requestId, id: created.id, admin: created.admin });
    return c.json(created, 201);
  });

  app.openapi(revokeRoute, (c) => {
    const { id } = c.req.valid('param');
    if (deps.config().keys.some((one) => configKeyId(one.name) === id)) {
      const message = 'this key comes from the configuration file; remove it there';
      throw new TailraceError('TR_FIELD_INVALID', message, { field: 'id' });
    }
    const revoked = deps.keys.revoke(id);
    if (revoked === null) {
      throw new TailraceError('TR_NOT_FOUND', 'no key has this id', { field: 'id' });
    }
    deps.onKeysChanged();
    deps.log.info('key revoked', { requestId: c.get('requestId'), id: revoked.id });
    return c.json(revoked, 200);
  });
}

/** `GET keys`, `POST keys`, `DELETE keys/{id}`. */
export const keysEndpoint: Endpoint = {
  routes: [listRoute, createKeyRoute, revokeRoute],
  register,
};

import { fail, ok, type Result } from '../../records/errors.ts';
import type { Exchange } from '../exchange.ts';
import type { KeyEntry } from '../key-table.ts';
import type { ServiceRuntime } from '../runtime.ts';
import type { Topology } from '../topology.ts';

/** Phase 3b: what is asked for, of which service, on whose account? */
export function identify(x: Exchange, key: KeyEntry, topology: Topology): Result<ServiceRuntime> {
  const body = parseBody(x.bodyText);
  if (!body.ok) return body;
  x.body = body.value;
  const facts = x.dialect.facts(x.body);
  if (!facts.ok) return facts;
  x.facts = facts.value;
  const service = findService(x, key, topology, facts.value.model);
  if (!service.ok) return service;
  const { config, route } = service.value;
  x.service = service.value;
  x.route = route;
  x.tenant = key.tenant ?? tag(x, 'x-tailrace-tenant');
  x.feature = tag(x, 'x-tailrace-feature') ?? config.feature ?? null;
  x.promptVersion = tag(x, 'x-tailrace-prompt-version');
  x.totalDeadlineMs = x.startMs + route.config.timeouts.totalMs;
  return service;
}

function parseBody(text: string): Result<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : 'not JSON';
    return fail('TR_BODY_INVALID', `the body is not valid JSON: ${reason}`, { field: 'body' });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fail('TR_BODY_INVALID', 'the body must be a JSON object', { field: 'body' });
  }
  return ok(value as Record<string, unknown>);
}

/** The service named by header, else the first one of this key that serves the model. */
function findService(
  x: Exchange,
  key: KeyEntry,
  topology: Topology,
  model: string,
): Result<ServiceRuntime> {
  if (key.admin) {
    return fail('TR_AUTH_SCOPE', 'an admin key cannot call models; create a service key', {
      field: 'authorization',
    });
  }
  const allowed = (service: ServiceRuntime): boolean =>
    key.services.length === 0 || key.services.includes(service.config.name);
  const name = x.req.headers['x-tailrace-service'];
  if (typeof name === 'string') {
    const service = topology.byName.get(name);
    if (service !== undefined && allowed(service)) return ok(service);
    return fail('TR_AUTH_SCOPE', `this key may not use a service named "${name.slice(0, 64)}"`, {
      field: 'x-tailrace-service',
    });
  }
  const serving = topology.byModel.get(model) ?? [];
  const service = serving.find(allowed);
  if (service !== undefined) return ok(service);
  const known = topology.services.filter(allowed).flatMap((one) => one.config.models);
  return fail(
    'TR_MODEL_UNKNOWN',
    `no service of this key serves the model "${model.slice(0, 128)}"; it may ask for: ` +
      known.slice(0, 20).join(', '),
    { field: 'model' },
  );
}

const tagForm = /^[\w .:/@-]{1,128}$/;

/** A tag header that does not fit the form is dropped: it must not break the request it describes. */
function tag(x: Exchange, header: string): string | null {
  const value = x.req.headers[header];
  return typeof value === 'string' && tagForm.test(value) ? value : null;
}

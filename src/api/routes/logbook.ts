import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { declaredEntry, logbookEntry } from '../../records/logbook-entry.ts';
import { TailraceError } from '../../records/errors.ts';
import { incident } from '../../govern/incidents/list-incidents.ts';
import type { Logbook } from '../../govern/logbook/logbook.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { postAlert } from '../post-alert.ts';
import { API, failures, json, security } from '../route-parts.ts';
import { governanceOf } from './score.ts';

const MAX_SHOWN = 1_000;
const name = z.string().min(1).max(63);

const entries = z.object({ entries: z.array(logbookEntry) }).meta({ id: 'LogbookEntries' });
const entry = logbookEntry.meta({ id: 'LogbookEntry' });

const listRoute = createRoute({
  method: 'get',
  path: `${API}/logbook`,
  operationId: 'listLogbook',
  summary: 'What happened once and evidence is drawn from, newest first',
  security,
  request: {
    query: z.strictObject({
      kind: z.string().max(20).optional().describe('Only of one kind, e.g. drill.'),
      service: z.string().max(63).optional(),
      limit: z.coerce.number().int().min(1).max(MAX_SHOWN).default(100),
    }),
  },
  responses: { 200: json(entries, 'Entries.'), ...failures },
});

const addRoute = createRoute({
  method: 'post',
  path: `${API}/logbook`,
  operationId: 'addToLogbook',
  summary: 'Declare a drill, an invoice or the review of an outage',
  security,
  request: {
    body: {
      required: true,
      ...json(declaredEntry.meta({ id: 'LogbookDeclaration' }), 'What, and who says so.'),
    },
  },
  responses: { 201: json(entry, 'As it is kept.'), ...failures },
});

const releaseRoute = createRoute({
  method: 'post',
  path: `${API}/releases`,
  operationId: 'askRelease',
  summary: 'Ask the release gate: error budget, and p99 of a canary; the verdict is kept',
  security,
  request: {
    body: {
      required: true,
      ...json(
        z
          .strictObject({
            service: name,
            candidate: name.nullable().default(null).describe('Engine under trial, or none.'),
          })
          .meta({ id: 'ReleaseAsk' }),
        'What is to be released.',
      ),
    },
  },
  responses: { 200: json(entry, 'The verdict.'), ...failures },
});

const incidentsRoute = createRoute({
  method: 'get',
  path: `${API}/incidents`,
  operationId: 'listIncidents',
  summary: 'Outages of the last 30 days that the ledger shows, and their reviews',
  security,
  responses: {
    200: json(
      z.object({ incidents: z.array(incident) }).meta({ id: 'Incidents' }),
      'Newest first.',
    ),
    ...failures,
  },
});

const callRoute = createRoute({
  method: 'post',
  path: `${API}/alerts/test`,
  operationId: 'testAlert',
  summary: 'Send a test message to whoever is on call for a service',
  security,
  request: {
    body: {
      required: true,
      ...json(z.strictObject({ service: name }).meta({ id: 'AlertTest' }), 'For which service.'),
    },
  },
  responses: { 200: json(entry, 'Whether it was taken.'), ...failures },
});

function logbookOf({ logbook }: ControlDeps): Logbook {
  if (logbook !== undefined) return logbook;
  throw new TailraceError('TR_STATE_MISSING', 'this instance keeps no logbook');
}

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  const checkService = (service: string): void => {
    if (deps.config().services.some((one) => one.name === service)) return;
    const message = `service: no service is called "${service}"`;
    throw new TailraceError('TR_FIELD_INVALID', message, { field: 'service' });
  };

  app.openapi(listRoute, async (c) => {
    const { kind, service, limit } = c.req.valid('query');
    const all = await logbookOf(deps).entries();
    const found = all.filter(
      (one) =>
        (kind === undefined || one.kind === kind) &&
        (service === undefined || ('service' in one && one.service === service)),
    );
    return c.json({ entries: found.slice(-limit).toReversed() }, 200);
  });

  app.openapi(addRoute, async (c) => {
    const declared = c.req.valid('json');
    const nowMs = deps.clock.wallMs();
    checkService(declared.service);
    if ('toMs' in declared && declared.toMs <= declared.fromMs) {
      throw new TailraceError('TR_FIELD_INVALID', 'toMs: must be after fromMs', { field: 'toMs' });
    }
    if (declared.kind === 'drill' && declared.fromMs < nowMs - LATE_MS) {
      const message = 'fromMs: a drill is declared before it begins, not when it went well';
      throw new TailraceError('TR_FIELD_INVALID', message, { field: 'fromMs' });
    }
    const kept = { v: 1 as const, atMs: nowMs, ...declared };
    await logbookOf(deps).add(kept);
    return c.json(kept, 201);
  });

  app.openapi(releaseRoute, async (c) => {
    const by = c.get('key').name;
    return c.json(await governanceOf(deps).release({ ...c.req.valid('json'), by }), 200);
  });

  app.openapi(incidentsRoute, async (c) =>
    c.json({ incidents: await governanceOf(deps).incidents() }, 200),
  );

  app.openapi(callRoute, async (c) => {
    const { service: named } = c.req.valid('json');
    checkService(named);
    const webhook = deps.config().services.find((one) => one.name === named)?.onCall?.webhook;
    if (webhook === undefined) {
      const message = `service: nobody is on call for ${named}; set onCall in services[${named}]`;
      throw new TailraceError('TR_FIELD_INVALID', message, { field: 'service' });
    }
    const alert = {
      service: named,
      objective: 'test' as const,
      burnRate: 0,
      message: `Test: this is how an alert of ${named} arrives.`,
      simulated: false,
    };
    const delivered = await postAlert(webhook, alert);
    const kept = {
      v: 1 as const,
      kind: 'alert' as const,
      atMs: deps.clock.wallMs(),
      ...alert,
      delivered,
    };
    await logbookOf(deps).add(kept);
    return c.json(kept, 200);
  });
}

/** Between deciding on a drill and typing it in. */
const LATE_MS = 60_000;

/** `GET`, `POST logbook`; `POST releases`; `GET incidents`; `POST alerts/test`. */
export const logbookEndpoint: Endpoint = {
  routes: [listRoute, addRoute, releaseRoute, incidentsRoute, callRoute],
  register,
};

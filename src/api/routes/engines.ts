import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { EngineConfig } from '../../config/schema.ts';
import type { EngineUse, Window } from '../../measure/ledger/ledger.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { windowQuery } from '../queries.ts';
import { API, failures, json, security } from '../route-parts.ts';
import { unwrap } from '../unwrap.ts';
import { engineList, engineUseView } from '../views.ts';
import { resolveWindow } from '../window.ts';

const listRoute = createRoute({
  method: 'get',
  path: `${API}/engines`,
  operationId: 'listEngines',
  summary: 'Use of each engine over a window',
  security,
  request: { query: windowQuery },
  responses: {
    200: json(
      engineList
        .extend({ engines: engineUseView.meta({ id: 'EngineUse' }).array() })
        .meta({ id: 'EngineList' }),
      'Default window: 1h. An engine that was never sampled has sampledMs 0 and nulls.',
    ),
    ...failures,
  },
});

const neverSampled = (engine: EngineConfig, window: Window): EngineUse => ({
  engine: engine.name,
  window,
  sampledMs: 0,
  upMs: 0,
  acceleratorSeconds: null,
  busyShare: null,
  runningMean: null,
  waitingMean: null,
  batchLimit: null,
  kvUsageShare: null,
  preemptions: null,
  energyWh: null,
  simulated: engine.simulated !== undefined,
});

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  app.openapi(listRoute, async (c) => {
    const window = unwrap(resolveWindow(c.req.valid('query'), deps.clock.wallMs(), '1h'));
    const sampled = await deps.ledger.engineUse(window);
    const seen = new Set(sampled.map((one) => one.engine));
    const silent = deps.config().engines.filter((one) => !seen.has(one.name));
    const engines = [...sampled, ...silent.map((one) => neverSampled(one, window))];
    return c.json({ ...window, engines }, 200);
  });
}

/** `GET engines`: those sampled in the window and those configured. */
export const enginesEndpoint: Endpoint = { routes: [listRoute], register };

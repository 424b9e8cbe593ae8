import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { answers } from '../../measure/answers/answers.ts';
import { explainAnswers } from '../../measure/bottleneck/explain-answers.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { answersQuery } from '../queries.ts';
import { API, failures, json, security } from '../route-parts.ts';
import { unwrap } from '../unwrap.ts';
import { whyOf } from '../why-of.ts';
import { resolveWindow } from '../window.ts';

const route = createRoute({
  method: 'get',
  path: `${API}/answers`,
  operationId: 'getAnswers',
  summary: 'Latency against target, cost and utilization of each service',
  security,
  request: { query: answersQuery },
  responses: {
    200: json(answers.meta({ id: 'Answers' }), 'The three answers; default window: 1h.'),
    ...failures,
  },
});

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  app.openapi(route, async (c) => {
    const { service, by, ...ask } = c.req.valid('query');
    const window = unwrap(resolveWindow(ask, deps.clock.wallMs(), '1h'));
    const config = deps.config();
    const answered = await deps.computeAnswers({
      ledger: deps.ledger,
      config,
      window,
      clock: deps.clock,
      ...(service === undefined ? {} : { service }),
      ...(by === undefined ? {} : { by }),
    });
    // Jobs serve nobody: their step logs need not be read here.
    const report = await whyOf(deps, { window, config: { ...config, jobs: [] } });
    return c.json(explainAnswers(answered, report), 200);
  });
}

/** `GET answers`: TR_NOT_FOUND (from the answers) when the configuration has no such service. */
export const answersEndpoint: Endpoint = { routes: [route], register };

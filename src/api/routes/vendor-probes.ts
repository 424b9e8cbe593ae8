import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import type { ProbeJobs } from '../../govern/vendors/probe/probe-jobs.ts';
import { planProbe } from '../../govern/vendors/probe/probe-plan.ts';
import { probeSettings, type ProbeSettings } from '../../govern/vendors/probe/probe-settings.ts';
import { TailraceError } from '../../records/errors.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { API, failures, json, security } from '../route-parts.ts';
import { unwrap } from '../unwrap.ts';
import { vendorParams } from '../vendor-views.ts';

const usd = z.number().nonnegative();

const probeAsk = z
  .strictObject({
    endpoint: z
      .string()
      .max(500)
      .describe('Base of the OpenAI dialect, as https://api.example/v1.'),
    model: z.string().max(200),
    key: z.string().max(1_000).optional().describe('Sent to the endpoint; never kept.'),
    requests: z.int().optional(),
    perSecond: z.number().optional(),
    maxTokens: z.int().optional(),
    usdPerMillionInput: usd.optional(),
    usdPerMillionOutput: usd.optional(),
    maxUsd: usd.optional(),
    confirm: z
      .boolean()
      .default(false)
      .describe('False: nothing is sent, and the reply says what would be.'),
  })
  .meta({ id: 'VendorProbeAsk' });

const probePlan = z
  .object({
    requests: z.int(),
    inputTokens: z.int(),
    outputTokens: z.int(),
    maxUsd: z.number().nullable(),
    seconds: z.number(),
  })
  .meta({ id: 'VendorProbePlan' });

const probeJob = z
  .object({
    vendor: z.string(),
    state: z.enum(['running', 'done', 'failed', 'cancelled']),
    startedAtMs: z.number(),
    done: z.int(),
    total: z.int(),
    error: z.string().nullable(),
  })
  .meta({ id: 'VendorProbeJob' });

const probeState = z
  .object({ plan: probePlan.nullable(), job: probeJob.nullable() })
  .meta({ id: 'VendorProbeState' });

const startRoute = createRoute({
  method: 'post',
  path: `${API}/vendors/{id}/probe`,
  operationId: 'probeVendor',
  summary: 'Say what a probe of an endpoint would send, or with `confirm` send it',
  security,
  request: {
    params: vendorParams,
    body: { required: true, ...json(probeAsk, 'The endpoint, and bounds.') },
  },
  responses: {
    202: json(probeState, 'What is sent at most; `job` once it runs.'),
    ...failures,
  },
});

const stateRoute = createRoute({
  method: 'get',
  path: `${API}/vendors/{id}/probe`,
  operationId: 'getVendorProbe',
  summary: 'How far the last probe of a vendor is; its report is in the vendor once it is done',
  security,
  request: { params: vendorParams },
  responses: { 200: json(probeState, '`job` is null when none was started here.'), ...failures },
});

const cancelRoute = createRoute({
  method: 'delete',
  path: `${API}/vendors/{id}/probe`,
  operationId: 'cancelVendorProbe',
  summary: 'Stop a probe under way; nothing of it is kept',
  security,
  request: { params: vendorParams },
  responses: { 200: json(probeState, 'As it is now.'), ...failures },
});

function settingsOf(ask: z.infer<typeof probeAsk>): ProbeSettings {
  const { confirm: _, usdPerMillionInput, usdPerMillionOutput, ...rest } = ask;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const prices =
    usdPerMillionInput === undefined || usdPerMillionOutput === undefined
      ? null
      : { usdPerMillionInput, usdPerMillionOutput };
  return unwrap(probeSettings({ ...given, endpoint: ask.endpoint, model: ask.model, prices }));
}

function jobsOf({ vendorProbes }: ControlDeps): ProbeJobs {
  if (vendorProbes !== undefined) return vendorProbes;
  const message = 'no instance runs to probe from; use `tailrace vendor probe`';
  throw new TailraceError('TR_STATE_MISSING', message);
}

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  app.openapi(startRoute, async (c) => {
    const ask = c.req.valid('json');
    const settings = settingsOf(ask);
    const { steps, inputTokens, outputTokens, maxUsd, seconds } = planProbe(settings);
    const plan = { requests: steps.length, inputTokens, outputTokens, maxUsd, seconds };
    if (!ask.confirm) return c.json({ plan, job: null }, 202);
    const { id } = c.req.valid('param');
    const job = await jobsOf(deps).start(id, settings);
    deps.log.info('vendor probe started', { requestId: c.get('requestId'), vendor: id });
    return c.json({ plan, job }, 202);
  });

  app.openapi(stateRoute, (c) =>
    c.json({ plan: null, job: jobsOf(deps).get(c.req.valid('param').id) }, 200),
  );

  app.openapi(cancelRoute, (c) =>
    c.json({ plan: null, job: jobsOf(deps).cancel(c.req.valid('param').id) }, 200),
  );
}

/** `POST`, `GET` and `DELETE vendors/{id}/probe`. */
export const vendorProbesEndpoint: Endpoint = {
  routes: [startRoute, stateRoute, cancelRoute],
  register,
};

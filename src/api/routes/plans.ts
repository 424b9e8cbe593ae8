import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import type { PlanJobs } from '../../plan/jobs/plan-jobs.ts';
import { TailraceError } from '../../records/errors.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { planCreate, planJob, planJobList, planJobResult } from '../plan-views.ts';
import { API, failures, json, security } from '../route-parts.ts';

const jobSchema = planJob.meta({ id: 'PlanJob' });
const params = z.object({ id: z.string().min(1).max(64) });

const listRoute = createRoute({
  method: 'get',
  path: `${API}/plans`,
  operationId: 'listPlans',
  summary: 'Plans under way and the latest that ended',
  security,
  responses: {
    200: json(
      planJobList.extend({ plans: jobSchema.array() }).meta({ id: 'PlanJobList' }),
      'Newest first.',
    ),
    ...failures,
  },
});

const startRoute = createRoute({
  method: 'post',
  path: `${API}/plans`,
  operationId: 'startPlan',
  summary:
    'Start a plan: a prediction, a search, the cost of doubling, a site check, or a training run',
  security,
  request: {
    body: { required: true, ...json(planCreate.meta({ id: 'PlanCreate' }), 'The plan.') },
  },
  responses: { 202: json(jobSchema, 'Under way; ask for it by its id.'), ...failures },
});

const getRoute = createRoute({
  method: 'get',
  path: `${API}/plans/{id}`,
  operationId: 'getPlan',
  summary: 'One plan: its progress, and its result once it is done',
  security,
  request: { params },
  responses: {
    200: json(
      planJobResult.extend({ job: jobSchema }).meta({ id: 'PlanJobResult' }),
      'The result has the form of the command of that kind with --json.',
    ),
    ...failures,
  },
});

const cancelRoute = createRoute({
  method: 'delete',
  path: `${API}/plans/{id}`,
  operationId: 'cancelPlan',
  summary: 'Cancel a plan under way; one that ended is left as it is',
  security,
  request: { params },
  responses: { 200: json(jobSchema, 'The job as it is now.'), ...failures },
});

function plansOf({ plans }: ControlDeps): PlanJobs {
  if (plans !== undefined) return plans;
  const message = 'no instance runs to compute plans; use `tailrace plan`';
  throw new TailraceError('TR_STATE_MISSING', message);
}

const noSuch = (): TailraceError =>
  new TailraceError('TR_NOT_FOUND', 'no plan has this id; the oldest results are forgotten', {
    field: 'id',
  });

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  app.openapi(listRoute, (c) => c.json({ plans: plansOf(deps).list() }, 200));

  app.openapi(startRoute, (c) => {
    const job = plansOf(deps).start(c.req.valid('json'));
    deps.log.info('plan started', { requestId: c.get('requestId'), id: job.id, kind: job.kind });
    return c.json(job, 202);
  });

  app.openapi(getRoute, (c) => {
    const found = plansOf(deps).get(c.req.valid('param').id);
    if (found === null) throw noSuch();
    return c.json(found, 200);
  });

  app.openapi(cancelRoute, (c) => {
    const job = plansOf(deps).cancel(c.req.valid('param').id);
    if (job === null) throw noSuch();
    return c.json(job, 200);
  });
}

/** `GET plans`, `POST plans`, `GET plans/{id}`, `DELETE plans/{id}`. */
export const plansEndpoint: Endpoint = {
  routes: [listRoute, startRoute, getRoute, cancelRoute],
  register,
};

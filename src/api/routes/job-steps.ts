import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { readJobSteps } from '../../measure/bottleneck/training/read-job-steps.ts';
import { TailraceError } from '../../records/errors.ts';
import { rankSteps } from '../../records/step-log/rank-steps.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { API, failures, json, security } from '../route-parts.ts';

/** Cells of one reply: ranks times steps. */
const MAX_CELLS = 200_000;
const MAX_STEPS = 1_000;

const cells = z.number().nullable().array().array();

const answer = z.strictObject({
  jobs: z.string().array().describe('Jobs of the configuration.'),
  job: z.string().nullable(),
  ranks: z.number().array(),
  steps: z.number().array(),
  workMs: cells.describe("By rank, then step: a rank's own phases, without `comm`."),
  commMs: cells.describe('The same of `comm`, which holds the wait for the slowest.'),
  medianWorkMs: z.number().nullable().array().describe('By step, over the ranks.'),
  slowest: z
    .strictObject({ rank: z.number(), excessShare: z.number() })
    .array()
    .describe('Mean of own work over the median of the step, less 1; largest first.'),
  notes: z.string().array().describe('What could not be read, or was left out.'),
});

const route = createRoute({
  method: 'get',
  path: `${API}/job-steps`,
  operationId: 'getJobSteps',
  summary: 'Work of every rank in the last steps of a training job: who straggles',
  security,
  request: {
    query: z.strictObject({
      job: z.string().max(256).optional().describe('Default: the first of the configuration.'),
      steps: z.coerce.number().int().min(1).max(MAX_STEPS).default(200),
    }),
  },
  responses: { 200: json(answer.meta({ id: 'JobSteps' }), 'Without jobs: empty.'), ...failures },
});

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  app.openapi(route, async (c) => {
    const query = c.req.valid('query');
    const { jobs } = deps.config();
    const job = query.job === undefined ? jobs[0] : jobs.find((one) => one.name === query.job);
    const names = jobs.map((one) => one.name);
    if (query.job !== undefined && job === undefined) {
      const message = `no job is called \`${query.job}\`; known: ${names.join(', ') || 'none'}`;
      throw new TailraceError('TR_NOT_FOUND', message, { field: 'job' });
    }
    const { records, notes } =
      job === undefined ? { records: [], notes: [] } : await readJobSteps(job);
    const ranks = new Set(records.map((one) => one.rank)).size;
    const most = Math.min(query.steps, Math.max(1, Math.floor(MAX_CELLS / Math.max(1, ranks))));
    return c.json({ jobs: names, job: job?.name ?? null, ...rankSteps(records, most), notes }, 200);
  });
}

/** `GET job-steps`. */
export const jobStepsEndpoint: Endpoint = { routes: [route], register };

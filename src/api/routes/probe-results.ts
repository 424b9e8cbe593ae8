import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { compareRuns } from '../../measure/probes/evidence/compare-runs.ts';
import { probeResult, type ProbeResult } from '../../measure/probes/evidence/probe-result.ts';
import { quantile } from '../../measure/probes/evidence/quantile.ts';
import { lastAlike } from '../../measure/probes/evidence/result-store.ts';
import { TailraceError } from '../../records/errors.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { API, failures, json, security } from '../route-parts.ts';

const MAX_RUNS = 200;

const metricView = z.strictObject({
  metric: z.string(),
  unit: z.string(),
  better: z.enum(['higher', 'lower']),
  count: z.number(),
  p50: z.number().nullable(),
  p99: z.number().nullable(),
});

const comparisonView = z.strictObject({
  metric: z.string(),
  unit: z.string(),
  beforeMedian: z.number(),
  nowMedian: z.number(),
  changeShare: z.number().describe('Change of the median: 0.1 is 10 % larger.'),
  confidence: z.number().nullable(),
  verdict: z.enum(['regression', 'improvement', 'same', 'unknown']),
});

const runView = probeResult
  .pick({ kind: true, atMs: true, machine: true, settings: true, report: true })
  .extend({
    metrics: metricView.array(),
    previousAtMs: z
      .number()
      .nullable()
      .describe('The last run with the same machine and settings; null: there is none.'),
    comparisons: comparisonView.array(),
  });

const answer = z.strictObject({
  runs: runView.meta({ id: 'ProbeRun' }).array(),
  total: z.number(),
  skipped: z.number().describe('Lines of the file that cannot be read.'),
});

const route = createRoute({
  method: 'get',
  path: `${API}/probe-results`,
  operationId: 'listProbeResults',
  summary: 'What `tailrace probe` measured, newest first',
  security,
  request: {
    query: z.strictObject({
      kind: probeResult.shape.kind.optional(),
      limit: z.coerce.number().int().min(1).max(MAX_RUNS).default(50),
    }),
  },
  responses: {
    200: json(answer.meta({ id: 'ProbeResults' }), 'See docs/probes.md.'),
    ...failures,
  },
});

function viewRun(result: ProbeResult, all: readonly ProbeResult[]): z.infer<typeof runView> {
  const { kind, atMs, machine, settings, report } = result;
  const previous = lastAlike(all, result);
  const metrics = Object.entries(result.metrics).map(([metric, { unit, better, values }]) => {
    const p99 = quantile(values, 0.99);
    return { metric, unit, better, count: values.length, p50: quantile(values, 0.5), p99 };
  });
  return {
    kind,
    atMs,
    machine,
    settings,
    report,
    metrics,
    previousAtMs: previous?.atMs ?? null,
    comparisons: previous === null ? [] : compareRuns(previous, result),
  };
}

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  app.openapi(route, async (c) => {
    if (deps.probeResults === undefined) {
      throw new TailraceError('TR_CONTROL_DOWN', 'results of probes are read by an instance only');
    }
    const { kind, limit } = c.req.valid('query');
    const { results, skipped } = await deps.probeResults();
    const wanted = results.filter((one) => kind === undefined || one.kind === kind);
    const newest = wanted.toSorted((a, b) => b.atMs - a.atMs).slice(0, limit);
    const runs = newest.map((one) => viewRun(one, results));
    return c.json({ runs, total: wanted.length, skipped }, 200);
  });
}

/** `GET probe-results`. */
export const probeResultsEndpoint: Endpoint = { routes: [route], register };

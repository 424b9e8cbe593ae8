import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Cell, Window } from '../../measure/ledger/ledger.ts';
import { createSketch } from '../../measure/sketch/create-sketch.ts';
import type { Sketch } from '../../measure/sketch/sketch.ts';
import type { Outcome } from '../../records/request-record.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { heatOf, type LatencyMetric } from '../heat.ts';
import { seriesQuery } from '../queries.ts';
import { API, failures, json, security } from '../route-parts.ts';
import { series, seriesStep, type Series } from '../schema.ts';
import { unwrap } from '../unwrap.ts';
import { resolveStep, resolveWindow } from '../window.ts';

const seriesRoute = createRoute({
  method: 'get',
  path: `${API}/series`,
  operationId: 'getSeries',
  summary: 'Latency percentiles, heatmap, volume and cost over time',
  description:
    '`heat` has 48 buckets per step, the same in every step of a metric: the first also holds all ' +
    'below its bound, the last all above. Percentiles are within 0.54 % of a value of the data.',
  security,
  request: { query: seriesQuery },
  responses: {
    200: json(
      series
        .extend({ steps: seriesStep.meta({ id: 'SeriesStep' }).array() })
        .meta({ id: 'Series' }),
      'Steps oldest first; default window: 1h.',
    ),
    ...failures,
  },
});

type Step = Series['steps'][number];

/** Outcomes that are no fault of ours: refused before an engine was asked, or ended by the client. */
const NOT_FAILED: ReadonlySet<Outcome> = new Set(['success', 'rejected', 'client_abort']);

function failedIn(cell: Cell): number {
  const outcomes = Object.entries(cell.outcomes) as Array<[Outcome, number]>;
  return outcomes.reduce((sum, [outcome, n]) => (NOT_FAILED.has(outcome) ? sum : sum + n), 0);
}

function percentilesOf(sketch: Sketch): Step['e2e'] {
  const { count } = sketch;
  if (count === 0) return { count, p50Ms: null, p95Ms: null, p99Ms: null };
  return {
    count,
    p50Ms: sketch.quantile(0.5),
    p95Ms: sketch.quantile(0.95),
    p99Ms: sketch.quantile(0.99),
  };
}

/** Sketches merge into fresh ones: those of a cell may be the ledger's own. */
function merged(cells: readonly Cell[], metric: LatencyMetric): Sketch {
  const all = createSketch();
  for (const cell of cells) all.merge(cell[metric]);
  return all;
}

/** One step of the series from the cells of its groups. */
export function stepOf(window: Window, cells: readonly Cell[], metric: LatencyMetric): Step {
  const total = (read: (cell: Cell) => number): number =>
    cells.reduce((sum, cell) => sum + read(cell), 0);
  const sketches = {
    ttft: merged(cells, 'ttft'),
    tpot: merged(cells, 'tpot'),
    e2e: merged(cells, 'e2e'),
  };
  const requests = total((cell) => cell.requests);
  const usageUnknownRequests = total((cell) => cell.usageUsd.unknownCount);
  return {
    ...window,
    requests,
    failed: total(failedIn),
    ttft: percentilesOf(sketches.ttft),
    tpot: percentilesOf(sketches.tpot),
    e2e: percentilesOf(sketches.e2e),
    heat: heatOf(sketches[metric], metric),
    usageUsd: usageUnknownRequests < requests ? total((cell) => cell.usageUsd.sum) : null,
    usageUnknownRequests,
  };
}

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  app.openapi(seriesRoute, async (c) => {
    const { service, metric, stepMs: askedStepMs, ...ask } = c.req.valid('query');
    const window = unwrap(resolveWindow(ask, deps.clock.wallMs(), '1h'));
    const stepMs = unwrap(resolveStep(window, askedStepMs));
    const steps = await deps.ledger.series({
      window,
      by: 'feature',
      stepMs,
      ...(service === undefined ? {} : { service }),
    });
    const value: Series = {
      service: service ?? null,
      metric,
      stepMs,
      steps: steps.map((step) => stepOf(step.window, step.cells, metric)),
    };
    return c.json(value, 200);
  });
}

/** `GET series`. Groups by feature: the rollup with the fewest cells. */
export const seriesEndpoint: Endpoint = { routes: [seriesRoute], register };

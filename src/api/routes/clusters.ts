import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { CARD_STATES } from '../../measure/bottleneck/cluster/cluster-look.ts';
import { occupancySteps } from '../../measure/bottleneck/cluster/occupancy-steps.ts';
import type { ClusterState } from '../../plan/cluster-replay/live/cluster-state.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { windowFields } from '../queries.ts';
import { API, failures, json, security } from '../route-parts.ts';
import { unwrap } from '../unwrap.ts';
import { resolveWindow } from '../window.ts';

const DEFAULT_STEPS = 120;
const MAX_STEPS = 1_000;
/** Parts of the newest look that a reply carries, most cards first. */
const MAX_PARTS = 500;

const cards = z.number().describe('Whole cards; slices and shared cards as their part of one.');
const confidence = z.enum(['high', 'medium', 'low']);
const state = z.enum(CARD_STATES);

const finding = z.strictObject({
  rule: z.enum(['idle-notebook', 'unused-slices', 'oversized-request', 'blocking-quota']),
  subject: z.string(),
  gpus: z.number().nullable(),
  usdPerHour: z.number().nullable(),
  evidence: z.string(),
  fix: z.string(),
  confidence: z.enum(['high', 'low']),
});
const check = z.strictObject({
  source: z.string(),
  takenAtMs: z.number(),
  nodes: z.number(),
  gpus: cards,
  allocatedGpus: cards,
  waiting: z.number(),
  findings: finding.array(),
  unknown: z.array(z.string()),
});
const part = z.strictObject({
  subject: z.string(),
  node: z.string(),
  state,
  cards,
  why: z.string(),
  confidence,
});
const waiter = z.strictObject({
  subject: z.string(),
  queue: z.string().nullable(),
  cards,
  sinceMs: z.number().nullable(),
  why: z.string().nullable(),
});
const step = z.strictObject({
  fromMs: z.number(),
  toMs: z.number(),
  knownMs: z.number().describe('Time of the step in which the state is known; the rest is not.'),
  cards: z.partialRecord(state, z.number()),
});
const cluster = z.strictObject({
  name: z.string(),
  kind: z.enum(['kubernetes', 'slurm']),
  intervalMs: z.number(),
  usdPerCardHour: z.number().nullable(),
  up: z.boolean().describe('Whether the last look succeeded.'),
  lastReadMs: z.number().nullable().describe('Age of everything below: when it was read.'),
  lastError: z.strictObject({ code: z.string(), message: z.string(), atMs: z.number() }).nullable(),
  check: check.nullable().describe('Null until it was read once.'),
  parts: part.array().describe('Who holds which cards and does what, and why the others are free.'),
  waiters: waiter.array(),
  steps: step.array(),
});

/** Reply of `GET clusters`. */
export const clustersReply = z.strictObject({
  window: z.strictObject({ fromMs: z.number(), toMs: z.number() }),
  clusters: cluster.meta({ id: 'LiveCluster' }).array(),
});

const route = createRoute({
  method: 'get',
  path: `${API}/clusters`,
  operationId: 'listClusters',
  summary: 'Live clusters: who holds the cards, who waits, what is wasted, and occupancy over time',
  security,
  request: {
    query: z.strictObject({
      ...windowFields,
      steps: z.coerce.number().int().min(1).max(MAX_STEPS).default(DEFAULT_STEPS),
    }),
  },
  responses: {
    200: json(clustersReply.meta({ id: 'LiveClusters' }), 'Default window: 1h.'),
    ...failures,
  },
});

function view(
  { look, ...rest }: ClusterState,
  steps: z.infer<typeof step>[],
): z.infer<typeof cluster> {
  const parts = [...(look?.parts ?? [])].sort((a, b) => b.cards - a.cards).slice(0, MAX_PARTS);
  return { ...rest, parts, steps };
}

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  app.openapi(route, (c) => {
    const { steps, ...ask } = c.req.valid('query');
    const window = unwrap(resolveWindow(ask, deps.clock.wallMs(), '1h'));
    const clusters = (deps.clusters?.() ?? []).map((one) => {
      const spells = deps.telemetry?.clusterSpells({ ...window, cluster: one.name }) ?? [];
      return view(one, occupancySteps(spells, window, steps));
    });
    return c.json({ window, clusters }, 200);
  });
}

/** `GET clusters`: empty where none is configured, or no instance runs to look at them. */
export const clustersEndpoint: Endpoint = { routes: [route], register };

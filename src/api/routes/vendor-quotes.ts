import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { isoDate } from '../../plan/facility/calendar.ts';
import { checkAsk } from '../../plan/jobs/plan-ask.ts';
import { compareQuotes } from '../../plan/quotes/compare-quotes.ts';
import type { OfferResult, VendorOffer } from '../../plan/quotes/quote-comparison.ts';
import { createSimulationPool } from '../../plan/search/simulation-pool.ts';
import { workloadOf } from '../../plan/search/workload-of.ts';
import { TailraceError } from '../../records/errors.ts';
import { datedQuote, vendorQuote } from '../../records/vendor-quote.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { API, failures, json, security } from '../route-parts.ts';
import { unwrap } from '../unwrap.ts';
import { vendorFileOf, vendorsOf } from '../vendor-desk.ts';
import { vendorId } from '../../govern/vendors/vendor-records.ts';
import { vendorParams } from '../vendor-views.ts';

const addRoute = createRoute({
  method: 'post',
  path: `${API}/vendors/{id}/quotes`,
  operationId: 'addVendorQuote',
  summary: 'Keep a quote: price, accelerators, power and lead time',
  security,
  request: {
    params: vendorParams,
    body: { required: true, ...json(vendorQuote.meta({ id: 'VendorQuote' }), 'The quote.') },
  },
  responses: { 200: json(datedQuote, 'With its time.'), ...failures },
});

const day = z.iso.date();

const compareAsk = z
  .strictObject({
    plan: z
      .record(z.string(), z.unknown())
      .describe('As plan.yaml: workload, slo, limits, facility, money.'),
    vendors: z
      .array(vendorId)
      .max(12)
      .optional()
      .describe('Whose latest quotes; default: of all that gave one.'),
    neededBy: day.optional().describe('Default: today.'),
  })
  .meta({ id: 'VendorQuotesAsk' });

const range = z.object({ earliest: z.string(), latest: z.string() });
const unknownable = z.number().nullable();

const offer = z.object({
  vendor: z.string(),
  name: z.string(),
  accelerator: z.string(),
  accelerators: z.int(),
  problem: z.string().nullable(),
  /** Accelerators that are needed of those quoted; null when all of them do not carry the traffic. */
  neededAccelerators: z.int().nullable(),
  usdPerHour: z.number(),
  priceSource: z.string(),
  usdPerMillionTokens: unknownable,
  neededUsdPerMillionTokens: unknownable,
  power: z.object({
    fits: z.boolean().nullable(),
    needsKw: unknownable,
    source: z.string(),
    limit: z.string().nullable(),
    limitKw: unknownable,
    loadKw: unknownable,
    overKw: z.number(),
    order: z
      .object({
        what: z.string(),
        lowWeeks: z.number(),
        highWeeks: z.number(),
        source: z.string(),
      })
      .nullable(),
  }),
  delivered: range,
  powered: range.nullable(),
  ready: range.nullable(),
  laterWeeks: unknownable,
  idleUsd: unknownable,
  bridgeUsd: unknownable,
  firstYearUsd: unknownable,
  isExpired: z.boolean(),
});

const comparison = z
  .object({
    today: z.string(),
    neededBy: z.string(),
    ratePerS: z.number(),
    tokensPerRequest: z.number(),
    bridge: z.object({ usdPerHour: z.number(), source: z.string() }).nullable(),
    offers: z.array(offer),
    best: z.int().nullable(),
    findings: z.array(z.string()),
  })
  .meta({ id: 'VendorQuoteComparison' });

const compareRoute = createRoute({
  method: 'post',
  path: `${API}/vendors/quotes`,
  operationId: 'compareVendorQuotes',
  summary: 'Compare quotes at the same traffic and targets: cost, power fit, dates',
  security,
  request: { body: { required: true, ...json(compareAsk, 'The plan, and whose quotes.') } },
  responses: { 200: json(comparison, 'In the order asked.'), ...failures },
});

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  let running = false;
  app.openapi(compareRoute, async (c) => {
    const ask = c.req.valid('json');
    const offers = await offersOf(deps, ask.vendors ?? null);
    if (running) throw new TailraceError('TR_BUSY', 'quotes are being compared already; wait');
    running = true;
    try {
      const plan = unwrap(checkAsk({ kind: 'search', plan: ask.plan }));
      const result = await compareQuotes({
        plan,
        workload: unwrap(workloadOf(plan, null)),
        offers,
        today: isoDate(deps.clock.wallMs()),
        ...(ask.neededBy === undefined ? {} : { neededBy: ask.neededBy }),
        signal: c.req.raw.signal,
        evaluate: (own) => {
          const pool = createSimulationPool(
            { plan: own, rows: null },
            { signal: c.req.raw.signal },
          );
          return { evaluate: pool.at(null), close: () => pool.close() };
        },
      });
      const { offers: results, ...rest } = unwrap(result);
      return c.json({ ...rest, offers: results.map(shownOf) }, 200);
    } finally {
      running = false;
    }
  });

  app.openapi(addRoute, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await vendorsOf(deps).addQuote(id, c.req.valid('json')), 200);
  });
}

const shownOf = ({ fleet, ...one }: OfferResult) => ({
  ...one,
  neededAccelerators: fleet?.accelerators ?? null,
});

/** The latest quote of each vendor asked for; of all that gave one when none is named. */
async function offersOf(deps: ControlDeps, ids: string[] | null): Promise<VendorOffer[]> {
  const store = vendorsOf(deps);
  const files =
    ids === null
      ? await store.files()
      : await Promise.all(ids.map((id) => vendorFileOf(store, id)));
  return files.flatMap(({ vendor, quotes }) => {
    const last = quotes.at(-1);
    if (last === undefined) return [];
    const { atMs: _, ...quote } = last;
    return { vendor: vendor.id, quote };
  });
}

/** `POST vendors/quotes`, `POST vendors/{id}/quotes`. */
export const vendorQuotesEndpoint: Endpoint = { routes: [compareRoute, addRoute], register };

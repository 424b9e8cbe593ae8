import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { compareVendors } from '../../govern/vendors/compare-vendors.ts';
import { diffVendor } from '../../govern/vendors/diff-vendor.ts';
import { parseWeights } from '../../govern/vendors/parse-weights.ts';
import { questions, type Question } from '../../govern/vendors/question.ts';
import { TailraceError } from '../../records/errors.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { API, failures, json, security } from '../route-parts.ts';
import { unwrap } from '../unwrap.ts';
import { vendorFileOf, vendorsOf } from '../vendor-desk.ts';
import {
  vendorChanges,
  vendorComparison,
  vendorFileView,
  vendorList,
  vendorParams,
  vendorPut,
  vendorQuestionList,
  vendorView,
} from '../vendor-views.ts';

const time = z.coerce.number().min(0).max(253_402_300_799_999);

const listRoute = createRoute({
  method: 'get',
  path: `${API}/vendors`,
  operationId: 'listVendors',
  summary: 'Vendors and teams with their scores, gaps and contradictions',
  security,
  responses: { 200: json(vendorList, 'By id.'), ...failures },
});

const putRoute = createRoute({
  method: 'post',
  path: `${API}/vendors`,
  operationId: 'putVendor',
  summary: 'Make a vendor or team, or change name, kind and criticality of one',
  security,
  request: { body: { required: true, ...json(vendorPut, 'The vendor.') } },
  responses: { 200: json(vendorView, 'As it is now.'), ...failures },
});

const questionsRoute = createRoute({
  method: 'get',
  path: `${API}/vendors/questions`,
  operationId: 'listVendorQuestions',
  summary: 'The questions, why they matter and what a good answer contains',
  security,
  responses: { 200: json(vendorQuestionList, 'By layer.'), ...failures },
});

const comparisonRoute = createRoute({
  method: 'get',
  path: `${API}/vendors/comparison`,
  operationId: 'compareVendors',
  summary: 'Vendors side by side, question by question',
  security,
  request: {
    query: z.strictObject({
      vendors: z.string().max(4_000).optional().describe('Ids with commas; default: all.'),
      atMs: time.optional().describe('As known at this time; default: now.'),
      weights: z
        .string()
        .max(4_000)
        .optional()
        .describe('Weights of layers or questions, as serving=3,security.tls=0.'),
    }),
  },
  responses: { 200: json(vendorComparison, 'One row a question.'), ...failures },
});

const fileRoute = createRoute({
  method: 'get',
  path: `${API}/vendors/{id}`,
  operationId: 'getVendor',
  summary: 'One vendor with its whole history, documents and links',
  security,
  request: { params: vendorParams },
  responses: { 200: json(vendorFileView, 'Oldest first in each list.'), ...failures },
});

const diffRoute = createRoute({
  method: 'get',
  path: `${API}/vendors/{id}/diff`,
  operationId: 'diffVendor',
  summary: 'What changed between two times: answers, and what stands behind them',
  security,
  request: {
    params: vendorParams,
    query: z.strictObject({ fromMs: time, toMs: time.optional().describe('Default: now.') }),
  },
  responses: { 200: json(vendorChanges, 'In the order of the questions.'), ...failures },
});

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  const nowMs = (): number => deps.clock.wallMs();
  app.openapi(listRoute, async (c) => {
    const atMs = nowMs();
    const { vendors } = compareVendors(await vendorsOf(deps).files(), atMs);
    return c.json({ atMs, vendors }, 200);
  });

  app.openapi(putRoute, async (c) => {
    const made = await vendorsOf(deps).put(c.req.valid('json'));
    deps.log.info('vendor kept', { requestId: c.get('requestId'), vendor: made.id });
    return c.json(made, 200);
  });

  app.openapi(questionsRoute, (c) => {
    return c.json({ questions: questions.map(shownQuestion) }, 200);
  });

  app.openapi(comparisonRoute, async (c) => {
    const { vendors, atMs, weights } = c.req.valid('query');
    const store = vendorsOf(deps);
    const files = await store.files();
    const ids = vendors === undefined || vendors === '' ? null : vendors.split(',');
    const chosen =
      ids === null ? files : await Promise.all(ids.map((id) => vendorFileOf(store, id.trim())));
    const given = unwrap(parseWeights(weights ?? ''));
    return c.json(compareVendors(chosen, atMs ?? nowMs(), given), 200);
  });

  app.openapi(fileRoute, async (c) => {
    const { id } = c.req.valid('param');
    const store = vendorsOf(deps);
    const file = await vendorFileOf(store, id);
    const documents = await store.documents(id);
    const links = await store.links.list(id);
    return c.json({ ...mutable(file), documents, links }, 200);
  });

  app.openapi(diffRoute, async (c) => {
    const { id } = c.req.valid('param');
    const { fromMs, toMs = nowMs() } = c.req.valid('query');
    if (toMs < fromMs) {
      const message = '`toMs` is before `fromMs`: swap them';
      throw new TailraceError('TR_WINDOW_INVALID', message, { field: 'toMs' });
    }
    const changes = diffVendor(await vendorFileOf(vendorsOf(deps), id), fromMs, toMs);
    return c.json({ fromMs, toMs, changes }, 200);
  });
}

const shownQuestion = ({ answer, probe, ...one }: Question) => ({
  ...one,
  kind: answer.kind,
  unit: answer.unit ?? null,
  isProbed: probe !== null,
});

const mutable = (file: Awaited<ReturnType<typeof vendorFileOf>>) => ({
  vendor: file.vendor,
  answers: [...file.answers],
  reviews: [...file.reviews],
  probes: [...file.probes],
  quotes: [...file.quotes],
});

/** `GET vendors`, `POST vendors`, questions, comparison, one vendor, and what changed. */
export const vendorsEndpoint: Endpoint = {
  routes: [listRoute, putRoute, questionsRoute, comparisonRoute, fileRoute, diffRoute],
  register,
};

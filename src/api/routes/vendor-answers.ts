import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { exportAnswers, importAnswers } from '../../govern/vendors/answers-csv.ts';
import { review } from '../../govern/vendors/vendor-records.ts';
import { TailraceError } from '../../records/errors.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { API, failures, json, security } from '../route-parts.ts';
import { unwrap } from '../unwrap.ts';
import { vendorFileOf, vendorsOf } from '../vendor-desk.ts';
import {
  vendorAnswersAdd,
  vendorAnswersAdded,
  vendorDocument,
  vendorParams,
  vendorReviewAdd,
} from '../vendor-views.ts';

const CSV = 'text/csv';
const BYTES = 'application/octet-stream';
const text = z.string();

const addRoute = createRoute({
  method: 'post',
  path: `${API}/vendors/{id}/answers`,
  operationId: 'addVendorAnswers',
  summary: 'Add answers; all of them or none',
  security,
  request: {
    params: vendorParams,
    body: { required: true, ...json(vendorAnswersAdd, 'The answers.') },
  },
  responses: { 200: json(vendorAnswersAdded, 'How many were new.'), ...failures },
});

const exportRoute = createRoute({
  method: 'get',
  path: `${API}/vendors/{id}/answers.csv`,
  operationId: 'exportVendorAnswers',
  summary: 'The questionnaire with the answers so far, as CSV',
  security,
  request: { params: vendorParams },
  responses: {
    200: { description: 'One row a question.', content: { [CSV]: { schema: text } } },
    ...failures,
  },
});

const importRoute = createRoute({
  method: 'post',
  path: `${API}/vendors/{id}/answers.csv`,
  operationId: 'importVendorAnswers',
  summary: 'Take in a filled-in questionnaire; all of it or nothing',
  security,
  request: {
    params: vendorParams,
    body: { required: true, content: { [CSV]: { schema: text } } },
  },
  responses: { 200: json(vendorAnswersAdded, 'How many answers were new.'), ...failures },
});

const reviewRoute = createRoute({
  method: 'post',
  path: `${API}/vendors/{id}/reviews`,
  operationId: 'reviewVendorAnswer',
  summary: 'Say what a test of ours found about an answer',
  security,
  request: {
    params: vendorParams,
    body: { required: true, ...json(vendorReviewAdd, 'What was found.') },
  },
  responses: { 200: json(review, 'The review.'), ...failures },
});

const uploadRoute = createRoute({
  method: 'post',
  path: `${API}/vendors/{id}/documents`,
  operationId: 'addVendorDocument',
  summary: 'Keep a document of a vendor, at most 5 MiB',
  security,
  request: {
    params: vendorParams,
    query: z.strictObject({ name: z.string().min(1).max(1_000) }),
    body: {
      required: true,
      content: { [BYTES]: { schema: z.string().meta({ format: 'binary' }) } },
    },
  },
  responses: { 200: json(vendorDocument, 'Named by its SHA-256.'), ...failures },
});

const documentRoute = createRoute({
  method: 'get',
  path: `${API}/vendors/{id}/documents/{sha256}`,
  operationId: 'getVendorDocument',
  summary: 'A document of a vendor, as a download',
  security,
  request: {
    params: vendorParams.extend({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  },
  responses: {
    200: {
      description: 'The bytes as they came.',
      content: { [BYTES]: { schema: z.string().meta({ format: 'binary' }) } },
    },
    ...failures,
  },
});

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  app.openapi(addRoute, async (c) => {
    const { id } = c.req.valid('param');
    const by = { answeredBy: c.get('key').name, via: 'api' } as const;
    const added = await vendorsOf(deps).addAnswers(id, c.req.valid('json').answers, by);
    return c.json({ added: added.length }, 200);
  });

  app.openapi(exportRoute, async (c) => {
    const { id } = c.req.valid('param');
    const { vendor, answers } = await vendorFileOf(vendorsOf(deps), id);
    return c.body(exportAnswers(answers, vendor.kind), 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${id}-answers.csv"`,
    });
  });

  app.openapi(importRoute, async (c) => {
    const { id } = c.req.valid('param');
    const answers = unwrap(importAnswers(await c.req.text()));
    const by = { answeredBy: c.get('key').name, via: 'import' } as const;
    const added = await vendorsOf(deps).addAnswers(id, answers, by);
    deps.log.info('vendor answers imported', { requestId: c.get('requestId'), vendor: id });
    return c.json({ added: added.length }, 200);
  });

  app.openapi(reviewRoute, async (c) => {
    const { id } = c.req.valid('param');
    const found = { ...c.req.valid('json'), by: c.get('key').name };
    return c.json(await vendorsOf(deps).addReview(id, found), 200);
  });

  app.openapi(uploadRoute, async (c) => {
    const { id } = c.req.valid('param');
    const { name } = c.req.valid('query');
    const content = new Uint8Array(await c.req.arrayBuffer());
    return c.json(await vendorsOf(deps).addDocument(id, name, BYTES, content), 200);
  });

  app.openapi(documentRoute, async (c) => {
    const { id, sha256 } = c.req.valid('param');
    const found = await vendorsOf(deps).document(id, sha256);
    if (found === null) {
      throw new TailraceError('TR_NOT_FOUND', 'no document has this hash', { field: 'sha256' });
    }
    // Never shown by the browser itself: it came from somebody else.
    return c.body(new Uint8Array(found.content), 200, {
      'content-type': BYTES,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(found.name)}`,
    });
  });
}

/** Answers, the questionnaire as CSV, reviews and documents of one vendor. */
export const vendorAnswersEndpoint: Endpoint = {
  routes: [addRoute, exportRoute, importRoute, reviewRoute, uploadRoute, documentRoute],
  register,
};

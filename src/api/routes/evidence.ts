import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { MAX_DOCUMENT_BYTES } from '../../govern/evidence/document-store.ts';
import { evidenceView } from '../../govern/scorecard/score-view.ts';
import { evidenceViewOf } from '../../govern/scorecard/view-score.ts';
import { TailraceError } from '../../records/errors.ts';
import { broughtEvidence } from '../brought-evidence.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import { errorResponse, type ControlEnv } from '../error-response.ts';
import {
  collectReport,
  documentParams,
  documentQuery,
  evidenceCreate,
  evidenceList,
  evidenceParams,
  evidenceQuery,
  keptDocument,
} from '../evidence-views.ts';
import { API, failures, json, security } from '../route-parts.ts';
import { unwrap } from '../unwrap.ts';
import { governanceOf } from './score.ts';

const evidence = evidenceView.meta({ id: 'Evidence' });
const DOCUMENTS = `${API}/evidence/documents`;
const ANY = 'application/octet-stream';

const listRoute = createRoute({
  method: 'get',
  path: `${API}/evidence`,
  operationId: 'listEvidence',
  summary: 'Evidence, newest first',
  security,
  request: { query: evidenceQuery },
  responses: {
    200: json(evidenceList.meta({ id: 'EvidenceList' }), 'What counts now.'),
    ...failures,
  },
});

const addRoute = createRoute({
  method: 'post',
  path: `${API}/evidence`,
  operationId: 'addEvidence',
  summary: 'Bring evidence from outside, E2 at most',
  security,
  request: {
    body: {
      required: true,
      ...json(evidenceCreate.meta({ id: 'EvidenceCreate' }), 'What is known, and who says so.'),
    },
  },
  responses: { 201: json(evidence, 'As it is kept, with its grade.'), ...failures },
});

const collectRoute = createRoute({
  method: 'post',
  path: `${API}/evidence/collect`,
  operationId: 'collectEvidence',
  summary: 'Run the collectors now',
  security,
  request: { body: { required: true, ...json(z.strictObject({}), 'Nothing is asked.') } },
  responses: {
    200: json(collectReport.meta({ id: 'CollectReport' }), 'What was collected, and what failed.'),
    ...failures,
  },
});

const getRoute = createRoute({
  method: 'get',
  path: `${API}/evidence/{id}`,
  operationId: 'getEvidence',
  summary: 'One piece of evidence',
  security,
  request: { params: evidenceParams },
  responses: { 200: json(evidence, 'With what is left of its grade.'), ...failures },
});

const withdrawRoute = createRoute({
  method: 'delete',
  path: `${API}/evidence/{id}`,
  operationId: 'withdrawEvidence',
  summary: 'Take back what a person brought; it stays in the history',
  security,
  request: { params: evidenceParams },
  responses: { 200: json(evidence, 'What was withdrawn.'), ...failures },
});

const binary = { content: { [ANY]: { schema: z.string().meta({ format: 'binary' }) } } };

const putDocumentRoute = createRoute({
  method: 'put',
  path: DOCUMENTS,
  operationId: 'putDocument',
  summary: 'Upload a document, to be named by its digest in evidence',
  security,
  request: { query: documentQuery, body: { required: true, ...binary } },
  responses: {
    200: json(keptDocument.meta({ id: 'KeptDocument' }), 'As it is kept.'),
    ...failures,
  },
});

const getDocumentRoute = createRoute({
  method: 'get',
  path: `${DOCUMENTS}/{sha256}`,
  operationId: 'getDocument',
  summary: 'A document as it was uploaded',
  security,
  request: { params: documentParams },
  responses: { 200: { description: 'Always as a file to save.', ...binary }, ...failures },
});

const limit = bodyLimit({
  maxSize: MAX_DOCUMENT_BYTES,
  onError: (c) => {
    const message = `a document has at most ${MAX_DOCUMENT_BYTES} bytes; link to it instead`;
    return errorResponse(c, new TailraceError('TR_BODY_TOO_LARGE', message));
  },
});

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  app.openapi(listRoute, async (c) => {
    const { condition, service, history, limit: most } = c.req.valid('query');
    const found = await governanceOf(deps).evidence.find({
      condition,
      service: service === '-' ? null : service,
      history: history === 'true',
      limit: most,
    });
    const nowMs = deps.clock.wallMs();
    const views = found.map(({ item, withdrawnMs }) =>
      Object.assign(evidenceViewOf(item, nowMs), { withdrawnAtMs: withdrawnMs }),
    );
    return c.json({ evidence: views }, 200);
  });

  app.openapi(addRoute, async (c) => {
    const governance = governanceOf(deps);
    const nowMs = deps.clock.wallMs();
    const services = deps.config().services.map((one) => one.name);
    const item = await broughtEvidence(governance, c.req.valid('json'), { services, nowMs });
    await governance.bring([item]);
    return c.json(evidenceViewOf(item, nowMs), 201);
  });

  app.openapi(collectRoute, async (c) => c.json(await governanceOf(deps).collect(), 200));

  app.use(DOCUMENTS, limit);
  app.openapi(putDocumentRoute, async (c) => {
    const content = new Uint8Array(await c.req.arrayBuffer());
    const { name } = c.req.valid('query');
    const mediaType = c.req.header('content-type') ?? ANY;
    const nowMs = deps.clock.wallMs();
    const kept = await governanceOf(deps).documents.put({ name, mediaType, content, nowMs });
    return c.json(unwrap(kept), 200);
  });

  app.openapi(getDocumentRoute, async (c) => {
    const kept = await governanceOf(deps).documents.get(c.req.valid('param').sha256);
    if (kept === null) throw new TailraceError('TR_NOT_FOUND', 'no document has this digest');
    // Never shown by a browser as a page of this host, whatever its type says it is.
    return c.body(new Uint8Array(kept.content), 200, {
      'content-type': ANY,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(kept.name)}`,
    });
  });

  app.openapi(getRoute, async (c) => {
    const found = await governanceOf(deps).evidence.get(c.req.valid('param').id);
    if (found === null) throw new TailraceError('TR_NOT_FOUND', 'no evidence has this id');
    return c.json(evidenceViewOf(found.item, deps.clock.wallMs()), 200);
  });

  app.openapi(withdrawRoute, async (c) => {
    const item = await governanceOf(deps).withdraw(c.req.valid('param').id, c.get('key').name);
    return c.json(evidenceViewOf(item, deps.clock.wallMs()), 200);
  });
}

/** `evidence`, `evidence/collect`, `evidence/{id}`, `evidence/documents`. */
export const evidenceEndpoint: Endpoint = {
  routes: [
    listRoute,
    addRoute,
    collectRoute,
    putDocumentRoute,
    getDocumentRoute,
    getRoute,
    withdrawRoute,
  ],
  register,
};

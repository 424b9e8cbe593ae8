import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { TailraceError } from '../../records/errors.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { API, failures, json, security } from '../route-parts.ts';
import { vendorsOf } from '../vendor-desk.ts';
import { fillInPath } from '../vendor-page/fill-in-path.ts';
import { vendorLink, vendorLinkCreate, vendorLinkCreated, vendorParams } from '../vendor-views.ts';

const createLinkRoute = createRoute({
  method: 'post',
  path: `${API}/vendors/{id}/links`,
  operationId: 'createVendorLink',
  summary: 'Make a signed link through which a vendor answers without an account',
  security,
  request: {
    params: vendorParams,
    body: { required: true, ...json(vendorLinkCreate, 'Whom it is for, and for how long.') },
  },
  responses: { 201: json(vendorLinkCreated, 'The path is shown only now.'), ...failures },
});

const revokeLinkRoute = createRoute({
  method: 'delete',
  path: `${API}/vendors/{id}/links/{link}`,
  operationId: 'revokeVendorLink',
  summary: 'Withdraw a link; it stops working at once',
  security,
  request: { params: vendorParams.extend({ link: z.string().min(1).max(64) }) },
  responses: { 200: json(vendorLink, 'The link as it is now.'), ...failures },
});

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  app.openapi(createLinkRoute, async (c) => {
    const { id } = c.req.valid('param');
    const { recipient, days } = c.req.valid('json');
    const { token, ...link } = await vendorsOf(deps).links.create(id, recipient, days);
    deps.log.info('vendor link made', { requestId: c.get('requestId'), vendor: id, link: link.id });
    return c.json({ ...link, path: fillInPath(token) }, 201);
  });

  app.openapi(revokeLinkRoute, async (c) => {
    const { id, link } = c.req.valid('param');
    const store = vendorsOf(deps);
    const known = (await store.links.list(id)).some((one) => one.id === link);
    const revoked = known ? await store.links.revoke(link) : null;
    if (revoked === null) {
      throw new TailraceError('TR_NOT_FOUND', 'no link has this id', { field: 'link' });
    }
    return c.json(revoked, 200);
  });
}

/** `POST vendors/{id}/links`, `DELETE vendors/{id}/links/{link}`. */
export const vendorLinksEndpoint: Endpoint = {
  routes: [createLinkRoute, revokeLinkRoute],
  register,
};

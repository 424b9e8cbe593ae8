import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { RequestQuery } from '../../measure/ledger/ledger.ts';
import { TailraceError } from '../../records/errors.ts';
import { requestRecord, type RequestRecord } from '../../records/request-record.ts';
import type { ControlDeps } from '../deps.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ControlEnv } from '../error-response.ts';
import { requestParams, requestsQuery } from '../queries.ts';
import { API, failures, json, security } from '../route-parts.ts';
import { requestPage } from '../schema.ts';
import { unwrap } from '../unwrap.ts';
import { resolveWindow } from '../window.ts';

const record = requestRecord.meta({ id: 'RequestRecord' });

const listRoute = createRoute({
  method: 'get',
  path: `${API}/requests`,
  operationId: 'listRequests',
  summary: 'Requests of a window, filtered, sorted and paged',
  description:
    'Stored prompts and outputs are left out of lists (`content` is null); ask for one request.',
  security,
  request: { query: requestsQuery },
  responses: {
    200: json(
      requestPage.extend({ records: record.array() }).meta({ id: 'RequestPage' }),
      'One page; default window: 1h.',
    ),
    ...failures,
  },
});

const oneRoute = createRoute({
  method: 'get',
  path: `${API}/requests/{id}`,
  operationId: 'getRequest',
  summary: 'One request, with its stored content if the service keeps it',
  security,
  request: { params: requestParams },
  responses: { 200: json(record, 'The record as it was written at settle.'), ...failures },
});

const withoutContent = (one: RequestRecord): RequestRecord => ({ ...one, content: null });

type Filter = 'service' | 'engine' | 'model' | 'tenant' | 'feature' | 'outcome' | 'minE2eMs';

/** Only the filters that were given: an absent one is no key at all. */
function givenFilters(query: { [K in Filter]?: RequestQuery[K] | undefined }): Pick<
  RequestQuery,
  Filter
> {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

function register(app: OpenAPIHono<ControlEnv>, deps: ControlDeps): void {
  app.openapi(listRoute, async (c) => {
    const query = c.req.valid('query');
    const { since, fromMs, toMs, sort, order, limit, offset, ...filters } = query;
    const window = unwrap(resolveWindow({ since, fromMs, toMs }, deps.clock.wallMs(), '1h'));
    const { records, total } = await deps.ledger.requests({
      ...givenFilters(filters),
      window,
      sort,
      descending: order === 'desc',
      limit,
      offset,
    });
    return c.json({ total, limit, offset, records: records.map(withoutContent) }, 200);
  });

  app.openapi(oneRoute, async (c) => {
    const { id } = c.req.valid('param');
    const found = await deps.ledger.request(id.toLowerCase());
    if (found === null) {
      const message = 'no such request in the ledger; it may be past its retention';
      throw new TailraceError('TR_NOT_FOUND', message, { field: 'id' });
    }
    return c.json(found, 200);
  });
}

/** `GET requests` and `GET requests/{id}`. */
export const requestsEndpoint: Endpoint = { routes: [listRoute, oneRoute], register };

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiError } from './schema.ts';
import {
  ADMIN_KEY,
  ENGINE_SECRET,
  NOW_MS,
  openTestControl,
  type TestControl,
} from './test-control.ts';
import { testingRecord } from '../records/testing-record.ts';

/** In every record and in the configuration: seen in a reply, it is a leak. */
const CANARY = 'canary-tenant';
let control: TestControl;

beforeAll(async () => {
  control = openTestControl();
  const startedAtMs = NOW_MS - 60_000;
  control.addRecords([testingRecord({ startedAtMs, tenant: CANARY, service: 'chat' })]);
});
afterAll(() => control.close());

const dataPath = fc.constantFrom(
  '/api/v1/answers',
  '/api/v1/series',
  '/api/v1/requests',
  '/api/v1/services',
  '/api/v1/engines',
  '/api/v1/config',
  '/api/v1/health',
  '/api/v1/keys',
  '/api/v1/export',
  '/api/v1/events',
  '/api/v1/openapi.json',
  '/metrics',
  '/api',
  '/%61pi/v1/requests',
  '/api//v1/requests',
  '/api/v1/requests/',
  '/API/v1/requests',
  '/x/../api/v1/requests',
  '/metrics/',
  '//metrics',
);
const header = fc.stringMatching(/^[\x21-\x7e]{0,40}$/);
const host = fc.oneof(
  header,
  fc.domain(),
  fc.ipV4(),
  fc.ipV6().map((ip) => `[${ip}]`),
  fc.constantFrom('localhost', '127.0.0.1:8787', 'localhost.evil.example', 'box.lan'),
);
const origin = fc.option(
  fc.oneof(header, fc.webUrl(), fc.constantFrom('null', 'http://localhost')),
);
const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH');
const badKey = fc.option(
  fc.oneof(
    header,
    header.map((key) => `Bearer ${key}`),
    fc.constant(`Basic ${ADMIN_KEY}`),
  ),
);

test('without an admin key nothing is shown and nothing breaks, however one asks', async () => {
  await fc.assert(
    fc.asyncProperty(dataPath, method, host, origin, badKey, async (path, verb, ...rest) => {
      const [hostName, originName, authorization] = rest;
      const headers = new Headers({ host: hostName });
      if (originName !== null) headers.set('origin', originName);
      if (authorization !== null) headers.set('authorization', authorization);
      const response = await control.app.request(`http://localhost${path}`, {
        method: verb,
        headers,
      });
      const text = await response.text();
      expect([401, 403, 404, 405, 415]).toContain(response.status);
      expect(text).not.toContain(CANARY);
      expect(text).not.toContain('tailrace_');
      if (text !== '') expect(apiError.safeParse(JSON.parse(text)).success).toBe(true);
    }),
    { numRuns: 400 },
  );
});

test('with an admin key a foreign host or origin still gets nothing', async () => {
  await fc.assert(
    fc.asyncProperty(dataPath, fc.domain(), fc.boolean(), async (path, name, asOrigin) => {
      const headers = asOrigin ? { origin: `https://${name}` } : { host: name };
      const response = await control.ask(path, { headers });
      expect(response.status).toBe(403);
      const { error } = apiError.parse(await response.json());
      expect(error.code).toBe('TR_HOST_REFUSED');
    }),
  );
});

const queryName = fc.constantFrom(
  'since',
  'fromMs',
  'toMs',
  'service',
  'by',
  'stepMs',
  'metric',
  'engine',
  'model',
  'tenant',
  'feature',
  'outcome',
  'minE2eMs',
  'sort',
  'order',
  'limit',
  'offset',
  '__proto__',
  'constructor',
);
const queryValue = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.double().map(String),
  fc.bigInt().map(String),
  fc.constantFrom('1h', '7d', "' OR 1=1 --", 'e2e', 'chat', '0', '-0', '1e308', '%', '\0', CANARY),
);
const readPath = fc.constantFrom(
  '/api/v1/answers',
  '/api/v1/series',
  '/api/v1/requests',
  '/api/v1/engines',
  '/api/v1/requests/x',
);

test('no query breaks it: a reply or a refusal that names the field', async () => {
  await fc.assert(
    fc.asyncProperty(
      readPath,
      fc.array(fc.tuple(queryName, queryValue), { maxLength: 4 }),
      async (path, query) => {
        const response = await control.ask(`${path}?${new URLSearchParams(query).toString()}`);
        const text = await response.text();
        expect(response.status, text).toBeLessThan(500);
        expect(text).not.toContain(ENGINE_SECRET);
        if (response.status === 400) {
          const { error } = apiError.parse(JSON.parse(text));
          expect(error.field).not.toBeNull();
          expect(error.code).toMatch(/^TR_(?:FIELD|WINDOW)_INVALID$/);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('no body breaks it', async () => {
  const body = fc.oneof(
    fc.json(),
    fc.string(),
    fc.constant('{"name":"ok","__proto__":{"admin":1}}'),
  );
  await fc.assert(
    fc.asyncProperty(body, async (text) => {
      const response = await control.ask('/api/v1/keys', { method: 'POST', body: text });
      expect([201, 400]).toContain(response.status);
    }),
  );
});

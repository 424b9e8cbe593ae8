import { readFileSync, readdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answers } from '../measure/answers/answers.ts';
import { parseTextFormat } from '../measure/sources/exposition/text-format.ts';
import { requestRecord } from '../records/request-record.ts';
import { createControlApp } from './control-app.ts';
import { endpoints } from './endpoints.ts';
import { apiError, keyCreated, keyList, requestPage, series } from './schema.ts';
import {
  ADMIN_KEY,
  CONFIG_KEY,
  ENGINE_SECRET,
  NOW_MS,
  openTestControl,
  testConfig,
  type TestControl,
} from './test-control.ts';
import { testingRecord } from '../records/testing-record.ts';
import { engineList, health, serviceList } from './views.ts';
import { createWorkerMetrics } from './worker-metrics.ts';

const records = Array.from({ length: 120 }, (_, i) =>
  testingRecord({
    startedAtMs: NOW_MS - 600_000 + i * 1_000,
    service: i % 3 === 0 ? 'code' : 'chat',
    outcome: i % 40 === 1 ? 'timeout' : 'success',
    latency: { ...testingRecord().latency, e2eMs: 100 + i },
    content: i === 0 ? { prompt: 'the prompt', output: 'the output', truncated: false } : null,
  }),
);

let control: TestControl;

beforeAll(async () => {
  control = openTestControl();
  control.addRecords(records);
});
afterAll(() => control.close());

const errorOf = async (response: Response) => apiError.parse(await response.json()).error;

describe('reading', () => {
  test('answers', async () => {
    const response = await control.ask('/api/v1/answers?since=1h&by=feature&service=');
    expect(response.status).toBe(200);
    const value = answers.parse(await response.json());
    expect(value.services.map((one) => one.service)).toEqual(['chat', 'code']);
    expect(value.services[0]?.requests.total).toBe(80);
    expect(value.breakdownBy).toBe('feature');
    const one = answers.parse(await (await control.ask('/api/v1/answers?service=chat')).json());
    expect(one.services.map((service) => service.service)).toEqual(['chat']);
  });

  test('answers of an unknown service', async () => {
    const response = await control.ask('/api/v1/answers?service=nope');
    expect(response.status).toBe(404);
    expect(await errorOf(response)).toMatchObject({ code: 'TR_NOT_FOUND', field: 'service' });
  });

  test('series: every request is in one step and in one heat bucket', async () => {
    const value = series.parse(await (await control.ask('/api/v1/series?since=1h')).json());
    const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);
    expect(value).toMatchObject({ service: null, metric: 'e2e', stepMs: 60_000 });
    expect(sum(value.steps.map((step) => step.requests))).toBe(120);
    expect(sum(value.steps.map((step) => step.failed))).toBe(3);
    expect(sum(value.steps.flatMap((step) => step.heat.map(([, count]) => count)))).toBe(120);
    const bounds = new Set(value.steps.map((step) => JSON.stringify(step.heat.map(([ms]) => ms))));
    expect(bounds.size).toBe(1);
    const full = value.steps.find((step) => step.requests > 0);
    expect(full?.usageUsd).toBeGreaterThan(0);
    expect(full?.usageUnknownRequests).toBe(0);
  });

  test('series of one service and another metric', async () => {
    const response = await control.ask('/api/v1/series?service=code&metric=tpot&stepMs=3600000');
    const value = series.parse(await response.json());
    expect(value.steps.reduce((sum, step) => sum + step.requests, 0)).toBe(40);
    expect(value.steps.find((step) => step.tpot.count > 0)?.tpot.p50Ms).toBeCloseTo(8, 0);
  });

  test('requests: filtered, sorted, paged, without content', async () => {
    const query = 'service=chat&sort=e2e&order=asc&limit=10&offset=5&minE2eMs=110';
    const response = await control.ask(`/api/v1/requests?since=1h&${query}`);
    const page = requestPage.parse(await response.json());
    const expected = records
      .filter((one) => one.service === 'chat' && one.latency.e2eMs >= 110)
      .map((one) => one.latency.e2eMs);
    expect(page).toMatchObject({ total: expected.length, limit: 10, offset: 5 });
    expect(page.records.map((one) => one.latency.e2eMs)).toEqual(expected.slice(5, 15));
    expect(page.records.every((one) => one.content === null)).toBe(true);
  });

  test('requests: newest first without a query', async () => {
    const page = requestPage.parse(await (await control.ask('/api/v1/requests')).json());
    expect(page.records[0]?.id).toBe(records.at(-1)?.id);
    expect(page).toMatchObject({ total: 120, limit: 50, offset: 0 });
  });

  test('one request, with its content, by an id in any case', async () => {
    const id = records[0]?.id ?? '';
    for (const path of [id, id.toUpperCase()]) {
      const response = await control.ask(`/api/v1/requests/${path}`);
      expect(requestRecord.parse(await response.json())).toEqual(records[0]);
    }
  });

  test('an unknown request', async () => {
    const response = await control.ask(`/api/v1/requests/${testingRecord().id}`);
    expect(response.status).toBe(404);
    expect(await errorOf(response)).toMatchObject({ code: 'TR_NOT_FOUND', field: 'id' });
  });

  test('services, with their engines and what is simulated', async () => {
    const { services } = serviceList.parse(await (await control.ask('/api/v1/services')).json());
    expect(services[0]).toMatchObject({
      name: 'chat',
      owner: 'ada',
      simulated: 'some',
      engines: [
        { engine: 'h100', simulated: true, accelerator: 'h100-sxm', costBasis: 'rented' },
        { engine: 'api', simulated: false, fallback: true, accelerator: null },
      ],
    });
    expect(services[1]).toMatchObject({ simulated: 'none', engines: [{ model: 'gpt-x-mini' }] });
  });

  test('engines: one that was never sampled is there, as unknown', async () => {
    await control.ledger.addSamples([
      {
        engine: 'h100',
        fromMs: NOW_MS - 120_000,
        toMs: NOW_MS - 60_000,
        up: true,
        acceleratorSeconds: 60,
        busyShare: 0.5,
        runningMean: 4,
        waitingMean: 0,
        batchLimit: 256,
        kvUsageShare: 0.25,
        preemptions: 0,
        energyWh: 5,
        basis: 'modelled',
        simulated: true,
      },
    ]);
    const response = await control.ask('/api/v1/engines?since=1h');
    const { engines } = engineList.parse(await response.json());
    expect(engines.find((one) => one.engine === 'h100')).toMatchObject({ busyShare: 0.5 });
    expect(engines.find((one) => one.engine === 'api')).toMatchObject({
      sampledMs: 0,
      busyShare: null,
      simulated: false,
    });
  });

  test('the configuration shows no secret', async () => {
    const text = await (await control.ask('/api/v1/config')).text();
    expect(text).toContain('"h100-sxm"');
    expect(text).not.toContain(ENGINE_SECRET);
    expect(text).not.toContain('sha256:');
  });

  test('health: every worker, every loss, in words', async () => {
    const metrics = createWorkerMetrics(() => ({
      inFlight: 1,
      queueDepth: 0,
      journalLost: 7,
      journalPendingBytes: 0,
    })).snapshot();
    const stats = { pid: 1, up: true, startedAtMs: NOW_MS, restarts: 0, metrics };
    control.workers.push({ worker: 'worker-1', ...stats });
    control.workers.push({ worker: 'worker-2', ...stats, pid: null, up: false, metrics: null });
    const value = health.parse(await (await control.ask('/api/v1/health')).json());
    expect(value.ledger?.recordsTotal).toBe(120);
    expect(value.status).toBe('degraded');
    expect(value.problems).toEqual([
      'the journal of worker-1 dropped 7 records',
      'worker-2 is down',
    ]);
    expect(value.workers[1]).toMatchObject({ up: false, inFlight: null, rssBytes: null });
    control.workers.length = 0;
  });

  test('metrics are a valid exposition', async () => {
    const metrics = createWorkerMetrics(() => ({
      inFlight: 1,
      queueDepth: 0,
      journalLost: 7,
      journalPendingBytes: 0,
    }));
    metrics.requestSettled(testingRecord());
    const stats = { pid: 1, up: true, startedAtMs: NOW_MS, restarts: 2 };
    control.workers.push({ worker: 'worker-1', ...stats, metrics: metrics.snapshot() });
    const response = await control.ask('/metrics');
    control.workers.length = 0;
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await response.text();
    const parsed = parseTextFormat(text);
    expect(parsed.ok).toBe(true);
    expect(text).toContain('tailrace_ledger_records 120\n');
    expect(text).toContain('tailrace_worker_restarts_total{worker="worker-1"} 2\n');
    expect(text).toContain('tailrace_journal_lost_total 7\n');
    expect(text).toContain('tailrace_build_info{version="0.0.0-test"} 1\n');

    const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
    const documented = [...page.matchAll(/^\| `(tailrace_\w+)` \| (\w+) /gm)];
    const shown = [...text.matchAll(/^# TYPE (\S+) (\w+)$/gm)];
    const pairs = (all: RegExpExecArray[]) =>
      all.map(([, name, type]) => `${name} ${type}`).toSorted();
    expect(pairs(shown)).toEqual(pairs(documented));
  });

  test('export: a Parquet file, and nothing is left behind', async () => {
    const path = `/api/v1/export?fromMs=${NOW_MS - 3_600_000}&toMs=${NOW_MS}`;
    const response = await control.ask(path);
    expect(response.headers.get('x-tailrace-rows')).toBe('120');
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(String(bytes.length)).toBe(response.headers.get('content-length'));
    const magic = new TextDecoder().decode(bytes.subarray(-4));
    expect(magic).toBe('PAR1');
    expect(readdirSync(control.tempDir)).toEqual([]);
  });

  test('exports are bounded, and a cancelled one frees its place', async () => {
    const asked = [1, 2, 3].map(() => control.ask('/api/v1/export?since=1h'));
    const responses = await Promise.all(asked);
    const busy = responses.filter((response) => response.status === 503);
    expect(busy.map((response) => response.headers.get('retry-after'))).toEqual(['1']);
    for (const response of responses) await response.body?.cancel();
    await expect
      .poll(async () => {
        const again = await control.ask('/api/v1/export?since=1h');
        await again.body?.cancel();
        return again.status;
      })
      .toBe(200);
    expect(readdirSync(control.tempDir)).toEqual([]);
  });

  test('HEAD of a stream is refused, so that it cannot leak one', async () => {
    for (const path of ['/api/v1/export', '/api/v1/events']) {
      expect((await control.ask(path, { method: 'HEAD' })).status).toBe(405);
    }
  });

  test('the OpenAPI document names every endpoint', async () => {
    const document = (await (await control.ask('/api/v1/openapi.json')).json()) as {
      paths: Record<string, unknown>;
    };
    expect(Object.keys(document.paths)).toContain('/api/v1/requests/{id}');
    const served = endpoints.flatMap(({ routes }) => routes.map(({ path }) => path));
    expect(new Set(Object.keys(document.paths))).toEqual(new Set(served));
  });
});

describe('keys', () => {
  const create = (body: unknown) =>
    control.ask('/api/v1/keys', { method: 'POST', body: JSON.stringify(body) });

  test('made, used, listed without secrets, revoked', async () => {
    const before = control.keyChanges();
    const response = await create({ name: 'ci', admin: true });
    expect(response.status).toBe(201);
    const made = keyCreated.parse(await response.json());
    const headers = { authorization: `Bearer ${made.key}` };
    expect((await control.ask('/api/v1/health', { headers })).status).toBe(200);

    const list = await (await control.ask('/api/v1/keys')).text();
    expect(list).not.toContain(made.key);
    const { keys } = keyList.parse(JSON.parse(list));
    expect(keys.map((key) => [key.id, key.source])).toEqual([
      ['config:ops', 'config'],
      [made.id, 'store'],
    ]);

    const revoked = await control.ask(`/api/v1/keys/${made.id}`, { method: 'DELETE' });
    expect(await revoked.json()).toMatchObject({ id: made.id, revokedAtMs: NOW_MS });
    expect((await control.ask('/api/v1/health', { headers })).status).toBe(401);
    expect(control.keyChanges()).toBe(before + 2);
    expect(control.logLines.join('')).toContain('key created');
    expect(control.logLines.join('')).not.toContain(made.key);
  });

  test('a key that only pushes telemetry is shown as one', async () => {
    const hash = `sha256:${'ab'.repeat(32)}`;
    const own = { name: 'collector', hash, services: [], admin: false, ingest: true };
    const other = openTestControl({ config: () => ({ ...testConfig, keys: [own] }) });
    const { keys } = keyList.parse(await (await other.ask('/api/v1/keys')).json());
    await other.close();
    expect(keys).toMatchObject([{ name: 'collector', ingest: true, admin: false }]);
  });

  test('a full disk is said in words', async () => {
    const db = new DatabaseSync(':memory:');
    db.exec('CREATE TABLE small (x); PRAGMA max_page_count = 2');
    const create = (): never => {
      db.prepare('INSERT INTO small VALUES (?)').run('x'.repeat(10_000));
      throw new Error('there was room');
    };
    const other = openTestControl();
    const keys = { ...other.deps.keys, create };
    const app = createControlApp({ ...other.deps, keys });
    const reply = await app.request('http://127.0.0.1:8787/api/v1/keys', {
      method: 'POST',
      headers: {
        host: '127.0.0.1:8787',
        authorization: `Bearer ${ADMIN_KEY}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ name: 'late' }),
    });
    expect(reply.status).toBe(507);
    expect(await errorOf(reply)).toMatchObject({ code: 'TR_DISK_FULL' });
    await other.close();
    db.close();
  });

  test('a service key opens nothing here', async () => {
    const made = keyCreated.parse(await (await create({ name: 'app', services: ['chat'] })).json());
    for (const key of [made.key, CONFIG_KEY]) {
      const headers = { authorization: `Bearer ${key}` };
      const response = await control.ask('/api/v1/health', { headers });
      expect(response.status).toBe(403);
      expect(await errorOf(response)).toMatchObject({ code: 'TR_ADMIN_REQUIRED' });
    }
  });

  test.each([
    [{}, 'name'],
    [{ name: '' }, 'name'],
    [{ name: 'a b' }, 'name'],
    [{ name: 'x', services: ['nope'] }, 'services.0'],
    [{ name: 'x', services: 'chat' }, 'services'],
    [{ name: 'x', adm: true }, 'adm'],
    [{ name: 'ops' }, 'name'],
    [[], null],
  ])('%j is refused and names %s', async (body, field) => {
    const response = await create(body);
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toMatchObject({ code: 'TR_FIELD_INVALID', field });
  });

  test('bad bodies', async () => {
    const send = (body: string, headers = {}) =>
      control.ask('/api/v1/keys', { method: 'POST', body, headers });
    const broken = await send('{"name":');
    expect([broken.status, (await errorOf(broken)).code]).toEqual([400, 'TR_BODY_INVALID']);
    const form = await send('name=x', { 'content-type': 'application/x-www-form-urlencoded' });
    expect([form.status, (await errorOf(form)).code]).toEqual([415, 'TR_ENCODING_UNSUPPORTED']);
    const large = await send(JSON.stringify({ name: 'x'.repeat(70_000) }));
    expect([large.status, (await errorOf(large)).code]).toEqual([413, 'TR_BODY_TOO_LARGE']);
  });

  test('a key of the configuration, or none, cannot be revoked', async () => {
    const config = await control.ask('/api/v1/keys/config:ops', { method: 'DELETE' });
    expect(await errorOf(config)).toMatchObject({ code: 'TR_FIELD_INVALID', field: 'id' });
    const none = await control.ask('/api/v1/keys/nope', { method: 'DELETE' });
    expect(none.status).toBe(404);
  });
});

describe('what is refused', () => {
  test.each([
    ['/api/v1/answers?since=1y', 'TR_WINDOW_INVALID', 'since'],
    ['/api/v1/answers?since=1h&toMs=5', 'TR_WINDOW_INVALID', 'since'],
    ['/api/v1/answers?fromMs=abc', 'TR_WINDOW_INVALID', 'fromMs'],
    ['/api/v1/answers?fromMs=-1', 'TR_WINDOW_INVALID', 'fromMs'],
    ['/api/v1/answers?by=owner', 'TR_FIELD_INVALID', 'by'],
    ['/api/v1/series?since=30d&stepMs=1', 'TR_WINDOW_INVALID', 'stepMs'],
    ['/api/v1/requests?limit=501', 'TR_FIELD_INVALID', 'limit'],
    ['/api/v1/requests?limit=1.5', 'TR_FIELD_INVALID', 'limit'],
    ['/api/v1/requests?sort=age', 'TR_FIELD_INVALID', 'sort'],
    ['/api/v1/requests?offset=-1', 'TR_FIELD_INVALID', 'offset'],
    ['/api/v1/requests?limit=1&limit=2', 'TR_FIELD_INVALID', 'limit'],
    ['/api/v1/requests?colour=red', 'TR_FIELD_INVALID', 'colour'],
    ['/api/v1/requests/not-a-uuid', 'TR_FIELD_INVALID', 'id'],
  ])('%s is %s at %s', async (path, code, field) => {
    const response = await control.ask(path);
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toMatchObject({ code, field });
  });

  test('an unknown endpoint and a wrong method', async () => {
    expect((await control.ask('/api/v1/nope')).status).toBe(404);
    expect((await control.ask('/api')).status).toBe(404);
    const wrong = await control.ask('/api/v1/answers', { method: 'POST', body: '{}' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET']);
    expect(await errorOf(wrong)).toMatchObject({ code: 'TR_METHOD' });
  });

  test('the request id is echoed when it is sane and made when it is not', async () => {
    const sane = await control.ask('/api/v1/nope', { headers: { 'x-request-id': 'abc-1' } });
    expect(sane.headers.get('x-request-id')).toBe('abc-1');
    expect((await errorOf(sane)).requestId).toBe('abc-1');
    const odd = await control.ask('/api/v1/nope', { headers: { 'x-request-id': '<script>' } });
    expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('data is never cached, and errors carry the security headers too', async () => {
    for (const path of ['/api/v1/health', '/api/v1/nope', '/metrics']) {
      const { headers } = await control.ask(path);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    }
  });

  test('a ledger or workers that do not answer are said to be down, and the rest is shown', async () => {
    const down = () => Promise.reject(new Error('gone'));
    const broken = openTestControl({
      ledger: Object.assign(Object.create(control.ledger), { health: down }),
      workerStats: down,
    });
    const value = health.parse(await (await broken.ask('/api/v1/health')).json());
    expect(value).toMatchObject({ status: 'degraded', ledger: null, workers: [] });
    expect(value.problems).toEqual(['the ledger does not answer', 'the workers cannot be asked']);
    const text = await (await broken.ask('/metrics')).text();
    expect(text).toContain('tailrace_ledger_up 0\n');
    expect(text).toContain('tailrace_process_cpu_seconds_total{process="control"}');
    await broken.close();
  });

  test('a fault inside is logged with its id and not shown', async () => {
    const broken = openTestControl({
      computeAnswers: () => Promise.reject(new Error('a very secret detail')),
    });
    const response = await broken.ask('/api/v1/answers');
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toContain('secret');
    expect(broken.logLines.join('')).toContain('a very secret detail');
    await broken.close();
  });
});

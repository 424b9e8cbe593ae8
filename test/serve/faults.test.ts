import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWireUpstream, type WireUpstream } from '../upstream/wire-upstream.ts';
import { configOf, startHarness, until, type Harness } from './gateway-harness.ts';

/** Engines that die, stall, lie and flood: the client gets a clear end, one record is settled, nothing leaks. */
let upstream: WireUpstream;
const open: Harness[] = [];
const servers: Server[] = [];

// Short enough for a test, long enough for a machine that is busy with others.
const timeouts = { connectMs: 2_000, ttftMs: 800, interTokenMs: 800, totalMs: 10_000 };

beforeEach(async () => {
  upstream = await startWireUpstream();
});

afterEach(async () => {
  for (const harness of open.splice(0)) {
    // A leak would show as a request in flight, a place held or an engine's outstanding count.
    await until(() => harness.gateway.gauges().inFlight === 0);
    for (const engine of harness.gateway.gauges().engines) expect(engine.outstanding).toBe(0);
    const ids = harness.records.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    await harness.close();
  }
  await upstream.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function gatewayFor(
  models: string[],
  options: Partial<Parameters<typeof configOf>[0]> = {},
): Promise<Harness> {
  const harness = await startHarness(
    configOf({
      engines: [{ name: 'e', url: `${upstream.url}/v1` }],
      models,
      route: { timeouts, retries: { maxAttempts: 1 }, ...options.route },
      ...options,
    }),
  );
  open.push(harness);
  return harness;
}

const chat = (model: string, stream: boolean) => ({
  model,
  stream,
  messages: [{ role: 'user', content: 'Say something about rivers.' }],
});

async function errorOf(reply: Response): Promise<{ code: string; message: string }> {
  const body = (await reply.json()) as { error: { code: string; message: string } };
  return body.error;
}

test.each([
  ['stall', false, 504, 'TR_TIMEOUT_TTFT', 'timeout'],
  ['stall', true, 504, 'TR_TIMEOUT_TTFT', 'timeout'],
  ['garbage-stream', true, 502, 'TR_UPSTREAM_INVALID', 'upstream_error'],
  ['error-invalid-json', false, 502, 'TR_UPSTREAM_INVALID', 'upstream_error'],
  ['cut-before-head', false, 502, 'TR_UPSTREAM_CUT', 'upstream_error'],
  ['huge', false, 502, 'TR_UPSTREAM_TOO_LARGE', 'upstream_error'],
  ['huge', true, 502, 'TR_UPSTREAM_INVALID', 'upstream_error'],
] as const)(
  'an engine with fault %s (stream %s) answers %i %s',
  async (model, stream, status, code, outcome) => {
    const harness = await gatewayFor([model], { server: { maxResponseBytes: 4_194_304 } });
    const reply = await harness.post('/v1/chat/completions', chat(model, stream));
    expect(reply.status).toBe(status);
    const error = await errorOf(reply);
    expect(error.code).toBe(code);
    expect(error.message).toContain('request');
    const record = await harness.recordOf(reply.headers.get('x-request-id'));
    expect(record).toMatchObject({
      status,
      errorCode: code,
      outcome,
      attempts: [{ engine: 'e', errorCode: code }],
    });
  },
);

test.each([
  ['cut-mid-stream', 'TR_UPSTREAM_CUT', 'engine_crash'],
  ['stall-mid-stream', 'TR_TIMEOUT_INTER_TOKEN', 'timeout'],
] as const)('a stream with fault %s ends in an error frame', async (model, code, outcome) => {
  // Unpaced, the cut can overtake the bytes before it.
  await upstream.close();
  upstream = await startWireUpstream({ paceMs: 10 });
  const harness = await gatewayFor([model]);
  const reply = await harness.post('/v1/chat/completions', chat(model, true));
  expect(reply.status).toBe(200);
  const text = await reply.text();
  const last = text.trim().split('\n\n').at(-1) ?? '';
  expect(JSON.parse(last.slice('data: '.length))).toMatchObject({ error: { code } });
  const record = await harness.recordOf(reply.headers.get('x-request-id'));
  expect(record).toMatchObject({ outcome, errorCode: code, usageSource: 'estimated' });
  expect(record.tokens.in).toBeGreaterThan(3);
  expect(record.tokens.out).toBeGreaterThan(0);
});

test('a client that goes away mid-stream stops the engine, and its tokens are counted here', async () => {
  await upstream.close();
  upstream = await startWireUpstream({ paceMs: 30 });
  const harness = await gatewayFor(['m'], { route: { retries: { maxAttempts: 1 } } });
  const stop = new AbortController();
  const reply = await harness.post('/v1/chat/completions', chat('m', true), {
    signal: stop.signal,
  });
  const reader = reply.body?.getReader();
  await reader?.read();
  await reader?.read();
  stop.abort();
  const record = await harness.recordOf(reply.headers.get('x-request-id'));
  expect(record).toMatchObject({ outcome: 'client_abort', status: 499, usageSource: 'estimated' });
  expect(record.tokens.out).toBeGreaterThan(0);
  await until(() => upstream.requests[0]?.aborted);
});

test('a client that goes away while it waits in the queue frees its place', async () => {
  const harness = await gatewayFor(['stall'], {
    route: {
      timeouts,
      retries: { maxAttempts: 1 },
      limits: { maxInFlight: 1, maxQueue: 1, queueTimeoutMs: 5_000 },
    },
  });
  const first = harness.post('/v1/chat/completions', chat('stall', false));
  await until(() => harness.gateway.gauges().inFlight === 1);
  const stop = new AbortController();
  const second = harness.post('/v1/chat/completions', chat('stall', false), {
    signal: stop.signal,
  });
  await until(() => harness.gateway.gauges().waiting === 1);
  const third = await harness.post('/v1/chat/completions', chat('stall', false));
  expect((await errorOf(third)).code).toBe('TR_QUEUE_FULL');
  expect(third.headers.get('retry-after')).toBe('1');
  stop.abort();
  await expect(second).rejects.toThrow('abort');
  await until(() => harness.gateway.gauges().waiting === 0);
  expect((await first).status).toBe(504);
});

test('a request that waits too long in the queue is told so', async () => {
  const harness = await gatewayFor(['stall'], {
    route: {
      timeouts: { ...timeouts, ttftMs: 2_000 },
      retries: { maxAttempts: 1 },
      limits: { maxInFlight: 1, maxQueue: 5, queueTimeoutMs: 60 },
    },
  });
  const first = harness.post('/v1/chat/completions', chat('stall', false));
  await until(() => harness.gateway.gauges().inFlight === 1);
  const second = await harness.post('/v1/chat/completions', chat('stall', false));
  expect((await errorOf(second)).code).toBe('TR_QUEUE_TIMEOUT');
  const record = await harness.recordOf(second.headers.get('x-request-id'));
  expect(record.latency.queueMs).toBeGreaterThanOrEqual(60);
  expect(record.engine).toBeNull();
  await first;
});

test('a failing engine is retried elsewhere before the first byte, and the time is on record', async () => {
  const harness = await gatewayFor(['m'], {
    engines: [
      { name: 'dead', url: 'http://127.0.0.1:9/v1' },
      { name: 'spare', url: `${upstream.url}/v1` },
    ],
    fallback: ['spare'],
    route: { timeouts, retries: { maxAttempts: 2 } },
  });
  for (let i = 0; i < 8; i += 1) {
    const reply = await harness.post('/v1/chat/completions', chat('m', i % 2 === 0));
    expect(reply.status).toBe(200);
    await reply.text();
    const record = await harness.recordOf(reply.headers.get('x-request-id'));
    expect(record).toMatchObject({ outcome: 'success', engine: 'spare' });
    // After five failures in a row the dead engine is passed over.
    expect(record.attempts.map(({ engine }) => engine)).toEqual(
      i < 5 ? ['dead', 'spare'] : ['spare'],
    );
  }
});

test('an engine that refuses our key does not show its reply to the client', async () => {
  const secretive = createServer((_req, res) => {
    res.writeHead(401, { 'content-type': 'application/json' });
    res.end('{"error":{"message":"Incorrect API key provided: sk-SECRET"}}');
  });
  servers.push(secretive);
  await new Promise<void>((resolve) => {
    secretive.listen(0, '127.0.0.1', resolve);
  });
  const { port } = secretive.address() as AddressInfo;
  const harness = await gatewayFor(['m'], {
    engines: [{ name: 'e', url: `http://127.0.0.1:${port}/v1`, apiKey: 'sk-SECRET' }],
  });
  const reply = await harness.post('/v1/chat/completions', chat('m', false));
  expect(reply.status).toBe(502);
  expect(await reply.text()).not.toContain('SECRET');
});

test('a reload drops no request: what is in flight ends under the old configuration', async () => {
  await upstream.close();
  upstream = await startWireUpstream({ paceMs: 20 });
  const harness = await gatewayFor(['m'], { route: {} });
  const running = harness.post('/v1/chat/completions', chat('m', true));
  await until(() => harness.gateway.gauges().inFlight === 1);
  harness.update(
    configOf({ engines: [{ name: 'other', url: `${upstream.url}/v1` }], models: ['m2'] }),
  );
  const text = await (await running).text();
  expect(text).toContain('[DONE]');
  expect((await harness.post('/v1/chat/completions', chat('m', false))).status).toBe(404);
  expect((await harness.post('/v1/chat/completions', chat('m2', false))).status).toBe(200);
});

test('draining lets streams end, refuses what is new and cuts what is left', async () => {
  await upstream.close();
  upstream = await startWireUpstream({ paceMs: 20 });
  const harness = await gatewayFor(['m', 'stall-mid-stream'], { route: {} });
  const ending = harness
    .post('/v1/chat/completions', chat('m', true))
    .then((reply) => reply.text());
  const stuck = harness
    .post('/v1/chat/completions', chat('stall-mid-stream', true))
    .then((reply) => reply.text());
  await until(() => harness.gateway.gauges().inFlight === 2);
  const drained = harness.gateway.drain(800);
  expect(await ending).toContain('[DONE]');
  expect(await stuck).toContain('TR_SHUTDOWN');
  await drained;
  expect(harness.records.map(({ outcome }) => outcome).toSorted()).toEqual(['shutdown', 'success']);
  open.splice(0);
});

test.each([
  ['not JSON', '{"model": "m", ', 400, 'TR_BODY_INVALID'],
  ['not an object', '[1]', 400, 'TR_BODY_INVALID'],
  ['no model', '{"messages":[]}', 400, 'TR_FIELD_INVALID'],
  ['model of the wrong type', '{"model":7,"messages":[]}', 400, 'TR_FIELD_INVALID'],
  [
    'stream of the wrong type',
    '{"model":"m","stream":"yes","messages":[]}',
    400,
    'TR_FIELD_INVALID',
  ],
  ['unknown model', '{"model":"nobody","messages":[]}', 404, 'TR_MODEL_UNKNOWN'],
  ['too large', `{"model":"m","x":"${'x'.repeat(5_000)}"}`, 413, 'TR_BODY_TOO_LARGE'],
] as const)('bad input: %s', async (_name, body, status, code) => {
  const harness = await gatewayFor(['m'], { server: { maxBodyBytes: 4_096 } });
  const reply = await harness.post('/v1/chat/completions', body);
  expect(reply.status).toBe(status);
  expect((await errorOf(reply)).code).toBe(code);
  const record = await harness.recordOf(reply.headers.get('x-request-id'));
  expect(record).toMatchObject({ outcome: 'rejected', errorCode: code, engine: null });
});

test('bad keys, methods, paths and encodings are refused by code', async () => {
  const harness = await gatewayFor(['m']);
  const post = (headers: Record<string, string>) =>
    fetch(`${harness.url}/v1/chat/completions`, { method: 'POST', headers, body: '{}' });
  expect((await errorOf(await post({}))).code).toBe('TR_AUTH_MISSING');
  expect((await errorOf(await post({ authorization: 'Bearer nope' }))).code).toBe(
    'TR_AUTH_INVALID',
  );
  const bearer = { authorization: `Bearer ${harness.key}` };
  expect((await errorOf(await post({ ...bearer, 'content-encoding': 'gzip' }))).code).toBe(
    'TR_ENCODING_UNSUPPORTED',
  );
  const get = async (path: string) =>
    errorOf(await fetch(`${harness.url}${path}`, { headers: bearer }));
  expect((await get('/v1/chat/completions')).code).toBe('TR_METHOD');
  expect((await get('/v1/nothing')).code).toBe('TR_NOT_FOUND');
  expect((await get('/v1/models/%E0%A4%A')).code).toBe('TR_MODEL_UNKNOWN');
  expect((await get('/api/v1/health')).code).toBe('TR_CONTROL_DOWN');
});

test('a body that trickles in is cut off, and leaves a record', async () => {
  const harness = await gatewayFor(['m'], { server: { bodyTimeoutMs: 100 } });
  const { hostname, port } = new URL(harness.url);
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${harness.key}\r\ncontent-length: 50\r\n\r\n{`,
  );
  const reply = await new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('close', () => resolve(text));
  });
  expect(reply).toContain('408');
  expect(reply).toContain('TR_BODY_TIMEOUT');
  expect(harness.records[0]).toMatchObject({ outcome: 'rejected', errorCode: 'TR_BODY_TIMEOUT' });
});

test('bytes that are not HTTP get a 400 and do not disturb the gateway', async () => {
  const harness = await gatewayFor(['m']);
  const { hostname, port } = new URL(harness.url);
  for (const bytes of [
    '\u0000\u0001\u0002\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    `GET / HTTP/1.1\r\n${'a: b\r\n'.repeat(5_000)}\r\n`,
  ]) {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.write(bytes);
    const text = await new Promise<string>((resolve) => {
      let got = '';
      socket.on('data', (chunk) => (got += chunk.toString()));
      socket.on('close', () => resolve(got));
    });
    expect(text).toMatch(/^HTTP\/1\.1 4\d\d/);
  }
  expect((await fetch(`${harness.url}/healthz`)).status).toBe(200);
});

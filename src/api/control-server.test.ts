import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startControlServer, type ControlServer } from './control-server.ts';
import { ADMIN_KEY, NOW_MS, openTestControl, type TestControl } from './test-control.ts';
import { testingRecord } from '../records/testing-record.ts';

let control: TestControl;
let server: ControlServer;

beforeAll(async () => {
  control = openTestControl();
  server = await startControlServer({ app: control.app });
});
afterAll(async () => {
  await server.close();
  await control.close();
});

const headers = { authorization: `Bearer ${ADMIN_KEY}` };

/** Sends bytes as they are and reads until the server closes. */
const raw = (text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let got = '';
    const socket = connect(server.port, '127.0.0.1', () => socket.end(text));
    socket.on('data', (data) => (got += data.toString()));
    socket.on('end', () => resolve(got));
    socket.on('error', reject);
  });

test('serves over HTTP', async () => {
  const response = await fetch(`${server.url}/api/v1/health`, { headers });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ version: '0.0.0-test', ledger: {} });
});

test.each([
  ['no Host', 'GET /api/v1/health HTTP/1.1\r\nConnection: close\r\n\r\n', /^HTTP\/1.1 400 /],
  [
    'two Hosts',
    'GET /metrics HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\nConnection: close\r\n\r\n',
    /^HTTP\/1.1 403 [^]*TR_HOST_REFUSED/,
  ],
  [
    'a bad Host',
    'GET /metrics HTTP/1.1\r\nHost: a b@c\r\nConnection: close\r\n\r\n',
    /^HTTP\/1.1 403 [^]*TR_HOST_REFUSED/,
  ],
  [
    'a foreign Host',
    'GET /metrics HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
    /^HTTP\/1.1 403 [^]*TR_HOST_REFUSED/,
  ],
  [
    'a full URL',
    'GET http://evil.example/metrics HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
    /^HTTP\/1.1 403 [^]*TR_HOST_REFUSED/,
  ],
  [
    'a path outside',
    'GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    /^HTTP\/1.1 404 /,
  ],
  ['garbage', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', /^HTTP\/1.1 400 /],
])('%s is refused', async (_, text, expected) => {
  expect(await raw(text)).toMatch(expected);
});

test('a body above the limit is refused, announced or not', async () => {
  const body = JSON.stringify({ name: 'x'.repeat(100_000) });
  const json = { ...headers, 'content-type': 'application/json' };
  const plain = await fetch(`${server.url}/api/v1/keys`, { method: 'POST', headers: json, body });
  expect(plain.status).toBe(413);
  const chunked = await fetch(`${server.url}/api/v1/keys`, {
    method: 'POST',
    headers: json,
    body: new Blob([body]).stream(),
    duplex: 'half',
  });
  expect(chunked.status).toBe(413);
  expect(await chunked.json()).toMatchObject({ error: { code: 'TR_BODY_TOO_LARGE' } });
});

test('a client that goes away frees its event stream; one that stays gets a tick', async () => {
  const abort = new AbortController();
  const gone = await fetch(`${server.url}/api/v1/events`, { headers, signal: abort.signal });
  expect(gone.headers.get('content-type')).toContain('text/event-stream');
  abort.abort();
  const response = await fetch(`${server.url}/api/v1/events`, { headers });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = (await reader?.read())?.value ?? '';
  expect(text).toContain('retry: 2000');
  control.addRecords([testingRecord({ startedAtMs: NOW_MS - 1_000 })]);
  while (!text.includes('event: tick')) {
    const chunk = await reader?.read();
    if (chunk === undefined || chunk.done) break;
    text += chunk.value;
  }
  expect(text).toContain('"recordsTotal":1');
  await reader?.cancel();
});

test('an export arrives whole over a socket', async () => {
  const response = await fetch(`${server.url}/api/v1/export?since=1h`, { headers });
  const bytes = await response.arrayBuffer();
  expect(String(bytes.byteLength)).toBe(response.headers.get('content-length'));
});

test('close ends open streams', async () => {
  const other = await startControlServer({ app: control.app });
  const response = await fetch(`${other.url}/api/v1/events`, { headers });
  const reading = response.text().catch(() => 'ended');
  await other.close();
  expect(await reading).toBeTypeOf('string');
});

test('a port in use is an error', async () => {
  await expect(startControlServer({ app: control.app, port: server.port })).rejects.toThrow(
    /EADDRINUSE/,
  );
});

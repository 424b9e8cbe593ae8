import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { configSchema } from '../../src/config/schema.ts';
import { startWireUpstream, type WireUpstream } from '../upstream/wire-upstream.ts';
import { configOf, startHarness, type Harness } from './gateway-harness.ts';

/** What RFC 9110 and 9112 ask of a server and few clients use; and clients that aim beside the endpoint. */
const closers: Array<() => Promise<void>> = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function gateway(
  server: Record<string, unknown> = {},
): Promise<{ harness: Harness; upstream: WireUpstream; config: unknown }> {
  const upstream = await startWireUpstream();
  closers.push(() => upstream.close());
  const engines = [{ name: 'e', url: `${upstream.url}/v1` }];
  const config = configOf({ engines, models: ['m'], server });
  const harness = await startHarness(config);
  closers.push(() => harness.close());
  return { harness, upstream, config };
}

/** Everything that comes on one connection until the server closes it. */
function exchange(url: string, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    socket.on('error', reject);
  });
}

const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }] });

const post = (target: string, key: string, payload: Buffer = Buffer.from(body)): Buffer =>
  Buffer.concat([
    Buffer.from(
      `POST ${target} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${key}\r\n` +
        'content-type: application/json\r\nconnection: close\r\n' +
        `content-length: ${payload.length}\r\n\r\n`,
    ),
    payload,
  ]);

test('a target in absolute form is served as one in origin form', async () => {
  const { harness } = await gateway();
  for (const scheme of ['http', 'HTTP', 'https']) {
    const target = `${scheme}://gateway.example/v1/chat/completions`;
    const reply = await exchange(harness.url, post(target, harness.key));
    expect(reply).toMatch(/^HTTP\/1.1 200 /);
  }
});

test('the authority of an absolute target is the host that the control API checks', async () => {
  const { harness, config } = await gateway();
  const control: Server = createServer((req, res) => res.end(`${req.headers.host} ${req.url}`));
  await new Promise<void>((resolve) => {
    control.listen(0, '127.0.0.1', resolve);
  });
  closers.push(async () => void control.close());
  const { port } = control.address() as AddressInfo;
  harness.gateway.update({ config: configSchema.parse(config), keys: [], controlPort: port });
  const head = 'HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n';
  const reply = await exchange(harness.url, `GET http://evil.example:80/api/v1/keys?a=b ${head}`);
  expect(reply).toContain('evil.example:80 /api/v1/keys?a=b');
  const bare = await exchange(harness.url, `GET http://evil.example ${head}`);
  expect(bare).toContain('evil.example /');
});

test.each([
  ['GET', '/v1/chat/completions', 'POST'],
  ['DELETE', '/v1/models', 'GET, HEAD'],
  ['PUT', '/v1/messages', 'POST'],
])('%s %s names the methods that are served', async (method, path, allow) => {
  const { harness } = await gateway();
  const reply = await fetch(`${harness.url}${path}`, { method });
  expect(reply.status).toBe(405);
  expect(reply.headers.get('allow')).toBe(allow);
});

test('the list of models can be asked for its head', async () => {
  const { harness } = await gateway();
  const headers = { authorization: `Bearer ${harness.key}` };
  const reply = await fetch(`${harness.url}/v1/models`, { method: 'HEAD', headers });
  expect(reply.status).toBe(200);
  expect(Number(reply.headers.get('content-length'))).toBeGreaterThan(0);
});

test.each([
  '/chat/completions',
  '//v1/chat/completions',
  '/v1/chat/completions/',
  '/v1/v1/chat/completions',
  '/api/chat/completions',
  '/openai/deployments/m/chat/completions',
  '/messages',
  '/messages/count_tokens',
])('a post to %s is told which endpoints there are', async (path) => {
  const { harness } = await gateway();
  const reply = await exchange(harness.url, post(path, harness.key));
  expect(reply).toMatch(/^HTTP\/1.1 404 /);
  expect(reply).toContain('TR_NOT_FOUND');
  expect(reply).toContain('/v1/chat/completions');
});

test('a body that is not UTF-8 is refused, not changed', async () => {
  const { harness, upstream } = await gateway();
  const [before, after] = body.split('hi');
  const payload = Buffer.concat([
    Buffer.from(before ?? ''),
    Buffer.from([0xff, 0xfe]),
    Buffer.from(after ?? ''),
  ]);
  const reply = await exchange(harness.url, post('/v1/chat/completions', harness.key, payload));
  expect(reply).toMatch(/^HTTP\/1.1 400 /);
  expect(reply).toContain('UTF-8');
  expect(upstream.requests).toHaveLength(0);
});

test('a head that is too long, or never ends, is told so', async () => {
  const { harness } = await gateway({ headersTimeoutMs: 1_000 });
  const long = await exchange(
    harness.url,
    `GET /v1/models HTTP/1.1\r\nhost: x\r\nx-long: ${'y'.repeat(20_000)}\r\n\r\n`,
  );
  expect(long).toMatch(/^HTTP\/1.1 431 /);
  expect(long).toContain('16384 bytes');
  const slow = await exchange(harness.url, 'GET /v1/models HTTP/1.1\r\nhost: x\r\n');
  expect(slow).toMatch(/^HTTP\/1.1 408 /);
  expect(slow).toContain('server.headersTimeoutMs');
});

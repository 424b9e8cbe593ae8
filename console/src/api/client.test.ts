import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ApiFailure, createClient, queryString, type Client } from './client.ts';

/** A real server answers with whatever the test says; the console's fetch is Node's own. */
let server: Server;
let base = '';
let reply = { status: 200, body: '{}' };
let seen: Array<{ url: string; authorization: string | undefined }> = [];
let refused: string[] = [];
let client: Client;
const signal = new AbortController().signal;

beforeEach(async () => {
  reply = { status: 200, body: '{}' };
  seen = [];
  refused = [];
  server = createServer((request, response) => {
    seen.push({ url: request.url ?? '', authorization: request.headers.authorization });
    response.writeHead(reply.status, { 'content-type': 'application/json' }).end(reply.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  base = typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '';
  client = createClient({
    fetch: (path, init) => fetch(`${base}${path}`, init),
    key: () => 'trk_test',
    onRefused: (message) => void refused.push(message),
  });
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const failureOf = async (work: Promise<unknown>): Promise<ApiFailure> => {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof ApiFailure) return error;
  throw new Error('expected an ApiFailure', { cause: error });
};

describe('client', () => {
  test('asks with the key and the query', async () => {
    reply.body = '{"services":[]}';
    await client.answers({ since: '1h', by: 'feature' }, signal);
    await client.request('a/b', signal);
    expect(seen).toEqual([
      { url: '/api/v1/answers?since=1h&by=feature', authorization: 'Bearer trk_test' },
      { url: '/api/v1/requests/a%2Fb', authorization: 'Bearer trk_test' },
    ]);
  });

  test('a refused key asks for sign-in with the message of the API', async () => {
    const error = { code: 'TR_ADMIN_REQUIRED', message: 'this key is a service key', field: null };
    reply = { status: 403, body: JSON.stringify({ error }) };
    const failure = await failureOf(client.health(signal));
    expect([failure.status, failure.code]).toEqual([403, 'TR_ADMIN_REQUIRED']);
    expect(refused).toEqual(['this key is a service key']);
  });

  test('a refused host is not a matter of the key', async () => {
    const error = { code: 'TR_HOST_REFUSED', message: 'this Host is not allowed', field: 'host' };
    reply = { status: 403, body: JSON.stringify({ error }) };
    expect((await failureOf(client.health(signal))).needsSignIn).toBe(false);
    expect(refused).toEqual([]);
  });

  test('bodies that are not ours still give a clear failure', async () => {
    reply = { status: 502, body: '<html>' };
    expect((await failureOf(client.health(signal))).message).toContain('HTTP 502');
    reply = { status: 200, body: '{"cut":' };
    expect((await failureOf(client.health(signal))).code).toBe('unreadable');
  });

  test('a server that is gone is unreachable', async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    expect((await failureOf(client.health(signal))).code).toBe('unreachable');
  });

  test('query strings leave out what is not set', () => {
    expect(queryString({ a: 1, b: undefined, c: '', d: 'x&y', e: 0 })).toBe('?a=1&d=x%26y&e=0');
    expect(queryString({})).toBe('');
  });
});

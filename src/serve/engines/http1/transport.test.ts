import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Transport, UpstreamEvents, UpstreamHandle } from '../transport.ts';
import { createHttp1Transport } from './transport.ts';

const cleanups: Array<() => Promise<unknown>> = [];

afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

/** A server of raw bytes: `answer` is called with all that a connection has received so far. */
async function serve(
  answer: (socket: Socket, text: string, connection: number) => void,
): Promise<{ origin: string; connections: () => number; server: Server }> {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    connections += 1;
    const connection = connections;
    sockets.add(socket);
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      answer(socket, text, connection);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { origin: `http://127.0.0.1:${port}`, connections: () => connections, server };
}

function transportTo(origin: string, maxConnections = 8): Transport {
  const transport = createHttp1Transport({ origin, connectTimeoutMs: 2_000, maxConnections });
  cleanups.push(() => transport.close());
  return transport;
}

interface Outcome {
  status: number | null;
  body: string;
  end: string;
}

/** Sends one request; `onHead` may act on the handle. */
function ask(
  transport: Transport,
  body = '{}',
  headers: string[] = ['content-type', 'application/json'],
): { handle: UpstreamHandle; outcome: Promise<Outcome> } {
  let handle: UpstreamHandle | null = null;
  const outcome = new Promise<Outcome>((resolve) => {
    const seen: Outcome = { status: null, body: '', end: '' };
    const events: UpstreamEvents = {
      onHead: (status) => {
        seen.status = status;
      },
      onData: (chunk) => {
        seen.body += chunk.toString('utf8');
        return true;
      },
      onEnd: () => resolve({ ...seen, end: 'end' }),
      onError: (failure) => resolve({ ...seen, end: failure }),
    };
    handle = transport.send({ path: '/v1/chat/completions', headers, body }, events);
  });
  if (handle === null) throw new Error('send returns a handle');
  return { handle, outcome };
}

const reply = (body: string): string =>
  `HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const isWhole = (text: string): boolean => text.endsWith('}');

test('writes the request as it is meant, and uses the connection again', async () => {
  const requests: string[] = [];
  const { origin, connections } = await serve((socket, text) => {
    requests.push(text);
    socket.write(reply('hello'));
  });
  const transport = transportTo(origin);
  expect(await ask(transport, '{"a":"ü"}').outcome).toEqual({
    status: 200,
    body: 'hello',
    end: 'end',
  });
  expect(Buffer.from(requests[0] ?? '', 'latin1').toString('utf8')).toBe(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: ${new URL(origin).host}\r\n` +
      'content-type: application/json\r\ncontent-length: 10\r\n\r\n{"a":"ü"}',
  );
  await ask(transport).outcome;
  expect(connections()).toBe(1);
});

test('a line break in a field cannot make a second request', async () => {
  let got = '';
  const { origin } = await serve((socket, text) => {
    got = text;
    if (isWhole(text)) socket.write(reply('ok'));
  });
  const fields = ['x-tag', 'a\r\ncontent-length: 0\r\n\r\nGET / HTTP/1.1'];
  expect((await ask(transportTo(origin), '{}', fields).outcome).body).toBe('ok');
  expect(got).toContain('x-tag: a??content-length: 0????GET / HTTP/1.1\r\n');
});

test.each([
  ['asked for by the engine', 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 1\r\n\r\nx'],
  ['with bytes that nobody asked for', `${reply('x')}HTTP/1.1 200 OK\r\n`],
  ['with a second response', reply('x') + reply('y')],
])('does not use a connection again: %s', async (_, bytes) => {
  const { origin, connections } = await serve((socket) => socket.write(bytes));
  const transport = transportTo(origin);
  expect((await ask(transport).outcome).body).toBe('x');
  expect((await ask(transport).outcome).body).toBe('x');
  expect(connections()).toBe(2);
});

test('does not use a connection again that the engine closed while it was idle', async () => {
  const { origin, connections } = await serve((socket) => {
    socket.write(reply('x'), () => setTimeout(() => socket.end(), 5));
  });
  const transport = transportTo(origin);
  await ask(transport).outcome;
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect((await ask(transport).outcome).end).toBe('end');
  expect(connections()).toBe(2);
});

test('reports how an exchange failed', async () => {
  const cut = await serve((socket) =>
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx', () => socket.end()),
  );
  expect(await ask(transportTo(cut.origin)).outcome).toEqual({
    status: 200,
    body: 'x',
    end: 'cut',
  });
  const reset = await serve((socket) => socket.destroy());
  expect((await ask(transportTo(reset.origin)).outcome).end).toBe('cut');
  const garbage = await serve((socket) => socket.write('SSH-2.0-dropbear\r\n'));
  expect((await ask(transportTo(garbage.origin)).outcome).end).toBe('protocol');
  const gone = await serve(() => {});
  await new Promise((resolve) => gone.server.close(resolve));
  expect((await ask(transportTo(gone.origin)).outcome).end).toBe('connect');
});

test('an abort ends its own exchange only, and no event follows', async () => {
  const { origin, connections } = await serve((socket, _, connection) => {
    if (connection > 1) socket.write(reply('second'));
    else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx');
  });
  const transport = transportTo(origin);
  const first = ask(transport);
  let ended = false;
  void first.outcome.then(() => {
    ended = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  first.handle.abort();
  const second = ask(transport);
  expect((await second.outcome).body).toBe('second');
  first.handle.abort();
  second.handle.abort();
  expect((await ask(transport).outcome).body).toBe('second');
  expect([ended, connections()]).toEqual([false, 2]);
});

test('beyond the largest number of connections requests wait in turn', async () => {
  const { origin, connections } = await serve((socket) => {
    setTimeout(() => socket.write(reply('ok')), 2);
  });
  const transport = transportTo(origin, 2);
  const asked = Array.from({ length: 20 }, () => ask(transport));
  asked[10]?.handle.abort();
  const others = asked.filter((_, i) => i !== 10);
  const outcomes = await Promise.all(others.map(({ outcome }) => outcome));
  expect(outcomes.every(({ body, end }) => body === 'ok' && end === 'end')).toBe(true);
  expect(connections()).toBe(2);
});

test('a connection that cannot be made leaves nobody waiting for it', async () => {
  const gone = await serve(() => {});
  await new Promise((resolve) => gone.server.close(resolve));
  const transport = transportTo(gone.origin, 1);
  const outcomes = await Promise.all([1, 2, 3].map(() => ask(transport).outcome));
  expect(outcomes.map(({ end }) => end)).toEqual(['connect', 'connect', 'connect']);
});

test('holds the engine, not the bytes, while its reader is paused', async () => {
  const size = 8_000_000;
  const { origin } = await serve((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${size}\r\n\r\n`);
    socket.write(Buffer.alloc(size, 0x61));
  });
  const transport = transportTo(origin);
  let bytes = 0;
  let paused = true;
  const done = new Promise<string>((resolve) => {
    const handle: UpstreamHandle = transport.send(
      { path: '/', headers: [], body: '{}' },
      {
        onHead: () => {},
        onData: (chunk) => {
          bytes += chunk.length;
          return !paused;
        },
        onEnd: () => resolve('end'),
        onError: (failure) => resolve(failure),
      },
    );
    setTimeout(() => {
      expect(bytes).toBeLessThan(size / 4);
      paused = false;
      handle.resume();
    }, 50);
  });
  expect(await done).toBe('end');
  expect(bytes).toBe(size);
});

test('closing ends what is in flight', async () => {
  const { origin } = await serve(() => {});
  const transport = transportTo(origin, 1);
  const waiting = [ask(transport), ask(transport)];
  await new Promise((resolve) => setTimeout(resolve, 20));
  await transport.close();
  expect((await waiting[1]?.outcome)?.end).toBe('cut');
});

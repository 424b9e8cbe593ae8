import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { claimPort, workersAccept } from './listen-port.ts';

const host = '127.0.0.1';
const open: Server[] = [];

afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function listen(port: number, reusePort: boolean): Promise<Server> {
  const server = createServer((socket) => socket.end()).listen({
    host,
    port,
    reusePort,
    exclusive: true,
  });
  open.push(server);
  await once(server, 'listening');
  return server;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

test.each(workersAccept ? [true, false] : [false])(
  'a port on which another program listens is refused (that one shares it: %s)',
  async (shares) => {
    const port = portOf(await listen(0, shares));
    await expect(claimPort(host, port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  },
);

test('a claimed port can be listened on by each worker, and connections reach them', async () => {
  for (const asked of [0, portOf(await listen(0, false))]) {
    for (const server of open.splice(0)) {
      server.close();
      await once(server, 'close');
    }
    const { port, release } = await claimPort(host, asked);
    if (asked !== 0) expect(port).toBe(asked);
    await listen(port, workersAccept);
    if (workersAccept) await listen(port, true);
    release();
    for (let i = 0; i < 20; i += 1) {
      const socket = connect(port, host);
      socket.resume();
      await once(socket, 'end');
    }
  }
});

test.runIf(workersAccept)(
  'a port that the system picked is held until it is released',
  async () => {
    const { port, release } = await claimPort(host, 0);
    await expect(listen(port, false)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    release();
  },
);

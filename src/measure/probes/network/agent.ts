import { createServer, type AddressInfo, type Socket } from 'node:net';
import { timingSafeEqual, createHash } from 'node:crypto';
import type { Clock } from '../../../records/clock.ts';
import { TailraceError } from '../../../records/errors.ts';
import { CHUNK_BYTES, MAX_ORDER_BYTES, order, type Order } from './protocol.ts';

export interface AgentOptions {
  host: string;
  port: number;
  /** Who does not know it is turned away; empty lets everyone measure. */
  token: string;
  clock: Clock;
  /** Connections at once; more are refused. */
  maxConnections: number;
  /** A connection that does nothing for so long is ended. */
  idleMs: number;
}

export interface Agent {
  port: number;
  close(): Promise<void>;
}

/** Listens for probes. It stores nothing and sends nothing but what it was asked to. */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setTimeout(options.idleMs, () => socket.destroy());
    awaitOrder(socket, options);
  });
  server.maxConnections = options.maxConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(notListening(options, error)));
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function awaitOrder(socket: Socket, options: AgentOptions): void {
  let held = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    held = Buffer.concat([held, chunk]);
    const end = held.indexOf(0x0a);
    if (end === -1 && held.length <= MAX_ORDER_BYTES) return;
    socket.off('data', onData);
    const asked = end === -1 ? null : readOrder(held.subarray(0, end).toString('utf8'));
    if (asked === null || !sameToken(asked.token, options.token)) {
      socket.end('{"error":"refused"}\n');
      return;
    }
    const rest = held.subarray(end + 1);
    if (rest.length > 0) socket.unshift(rest);
    serve(socket, asked, options.clock);
  };
  socket.on('data', onData);
  // Half-open, so that a sink can answer after the asker has ended; who never asked is ended too.
  socket.once('end', () => socket.bytesWritten === 0 && held.indexOf(0x0a) === -1 && socket.end());
}

function readOrder(line: string): Order | null {
  try {
    const parsed = order.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Compared in constant time over hashes, so that length and prefix of the token stay unknown. */
function sameToken(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}

function serve(socket: Socket, asked: Order, clock: Clock): void {
  switch (asked.op) {
    case 'echo':
      socket.pipe(socket);
      return;
    case 'sink':
      sink(socket, clock);
      return;
    case 'source':
      source(socket, asked.durationMs, clock);
  }
}

function sink(socket: Socket, clock: Clock): void {
  let bytes = 0;
  let firstMs: number | null = null;
  socket.on('data', (chunk: Buffer) => {
    firstMs ??= clock.monoMs();
    bytes += chunk.length;
  });
  socket.on('end', () => {
    const ms = firstMs === null ? 0 : clock.monoMs() - firstMs;
    socket.end(`${JSON.stringify({ bytes, ms })}\n`);
  });
}

function source(socket: Socket, durationMs: number, clock: Clock): void {
  const chunk = Buffer.alloc(CHUNK_BYTES, 0x5a);
  const endMs = clock.monoMs() + durationMs;
  const push = (): void => {
    while (!socket.destroyed && clock.monoMs() < endMs) {
      if (!socket.write(chunk)) return;
    }
    if (!socket.destroyed) socket.end();
  };
  socket.on('drain', push);
  push();
}

function notListening({ host, port }: AgentOptions, error: Error): TailraceError {
  const message = `cannot listen on ${host}:${port}: ${error.message}; choose another --listen`;
  return new TailraceError('TR_PROBE_FAILED', message, { field: 'listen', cause: error });
}

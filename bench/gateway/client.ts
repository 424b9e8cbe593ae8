import { connect, type Socket } from 'node:net';
import { replyReader } from './reply-reader.ts';
import { sequenceOf } from './wire.ts';

/** Where and how to ask one contender. */
export interface Endpoint {
  port: number;
  path: string;
  headers: Readonly<Record<string, string>>;
}

/** A whole request as it goes over the wire. */
export function requestBytes(endpoint: Endpoint, body: string): Buffer {
  const headers = {
    host: `127.0.0.1:${endpoint.port}`,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...endpoint.headers,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${endpoint.path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}

/** How one exchange went. Times are monotonic milliseconds. */
export interface Exchange {
  status: number;
  sentMs: number;
  /** First body byte that holds content. */
  firstMs: number | null;
  endMs: number;
  /** Content frames received, and whether each came exactly once and in order. */
  frames: number;
  inOrder: boolean;
  /** The connection failed. */
  failed: boolean;
}

/** One kept-alive connection; one exchange at a time. */
export interface Connection {
  send(request: Buffer, done: (exchange: Exchange) => void): void;
  close(): void;
}

/** Opens a connection; rejects when nothing listens. */
export function openConnection(port: number): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(connectionOver(socket));
    });
  });
}

function connectionOver(socket: Socket): Connection {
  let exchange: Exchange | null = null;
  let done: ((exchange: Exchange) => void) | null = null;
  let text = '';
  const finish = (failed: boolean): void => {
    const ended = exchange;
    const tell = done;
    exchange = null;
    done = null;
    if (ended === null || tell === null) return;
    ended.endMs = performance.now();
    ended.failed = failed;
    tell(ended);
  };
  const frame = (one: Exchange, frameText: string): void => {
    const sequence = sequenceOf(frameText);
    if (sequence === null) return;
    one.firstMs ??= performance.now();
    if (sequence !== one.frames) one.inOrder = false;
    one.frames += 1;
  };
  const reader = replyReader({
    onHead: (status) => {
      if (exchange !== null) exchange.status = status;
    },
    onBody: (bytes) => {
      if (exchange === null) return;
      text += bytes.toString('latin1');
      for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
        frame(exchange, text.slice(0, end));
        text = text.slice(end + 2);
      }
    },
    onEnd: () => {
      if (exchange !== null && text !== '') exchange.firstMs ??= performance.now();
      text = '';
      finish(false);
    },
  });
  socket.on('data', (chunk) => {
    try {
      reader.push(chunk);
    } catch (error) {
      socket.destroy(error instanceof Error ? error : undefined);
    }
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => finish(true));
  return {
    send(request, tell) {
      exchange = {
        status: 0,
        sentMs: performance.now(),
        firstMs: null,
        endMs: 0,
        frames: 0,
        inOrder: true,
        failed: false,
      };
      done = tell;
      if (socket.destroyed) finish(true);
      else socket.write(request);
    },
    close: () => socket.destroy(),
  };
}

import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type {
  Transport,
  TransportFailure,
  TransportOptions,
  UpstreamEvents,
  UpstreamHandle,
  UpstreamRequest,
} from '../transport.ts';
import { Connection, type ConnectionOwner } from './connection.ts';

/** Engines close idle connections too, often after 5 s; one that was closed meanwhile is never used. */
const idleMaxMs = 30_000;
const idleSweepMs = 5_000;

/**
 * What all connections read into, one after the other: a frame of a stream is some hundred bytes, and Node would set
 * aside 64 KiB for each.
 */
const readBuffer = Buffer.allocUnsafeSlow(65_536);

/**
 * Transport over kept-alive HTTP/1.1 sockets of its own, TCP_NODELAY, one exchange at a time each. A third of the CPU
 * time of undici's dispatch per exchange (docs/decisions/0041-own-engine-transport.md). A request is never sent twice.
 */
export function createHttp1Transport(options: TransportOptions): Transport {
  return new Http1Transport(options);
}

class Http1Transport implements Transport, ConnectionOwner {
  readonly #options: TransportOptions;
  readonly #origin: URL;
  readonly #hostLine: string;
  /** The last one used is taken first, so that spare ones grow old and are closed. */
  readonly #idle: Connection[] = [];
  readonly #all = new Set<Connection>();
  readonly #connecting = new Set<Socket>();
  /** Exchanges beyond `maxConnections`; the route's limiter bounds how many there can be. */
  readonly #waiting = new Set<Http1Exchange>();
  readonly #sweep: NodeJS.Timeout;
  #closed = false;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#origin = new URL(options.origin);
    this.#hostLine = ` HTTP/1.1\r\nhost: ${this.#origin.host}\r\n`;
    this.#sweep = setInterval(() => this.#closeOld(), idleSweepMs);
    this.#sweep.unref();
  }

  send(request: UpstreamRequest, events: UpstreamEvents): UpstreamHandle {
    const exchange = new Http1Exchange(this.#headOf(request), request.body, events, (one) =>
      this.#waiting.delete(one),
    );
    this.#place(exchange);
    return exchange;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweep);
    for (const connection of this.#all) connection.destroy();
    for (const socket of this.#connecting) socket.destroy(new Error('the transport was closed'));
    for (const exchange of this.#waiting) {
      exchange.fail('cut', new Error('the transport was closed'));
    }
    this.#waiting.clear();
  }

  onIdle(connection: Connection): void {
    const [next] = this.#waiting;
    if (next !== undefined) {
      this.#waiting.delete(next);
      next.begin(connection);
      return;
    }
    connection.idleSinceMs = performance.now();
    this.#idle.push(connection);
  }

  onGone(connection: Connection): void {
    this.#all.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at !== -1) this.#idle.splice(at, 1);
    this.#placeNext();
  }

  /** Room for a connection has come free: the exchange that waited longest tries for it. */
  #placeNext(): void {
    const [next] = this.#waiting;
    if (next === undefined || this.#closed) return;
    this.#waiting.delete(next);
    this.#place(next);
  }

  #place(exchange: Http1Exchange): void {
    const idle = this.#idle.pop();
    if (idle !== undefined) exchange.begin(idle);
    else if (this.#all.size + this.#connecting.size < this.#options.maxConnections) {
      this.#connect(exchange);
    } else this.#waiting.add(exchange);
  }

  #connect(exchange: Http1Exchange): void {
    const reader: Reader = { connection: null };
    const socket = this.#open(reader);
    this.#connecting.add(socket);
    const timer = setTimeout(
      () => settle('connect-timeout', new Error('no connection in time')),
      this.#options.connectTimeoutMs,
    );
    const settle = (failure: TransportFailure | null, cause: Error | null): void => {
      if (!this.#connecting.delete(socket)) return;
      clearTimeout(timer);
      socket.removeAllListeners();
      if (failure !== null || cause !== null) {
        // A socket that fails once more while it is torn down must not take the process with it.
        socket.on('error', () => {});
        socket.destroy();
        exchange.fail(failure ?? 'connect', cause ?? new Error('no connection'));
        this.#placeNext();
        return;
      }
      const connection = new Connection(socket, this);
      reader.connection = connection;
      this.#all.add(connection);
      if (exchange.aborted) this.onIdle(connection);
      else exchange.begin(connection);
    };
    socket.on('error', (error) => settle('connect', error));
    socket.on('close', () => settle('connect', new Error('the connection was refused')));
    const ready = this.#origin.protocol === 'https:' ? 'secureConnect' : 'connect';
    socket.on(ready, () => settle(null, null));
  }

  /** The reader is not asked for TLS, whose bytes come as `data` events. */
  #open(reader: Reader): Socket {
    const { protocol, hostname, port } = this.#origin;
    const host = hostname.replace(/^\[|\]$/g, '');
    if (protocol !== 'https:') {
      const onread = {
        buffer: readBuffer,
        callback: (length: number) => {
          reader.connection?.receive(readBuffer.subarray(0, length), true);
          return true;
        },
      };
      return connectTcp({ host, port: Number(port || 80), noDelay: true, onread });
    }
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const socket = connectTls({
      host,
      port: Number(port || 443),
      ALPNProtocols: ['http/1.1'],
      ...servername,
    });
    return socket.setNoDelay(true);
  }

  #headOf({ path, headers, body }: UpstreamRequest): string {
    let fields = '';
    for (let i = 0; i + 1 < headers.length; i += 2) {
      fields += `${headers[i] ?? ''}: ${headers[i + 1] ?? ''}\r\n`;
    }
    // A line break in a value would make a second request of it, and the head is sent as ASCII.
    if (!plain.test(fields)) fields = cleaned(headers);
    return `POST ${path}${this.#hostLine}${fields}content-length: ${Buffer.byteLength(body)}\r\n\r\n`;
  }

  #closeOld(): void {
    const beforeMs = performance.now() - idleMaxMs;
    // The oldest stand first.
    while (this.#idle[0] !== undefined && this.#idle[0].idleSinceMs < beforeMs) {
      this.#idle[0].destroy();
    }
  }
}

/**
 * Where a socket's bytes go. Not a closure over the connection: that would keep alive all else that its function names,
 * the first exchange of each connection.
 */
interface Reader {
  connection: Connection | null;
}

/** One request on its way: waiting for a connection, then carried by one. */
class Http1Exchange implements UpstreamHandle {
  aborted = false;
  readonly #head: string;
  readonly #body: string;
  readonly #events: UpstreamEvents;
  readonly #onAbort: (exchange: Http1Exchange) => void;
  #connection: Connection | null = null;

  constructor(
    head: string,
    body: string,
    events: UpstreamEvents,
    onAbort: (exchange: Http1Exchange) => void,
  ) {
    this.#head = head;
    this.#body = body;
    this.#events = events;
    this.#onAbort = onAbort;
  }

  begin(connection: Connection): void {
    this.#connection = connection;
    connection.send(this.#head, this.#body, this.#events);
  }

  fail(failure: TransportFailure, cause: Error): void {
    if (!this.aborted) this.#events.onError(failure, cause);
  }

  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    this.#onAbort(this);
    this.#connection?.abort(this.#events);
  }

  resume(): void {
    this.#connection?.resume(this.#events);
  }
}

const plain = /^(?:[\t\x20-\x7e]+\r\n)*$/;

function cleaned(headers: readonly string[]): string {
  let fields = '';
  for (let i = 0; i + 1 < headers.length; i += 2) {
    fields += `${headers[i] ?? ''}: ${(headers[i + 1] ?? '').replace(/[^\t\x20-\x7e]/g, '?')}\r\n`;
  }
  return fields;
}

import { Pool, errors, type Dispatcher } from 'undici';
import type {
  Transport,
  TransportFailure,
  TransportOptions,
  UpstreamEvents,
  UpstreamHandle,
  UpstreamRequest,
} from './transport.ts';

const stopped = new Error('stopped by the gateway');

/** One request in flight: the undici handler and our handle in one object, to allocate once. */
class UndiciExchange implements Dispatcher.DispatchHandler, UpstreamHandle {
  #controller: Dispatcher.DispatchController | null = null;
  #stopped = false;
  #headSeen = false;
  readonly #events: UpstreamEvents;

  constructor(events: UpstreamEvents) {
    this.#events = events;
  }

  abort(): void {
    this.#stopped = true;
    this.#controller?.abort(stopped);
  }

  resume(): void {
    this.#controller?.resume();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#stopped) controller.abort(stopped);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (this.#stopped || status < 200) return;
    this.#headSeen = true;
    this.#events.onHead(status, headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#stopped) return;
    if (!this.#events.onData(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#events.onEnd();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#events.onError(failureOf(error, this.#headSeen), error);
  }
}

function failureOf(error: Error, headSeen: boolean): TransportFailure {
  if (error instanceof errors.ConnectTimeoutError) return 'connect-timeout';
  if (error instanceof errors.HTTPParserError) return 'protocol';
  if (headSeen) return 'cut';
  const code = 'code' in error ? String(error.code) : '';
  return /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENOENT)$/.test(code)
    ? 'connect'
    : 'cut';
}

/** Transport over undici's low-level dispatch: kept-alive HTTP/1.1, TCP_NODELAY set by undici. */
export function createUndiciTransport(options: TransportOptions): Transport {
  const pool = new Pool(options.origin, {
    connections: options.maxConnections,
    pipelining: 1,
    allowH2: false,
    connect: { timeout: options.connectTimeoutMs },
    keepAliveTimeout: 30_000,
    // Deadlines are the gateway's own (phases/deadlines), so that they differ by phase.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    send(request: UpstreamRequest, events: UpstreamEvents): UpstreamHandle {
      const exchange = new UndiciExchange(events);
      pool.dispatch(
        { path: request.path, method: 'POST', headers: request.headers, body: request.body },
        exchange,
      );
      return exchange;
    },
    close: () => pool.destroy(),
  };
}

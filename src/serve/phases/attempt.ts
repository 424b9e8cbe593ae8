import { TailraceError, type ErrorCode } from '../../records/errors.ts';
import { SIMULATED_HEADER } from '../../records/simulation.ts';
import type { TransportFailure, UpstreamEvents, UpstreamHandle } from '../engines/transport.ts';
import type { Exchange, Interruptible } from '../exchange.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { RouteRuntime } from '../runtime.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import type { Target } from './route.ts';
import { translateRequest, type UpstreamAsk } from './upstream-request.ts';

/** An engine's own error reply, to be passed on when nobody else can help. */
export interface EngineReply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** An attempt that did not deliver. `blamesEngine`: it counts against the engine's health. */
export interface AttemptFailure {
  kind: 'failed';
  error: TailraceError;
  status: number | null;
  retryable: boolean;
  blamesEngine: boolean;
  reply: EngineReply | null;
}

export type AttemptEnd = { kind: 'complete' } | AttemptFailure;

const errorBodyBytesMax = 1_048_576;

/** One try at one engine: sends the request and delivers the reply as it comes. Never rejects. */
export function attempt(
  x: Exchange,
  route: RouteRuntime,
  target: Target,
  deps: GatewayDeps,
  maxResponseBytes: number,
): Promise<AttemptEnd> {
  const ask = translateRequest(x, target);
  if (!ask.ok) return Promise.resolve(clientFault(ask.error));
  return new Promise((resolve) => {
    new Attempt(x, route, target, deps, maxResponseBytes, ask.value, resolve).start();
  });
}

/** One object per attempt instead of a closure per event: this is the hot path. */
class Attempt implements UpstreamEvents, Interruptible {
  readonly #x: Exchange;
  readonly #route: RouteRuntime;
  readonly #target: Target;
  readonly #deps: GatewayDeps;
  readonly #maxResponseBytes: number;
  readonly #ask: UpstreamAsk;
  readonly #resolve: (end: AttemptEnd) => void;
  #handle: UpstreamHandle | null = null;
  #ended = false;
  #status: number | null = null;
  #headers: EngineReply['headers'] = {};
  #errorBody: Buffer[] | null = null;
  #bytes = 0;
  #delivery: Delivery | null = null;
  #drainWatched = false;

  constructor(
    x: Exchange,
    route: RouteRuntime,
    target: Target,
    deps: GatewayDeps,
    maxResponseBytes: number,
    ask: UpstreamAsk,
    resolve: (end: AttemptEnd) => void,
  ) {
    this.#x = x;
    this.#route = route;
    this.#target = target;
    this.#deps = deps;
    this.#maxResponseBytes = maxResponseBytes;
    this.#ask = ask;
    this.#resolve = resolve;
  }

  start(): void {
    const x = this.#x;
    const { engine } = this.#target;
    engine.outstanding += 1;
    x.engine = engine.config.name;
    x.engineInFlight = engine.outstanding;
    x.dialectOut = engine.config.dialect;
    x.modelServed = this.#target.model;
    x.simulated = engine.config.simulated !== undefined;
    x.waitsFor = this;
    this.#wait('first-token', this.#route.config.timeouts.ttftMs);
    this.#handle = engine.transport.send(this.#ask.request, this);
    if (this.#ended) this.#handle.abort();
  }

  interrupt(error: TailraceError): void {
    this.#handle?.abort();
    this.#fail(error, { retryable: error.code === 'TR_TIMEOUT_TTFT' });
  }

  onHead(status: number, headers: EngineReply['headers']): void {
    if (this.#ended) return;
    this.#status = status;
    this.#headers = headers;
    if (headers[SIMULATED_HEADER] === 'true') this.#x.simulated = true;
    if (status < 200 || status > 299) {
      this.#errorBody = [];
      return;
    }
    this.#delivery = createDelivery(this.#x, this.#ask, status, headers);
  }

  onData(chunk: Buffer): boolean {
    if (this.#ended) return true;
    this.#bytes += chunk.length;
    if (this.#errorBody !== null) {
      if (this.#bytes <= errorBodyBytesMax) this.#errorBody.push(chunk);
      return true;
    }
    const limited = this.#delivery?.limited ?? true;
    if (limited && this.#bytes > this.#maxResponseBytes) {
      this.#stop('TR_UPSTREAM_TOO_LARGE', 'the reply exceeds server.maxResponseBytes');
      return true;
    }
    const nowMs = this.#deps.clock.monoMs();
    try {
      const flowing = this.#delivery?.onData(chunk, nowMs) ?? true;
      if (this.#x.firstContentMs !== null) {
        this.#x.waiting = 'next-token';
        this.#x.deadlineMs = nowMs + this.#route.config.timeouts.interTokenMs;
      }
      return flowing || this.#pauseForClient();
    } catch (error) {
      this.#stopWith(error);
      return true;
    }
  }

  onEnd(): void {
    if (this.#ended) return;
    if (this.#errorBody !== null) return this.#engineError(Buffer.concat(this.#errorBody));
    try {
      this.#delivery?.onEnd(this.#deps.clock.monoMs());
    } catch (error) {
      return this.#stopWith(error);
    }
    this.#end({ kind: 'complete' });
  }

  onError(failure: TransportFailure, cause: Error): void {
    if (this.#ended) return;
    const name = this.#target.engine.config.name;
    const [code, text] = failures[failure];
    this.#fail(new TailraceError(code, `engine "${name}" ${text}`, { cause }), { retryable: true });
  }

  #wait(waiting: Exchange['waiting'], forMs: number): void {
    this.#x.waiting = waiting;
    this.#x.deadlineMs = this.#deps.clock.monoMs() + forMs;
  }

  /** The client reads more slowly than the engine writes: hold the engine, not the bytes. */
  #pauseForClient(): false {
    this.#x.waiting = 'client';
    this.#x.deadlineMs = Number.POSITIVE_INFINITY;
    if (!this.#drainWatched) {
      this.#drainWatched = true;
      this.#x.writer?.onDrain(() => {
        if (this.#ended) return;
        this.#wait('next-token', this.#route.config.timeouts.interTokenMs);
        this.#handle?.resume();
      });
    }
    return false;
  }

  #stop(code: ErrorCode, message: string): void {
    this.#stopWith(
      new TailraceError(code, `engine "${this.#target.engine.config.name}": ${message}`),
    );
  }

  #stopWith(error: unknown): void {
    this.#handle?.abort();
    this.#fail(asTailraceError(error), { retryable: true });
  }

  #engineError(body: Buffer): void {
    const status = this.#status ?? 502;
    const { engine } = this.#target;
    const retryable = status === 408 || status === 429 || status >= 500;
    // Our own credential was refused: the client can do nothing, and must not see the reply.
    const ours = status === 401 || status === 403 || status === 407;
    const detail = ours ? 'refused the key it was given' : this.#ask.errorMessage(body);
    const error = new TailraceError(
      'TR_UPSTREAM_ERROR',
      `engine "${engine.config.name}" answered ${status}: ${detail}`.slice(0, 2000),
    );
    const reply = ours ? null : { status, headers: this.#headers, body };
    this.#fail(error, { retryable: retryable || ours, blamesEngine: retryable || ours, reply });
  }

  #fail(
    error: TailraceError,
    how: { retryable: boolean; blamesEngine?: boolean; reply?: EngineReply | null },
  ): void {
    this.#end({
      kind: 'failed',
      error,
      status: this.#status,
      retryable: how.retryable,
      blamesEngine: how.blamesEngine ?? true,
      reply: how.reply ?? null,
    });
  }

  #end(end: AttemptEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#target.engine.outstanding -= 1;
    this.#x.waitsFor = null;
    this.#x.waiting = 'nothing';
    this.#x.deadlineMs = Number.POSITIVE_INFINITY;
    this.#delivery?.note();
    this.#resolve(end);
  }
}

const failures: Record<TransportFailure, [ErrorCode, string]> = {
  connect: ['TR_UPSTREAM_CONNECT', 'cannot be reached'],
  'connect-timeout': ['TR_TIMEOUT_CONNECT', 'did not accept the connection in time'],
  cut: ['TR_UPSTREAM_CUT', 'closed the connection before the reply was complete'],
  protocol: ['TR_UPSTREAM_INVALID', 'answered something that is not HTTP'],
};

function asTailraceError(error: unknown): TailraceError {
  if (error instanceof TailraceError) return error;
  return new TailraceError('TR_INTERNAL', 'the reply could not be handled', { cause: error });
}

const clientFault = (error: TailraceError): AttemptFailure => ({
  kind: 'failed',
  error,
  status: null,
  // Another engine may speak a dialect that can say it.
  retryable: error.code === 'TR_DIALECT_UNSUPPORTED',
  blamesEngine: false,
  reply: null,
});

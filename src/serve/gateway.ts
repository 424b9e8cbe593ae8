import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Config } from '../config/schema.ts';
import { TailraceError } from '../records/errors.ts';
import { newId } from '../records/ids.ts';
import { answerBadHttp, headBytesMax } from './answer-bad-http.ts';
import { createControlProxy } from './control-proxy.ts';
import { interrupt, sweepDeadlines, sweepIntervalMs } from './deadlines.ts';
import { clientDialects } from './dialects/index.ts';
import type { GatewayDeps } from './gateway-deps.ts';
import { createInFlight } from './in-flight.ts';
import type { KeyEntry } from './key-table.ts';
import { answerModels, send, sendError } from './models-endpoint.ts';
import { keyTable } from './phases/authenticate.ts';
import { isMisplacedCall, originForm } from './request-target.ts';
import { healthShare } from './routing/health.ts';
import type { EngineRuntime } from './runtime.ts';
import { serveRequest, type ServeState } from './serve-request.ts';
import { buildTopology } from './topology.ts';

/**
 * The request path of one worker: an HTTP server over phases. It stores nothing and knows no ledger; what it is
 * handed is in GatewayDeps. `update` swaps configuration and keys whole: a request in flight ends under the
 * version it began with.
 */
export interface Gateway {
  readonly server: Server;
  update(snapshot: GatewaySnapshot): void;
  gauges(): GatewayGauges;
  /** Refuses new requests, waits for those in flight, cuts what is left after `timeoutMs`. */
  drain(timeoutMs: number): Promise<void>;
}

export interface GatewaySnapshot {
  config: Config;
  keys: readonly KeyEntry[];
  controlPort: number | null;
}

export interface GatewayGauges {
  inFlight: number;
  waiting: number;
  engines: Array<{ engine: string; outstanding: number; healthShare: number }>;
}

/** How late a head that never ends may be noticed; Node's own 30 s would triple the limit. */
const headsCheckedEveryMs = 1_000;

const dialectByPath = new Map(clientDialects.map((dialect) => [dialect.path, dialect]));

export function createGateway(first: GatewaySnapshot, deps: GatewayDeps): Gateway {
  const control = createControlProxy();
  control.setPort(first.controlPort);
  const state: ServeState = {
    config: first.config,
    topology: buildTopology(first.config, null, deps.createTransport).topology,
    keys: keyTable(first.keys),
    meter: deps.createMeter(first.config.engines),
    draining: false,
    active: createInFlight(),
  };
  const onRequest = (req: IncomingMessage, res: ServerResponse): void => {
    const url = originForm(req);
    const query = url.indexOf('?');
    const path = query === -1 ? url : url.slice(0, query);
    const dialect = dialectByPath.get(path);
    if (dialect !== undefined && req.method === 'POST') {
      // The state object is copied so that a reload cannot change it under a request.
      void serveRequest(req, res, dialect, { ...state }, deps);
      return;
    }
    answerOther(req, res, path, state, deps, control);
  };
  const server = createServer(
    {
      noDelay: true,
      keepAliveTimeout: 65_000,
      headersTimeout: first.config.server.headersTimeoutMs,
      connectionsCheckingInterval: headsCheckedEveryMs,
      // Body deadlines are the gateway's own, so that they end in a record.
      requestTimeout: 0,
      maxHeaderSize: headBytesMax,
    },
    onRequest,
  );
  server.on('clientError', answerBadHttp);
  const sweep = setInterval(() => {
    const nowMs = deps.clock.monoMs();
    sweepDeadlines(state.active, nowMs);
    for (const route of state.topology.routes) route.limiter.sweep(nowMs);
  }, sweepIntervalMs);
  sweep.unref();

  return {
    server,
    update(snapshot) {
      const { topology, retired } = buildTopology(
        snapshot.config,
        state.topology,
        deps.createTransport,
      );
      state.config = snapshot.config;
      server.headersTimeout = snapshot.config.server.headersTimeoutMs;
      state.topology = topology;
      state.keys = keyTable(snapshot.keys);
      state.meter = deps.createMeter(snapshot.config.engines);
      control.setPort(snapshot.controlPort);
      for (const engine of retired) retire(engine);
    },
    gauges: () => gaugesOf(state, deps.clock.monoMs()),
    async drain(timeoutMs) {
      state.draining = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const deadlineMs = deps.clock.monoMs() + timeoutMs;
      while (state.active.size > 0 && deps.clock.monoMs() < deadlineMs) await sleep(20);
      state.active.forEach((x) => interrupt(x, 'TR_SHUTDOWN', 'the gateway is shutting down'));
      while (state.active.size > 0) await sleep(5);
      server.closeAllConnections();
      await closed;
      clearInterval(sweep);
      await Promise.all([...state.topology.engines.values()].map((one) => one.transport.close()));
    },
  };
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Closes an engine's connections once its last request has ended. */
function retire(engine: EngineRuntime): void {
  const timer = setInterval(() => {
    if (engine.outstanding > 0) return;
    clearInterval(timer);
    void engine.transport.close();
  }, 100);
  timer.unref();
}

/** Where OTLP/HTTP is taken in: by the control process, though senders' default paths are under /v1. */
const telemetryPaths: ReadonlySet<string> = new Set(['/v1/traces', '/v1/metrics', '/v1/logs']);

function answerOther(
  req: IncomingMessage,
  res: ServerResponse,
  path: string,
  state: ServeState,
  deps: GatewayDeps,
  control: ReturnType<typeof createControlProxy>,
): void {
  const requestId = newId(deps.clock.wallMs());
  if (path === '/healthz') return send(res, 200, { status: 'ok' }, requestId);
  if (path === '/readyz') return answerReady(res, requestId, state, deps);
  const calls = isMisplacedCall(req.method, path);
  if (!calls && (!path.startsWith('/v1/') || telemetryPaths.has(path))) {
    return control.forward(req, res, requestId);
  }
  const anthropic = req.headers['anthropic-version'] !== undefined;
  const listsModels = path === '/v1/models' || path.startsWith('/v1/models/');
  if (listsModels && (req.method === 'GET' || req.method === 'HEAD')) {
    return answerModels(req, res, path, requestId, state);
  }
  if (!listsModels && !dialectByPath.has(path)) {
    const served = [...dialectByPath.keys(), '/v1/models'].join(', ');
    const hint = path.startsWith('/v1/') ? '' : '; the base URL of most clients must end in /v1';
    const message = `no endpoint ${path.slice(0, 128)}; served here: ${served}${hint}`;
    return sendError(res, new TailraceError('TR_NOT_FOUND', message), requestId, anthropic);
  }
  const message = `${req.method ?? ''} is not served at ${path}`;
  res.setHeader('allow', listsModels ? 'GET, HEAD' : 'POST');
  return sendError(res, new TailraceError('TR_METHOD', message), requestId, anthropic);
}

/** Ready: not draining, and each route has an engine that is not ejected. */
function answerReady(
  res: ServerResponse,
  requestId: string,
  state: ServeState,
  deps: GatewayDeps,
): void {
  const nowMs = deps.clock.monoMs();
  const down = state.topology.routes
    .filter((route) =>
      [...route.engines.map(({ engine }) => engine), ...route.fallback].every(
        (engine) => healthShare(engine.health, nowMs) === 0,
      ),
    )
    .map((route) => route.config.name);
  const ready = !state.draining && down.length === 0;
  const status = ready ? 'ready' : 'not ready';
  send(res, ready ? 200 : 503, { status, draining: state.draining, routesDown: down }, requestId);
}

function gaugesOf(state: ServeState, nowMs: number): GatewayGauges {
  return {
    inFlight: state.active.size,
    waiting: state.topology.routes.reduce((sum, route) => sum + route.limiter.waiting, 0),
    engines: [...state.topology.engines.values()].map((engine) => ({
      engine: engine.config.name,
      outstanding: engine.outstanding,
      healthShare: healthShare(engine.health, nowMs),
    })),
  };
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../config/schema.ts';
import { TailraceError } from '../records/errors.ts';
import { interrupt } from './deadlines.ts';
import type { ClientDialectForm } from './dialects/dialect.ts';
import type { Exchange } from './exchange.ts';
import type { GatewayDeps } from './gateway-deps.ts';
import type { InFlight } from './in-flight.ts';
import type { Meter } from './meter.ts';
import { accept } from './phases/accept.ts';
import { admit } from './phases/admit.ts';
import type { AttemptEnd, EngineReply } from './phases/attempt.ts';
import { authenticate, type KeyTable } from './phases/authenticate.ts';
import { forward } from './phases/forward.ts';
import { identify } from './phases/identify.ts';
import { readBody } from './phases/read-body.ts';
import { refuse } from './phases/refuse.ts';
import { settle } from './phases/settle.ts';
import type { Topology } from './topology.ts';

/** What a request sees of the configuration: one consistent version from accept to settle. */
export interface ServeState {
  config: Config;
  topology: Topology;
  keys: KeyTable;
  meter: Meter;
  draining: boolean;
  active: InFlight;
}

/**
 * The life of a request, top to bottom. Every way out leads to settle, exactly once.
 * Cost: see bench/RESULTS.md; nothing here waits for a store, a name look-up or a log.
 */
export async function serveRequest(
  req: IncomingMessage,
  res: ServerResponse,
  dialect: ClientDialectForm,
  state: ServeState,
  deps: GatewayDeps,
): Promise<void> {
  const x = accept(req, res, dialect, deps.clock);
  state.active.add(x);
  res.on('close', () => {
    if (!x.settled && !res.writableFinished) {
      interrupt(x, 'TR_CLIENT_ABORT', 'the client closed the connection');
    }
  });
  try {
    const end = await run(x, state, deps);
    if (end.kind === 'complete') x.outcome = 'success';
    else refuse(x, x.interruption ?? end.error, end.reply);
  } catch (error) {
    deps.log.error('fault in the request path', { requestId: x.id, error: describe(error) });
    refuse(
      x,
      new TailraceError('TR_INTERNAL', 'a fault in Tailrace; the log has the details'),
      null,
    );
  }
  state.active.remove(x);
  settle(x, state.meter, deps);
  if (x.error !== null) {
    deps.log.warn('request failed', {
      requestId: x.id,
      service: x.service?.config.name,
      engine: x.engine,
      status: x.status,
      code: x.error.code,
      error: x.error.message.slice(0, 500),
    });
  }
}

const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

type Refusal = { kind: 'refused'; error: TailraceError; reply: EngineReply | null };

const refusal = (error: TailraceError): Refusal => ({ kind: 'refused', error, reply: null });

async function run(
  x: Exchange,
  state: ServeState,
  deps: GatewayDeps,
): Promise<AttemptEnd | Refusal> {
  if (state.draining) {
    return refusal(new TailraceError('TR_SHUTDOWN', 'the gateway is shutting down; retry'));
  }
  const key = authenticate(x.req.headers, state.keys);
  if (!key.ok) return refusal(key.error);
  x.key = key.value;

  x.waiting = 'body';
  x.deadlineMs = x.startMs + state.config.server.bodyTimeoutMs;
  const body = await readBody(x, state.config.server.maxBodyBytes);
  x.waiting = 'nothing';
  x.deadlineMs = Number.POSITIVE_INFINITY;
  if (!body.ok) return refusal(body.error);
  x.bodyText = body.value;

  const service = identify(x, key.value, state.topology);
  if (!service.ok) return refusal(service.error);

  const { route } = service.value;
  const place = await admit(x, route, deps.clock);
  if (!place.ok) return refusal(place.error);
  if (x.interruption !== null) return refusal(x.interruption);

  return await forward(x, route, deps, state.config.server.maxResponseBytes);
}

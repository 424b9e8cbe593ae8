import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../records/clock.ts';
import { newId } from '../../records/ids.ts';
import type { ClientDialectForm } from '../dialects/dialect.ts';
import type { Exchange } from '../exchange.ts';

/** Phase 1: a request whose head has arrived becomes an exchange with an id. */
export function accept(
  req: IncomingMessage,
  res: ServerResponse,
  dialect: ClientDialectForm,
  clock: Clock,
): Exchange {
  const startedAtMs = clock.wallMs();
  return {
    id: newId(startedAtMs),
    req,
    res,
    dialect,
    startedAtMs,
    startMs: clock.monoMs(),
    inFlightIndex: -1,
    key: null,
    bodyText: '',
    body: {},
    facts: null,
    service: null,
    route: null,
    holdsPlace: false,
    tenant: null,
    feature: null,
    promptVersion: null,
    waiting: 'nothing',
    deadlineMs: Number.POSITIVE_INFINITY,
    totalDeadlineMs: Number.POSITIVE_INFINITY,
    waitsFor: null,
    interruption: null,
    queueMs: 0,
    retryMs: 0,
    upstreamMs: 0,
    attempts: [],
    engine: null,
    engineInFlight: 0,
    dialectOut: null,
    modelServed: null,
    simulated: false,
    headSent: false,
    writer: null,
    status: 0,
    firstContentMs: null,
    lastContentMs: null,
    tpotMaxMs: null,
    tokens: null,
    usageSource: 'unknown',
    simulation: null,
    output: null,
    outputKeptShare: 1,
    outcome: null,
    error: null,
    settled: false,
  };
}

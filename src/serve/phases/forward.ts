import { fail } from '../../records/errors.ts';
import type { Exchange } from '../exchange.ts';
import type { GatewayDeps } from '../gateway-deps.ts';
import { noteAttempt } from '../routing/health.ts';
import type { EngineRuntime, RouteRuntime } from '../runtime.ts';
import { attempt, type AttemptEnd, type AttemptFailure } from './attempt.ts';
import { nextTarget } from './route.ts';

/**
 * Phase 6: tries engines until one delivers. Once a byte has gone to the client there is no second try:
 * its output cannot be taken back.
 */
export async function forward(
  x: Exchange,
  route: RouteRuntime,
  deps: GatewayDeps,
  maxResponseBytes: number,
): Promise<AttemptEnd> {
  const tried = new Set<EngineRuntime>();
  let last: AttemptFailure | null = null;
  while (tried.size < route.config.retries.maxAttempts) {
    const startMs = deps.clock.monoMs();
    const target = nextTarget(route, tried, x.facts?.model ?? '', startMs, deps.random);
    if (target === null) break;
    if (last !== null && !target.isFallback && !route.retryBudget.trySpend()) break;
    tried.add(target.engine);
    const end = await attempt(x, route, target, deps, maxResponseBytes);
    const durationMs = deps.clock.monoMs() - startMs;
    noteEnd(x, target.engine, end, durationMs, deps.clock.monoMs());
    if (end.kind === 'complete') {
      x.upstreamMs = durationMs;
      return end;
    }
    if (x.headSent || !end.retryable || x.interruption !== null) {
      x.upstreamMs = durationMs;
      return end;
    }
    x.retryMs += durationMs;
    last = end;
  }
  return last ?? noEngine(route);
}

function noEngine(route: RouteRuntime): AttemptFailure {
  const message = `route "${route.config.name}" has no engine that is up; see /readyz`;
  return {
    kind: 'failed',
    status: null,
    retryable: false,
    reply: null,
    blamesEngine: false,
    error: fail('TR_NO_ENGINE', message).error,
  };
}

function noteEnd(
  x: Exchange,
  engine: EngineRuntime,
  end: AttemptEnd,
  durationMs: number,
  nowMs: number,
): void {
  const failure = end.kind === 'failed' ? end : null;
  x.attempts.push({
    engine: engine.config.name,
    status: failure === null ? x.status : failure.status,
    durationMs,
    errorCode: failure?.error.code ?? null,
  });
  // The client's own faults and its going away say nothing about the engine.
  const clientsDoing = x.interruption !== null || (failure !== null && !failure.blamesEngine);
  if (failure === null) noteAttempt(engine.health, true, nowMs);
  else if (!clientsDoing) noteAttempt(engine.health, false, nowMs);
}

import type { Clock } from '../../records/clock.ts';
import { fail, ok, type Result } from '../../records/errors.ts';
import type { Exchange } from '../exchange.ts';
import type { RouteRuntime } from '../runtime.ts';

/** Phase 4: a place on the route, at once or after a bounded wait. */
export async function admit(x: Exchange, route: RouteRuntime, clock: Clock): Promise<Result<null>> {
  route.retryBudget.noteRequest();
  if (route.limiter.tryEnter()) {
    x.holdsPlace = true;
    return ok(null);
  }
  const startMs = clock.monoMs();
  x.waiting = 'queue';
  const admission = await route.limiter.enter(startMs, (giveUp) => {
    x.waitsFor = { interrupt: giveUp };
  });
  x.waitsFor = null;
  x.waiting = 'nothing';
  x.queueMs = clock.monoMs() - startMs;
  if (admission === 'admitted') {
    x.holdsPlace = true;
    return ok(null);
  }
  const { name, limits } = route.config;
  if (admission === 'queue-full') {
    return fail(
      'TR_QUEUE_FULL',
      `route "${name}" has ${limits.maxInFlight} requests in flight and ${limits.maxQueue} waiting; retry later`,
    );
  }
  if (admission === 'queue-timeout') {
    return fail('TR_QUEUE_TIMEOUT', `route "${name}" had no place for ${limits.queueTimeoutMs} ms`);
  }
  return { ok: false, error: x.interruption ?? abortError() };
}

const abortError = () => {
  const { error } = fail('TR_CLIENT_ABORT', 'the client closed the connection');
  return error;
};

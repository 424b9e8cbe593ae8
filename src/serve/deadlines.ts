import { TailraceError, type ErrorCode } from '../records/errors.ts';
import type { Exchange, Waiting } from './exchange.ts';
import type { InFlight } from './in-flight.ts';

/**
 * Deadlines of all requests in flight, checked by one sweep instead of a timer per request and phase: moving a
 * deadline is then one assignment, even for every token. Precision is the sweep's interval.
 */
export const sweepIntervalMs = 25;

const late: Partial<Record<Waiting, [ErrorCode, string]>> = {
  body: ['TR_BODY_TIMEOUT', 'the request body did not arrive within server.bodyTimeoutMs'],
  'first-token': ['TR_TIMEOUT_TTFT', "no first token within the route's timeouts.ttftMs"],
  'next-token': [
    'TR_TIMEOUT_INTER_TOKEN',
    "no next token within the route's timeouts.interTokenMs",
  ],
};

/** Interrupts each exchange that is past a deadline. */
export function sweepDeadlines(active: InFlight, nowMs: number): void {
  active.forEach((x) => {
    if (nowMs >= x.totalDeadlineMs) {
      interrupt(x, 'TR_TIMEOUT_TOTAL', "the request took longer than the route's timeouts.totalMs");
    } else if (nowMs >= x.deadlineMs) {
      const cause = late[x.waiting];
      x.deadlineMs = Number.POSITIVE_INFINITY;
      if (cause !== undefined) x.waitsFor?.interrupt(new TailraceError(...cause));
    }
  });
}

/** Ends a request for good: no other engine is tried. */
export function interrupt(x: Exchange, code: ErrorCode, message: string): void {
  if (x.interruption !== null) return;
  x.totalDeadlineMs = Number.POSITIVE_INFINITY;
  x.interruption = new TailraceError(code, message);
  x.waitsFor?.interrupt(x.interruption);
}

import type { TailraceError } from '../../records/errors.ts';
import type { Outcome } from '../../records/request-record.ts';
import type { Exchange } from '../exchange.ts';
import type { EngineReply } from './attempt.ts';

/** Headers by which clients know how to retry (the OpenAI SDK reads x-should-retry). */
const retryAfterS: Partial<Record<string, string>> = {
  TR_QUEUE_FULL: '1',
  TR_QUEUE_TIMEOUT: '1',
  TR_NO_ENGINE: '5',
  TR_SHUTDOWN: '1',
};

/**
 * The failure phase: tells the client what went wrong, in its dialect's own error shape. An engine's own error
 * reply is passed on as it came where client and engine speak the same dialect.
 */
export function refuse(x: Exchange, error: TailraceError, reply: EngineReply | null): void {
  x.error = error;
  x.outcome = outcomeOf(x, error, reply);
  const { res } = x;
  if (error.code === 'TR_CLIENT_ABORT' || res.destroyed) {
    x.status = 499;
    res.destroy();
    return;
  }
  if (x.headSent) {
    // The status has gone out as a success: the frame, and then the cut, say that it was none.
    if (x.facts?.stream === true) res.end(x.dialect.errorFrame(error, x.id));
    else res.destroy();
    return;
  }
  const passed = reply !== null && x.dialect.native === x.dialectOut ? reply : null;
  const status = reply?.status ?? error.status;
  const body = passed?.body ?? Buffer.from(JSON.stringify(x.dialect.errorBody(error, x.id)));
  x.status = status;
  x.headSent = true;
  const headers = ['x-request-id', x.id, 'x-tailrace-error', error.code];
  const type = passed?.headers['content-type'];
  headers.push('content-type', typeof type === 'string' ? type : 'application/json');
  headers.push('content-length', String(body.length));
  const retryAfter = reply?.headers['retry-after'] ?? retryAfterS[error.code];
  if (typeof retryAfter === 'string') headers.push('retry-after', retryAfter);
  // What is left of the body will not be read.
  if (!x.req.complete) headers.push('connection', 'close');
  res.writeHead(status, headers);
  res.end(body);
}

function outcomeOf(x: Exchange, error: TailraceError, reply: EngineReply | null): Outcome {
  const { code } = error;
  if (code === 'TR_CLIENT_ABORT') return 'client_abort';
  if (code === 'TR_SHUTDOWN') return 'shutdown';
  if (code.startsWith('TR_TIMEOUT_')) return 'timeout';
  if (code === 'TR_UPSTREAM_CUT' && x.headSent) return 'engine_crash';
  // An engine's 4xx is the client's own fault, but for the ones that ask to try again.
  if (reply !== null && reply.status < 500 && reply.status !== 429 && reply.status !== 408) {
    return 'rejected';
  }
  if (code.startsWith('TR_UPSTREAM_') || code === 'TR_NO_ENGINE' || code === 'TR_INTERNAL') {
    return 'upstream_error';
  }
  return 'rejected';
}

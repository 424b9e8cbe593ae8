import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Ticket } from '../engine/engine-core.ts';
import type { Refusal } from '../engine/scheduler.ts';
import type { EngineHost } from './engine-host.ts';
import { FAULT_HEADER, type Fault } from './faults.ts';
import { reject, type HttpError } from './http-error.ts';
import { sendError } from './send.ts';

/** Settles which fault a request gets, and starts it: at once, later, or not at all. */
export function admit(
  host: EngineHost,
  seed: number,
  request: IncomingMessage,
  response: ServerResponse,
  start: (fault: Fault) => void,
): void {
  const header = request.headers[FAULT_HEADER];
  const fault = host.faultFor(typeof header === 'string' ? header : undefined, seed);
  if (!fault.ok) return sendError(response, fault.error);
  if (fault.value.kind === 'error') return sendError(response, injectedError);
  if (fault.value.kind !== 'slow-start') return start(fault.value);
  const timer = setTimeout(start, fault.value.ms, fault.value);
  response.once('close', () => clearTimeout(timer));
}

/**
 * Submits the sequences of a request, and releases them when its client goes away. Null when the
 * engine refuses them; the client has been told.
 */
export function submit(
  host: EngineHost,
  sequences: ReadonlyArray<{ promptTokens: number; outputTokens: number }>,
  response: ServerResponse,
): { tickets: Ticket[]; release: () => void } | null {
  const tickets = host.loop.submit(sequences);
  if (typeof tickets === 'string') {
    sendError(response, refusalError(tickets));
    return null;
  }
  const release = (): void => host.release(tickets);
  response.once('close', release);
  return { tickets, release };
}

const injectedError: HttpError = {
  status: 500,
  message: 'simulated fault: internal error',
  type: 'server_error',
  param: null,
  code: 'simulated_fault',
};

const queueFull: HttpError = {
  status: 503,
  message: 'the queue of the simulated engine is full',
  type: 'overloaded_error',
  param: null,
  code: 'queue_full',
};

const refusalError = (refusal: Refusal): HttpError =>
  refusal === 'queue-full'
    ? queueFull
    : reject('the prompt exceeds the context length', null, 'context_length_exceeded').error;

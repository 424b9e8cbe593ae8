/**
 * Every error a person or a client can see has a code here, with the HTTP status it maps to and a
 * summary. `docs/errors.md` has a line for each; a test compares the two. A message names the
 * field at fault and the fix.
 */
const registry = {
  TR_AUTH_MISSING: { status: 401, summary: 'no API key was sent' },
  TR_AUTH_INVALID: { status: 401, summary: 'the API key is not known or was revoked' },
  TR_AUTH_SCOPE: { status: 403, summary: 'the API key may not use this service or endpoint' },
  TR_ADMIN_REQUIRED: { status: 403, summary: 'this endpoint needs an admin key' },
  TR_HOST_REFUSED: { status: 403, summary: 'the Host or Origin header is not allowed' },
  TR_NOT_FOUND: { status: 404, summary: 'no such endpoint or object' },
  TR_METHOD: { status: 405, summary: 'the endpoint exists, but not for this method' },
  TR_MODEL_UNKNOWN: { status: 404, summary: 'no service serves the model that was asked for' },
  TR_BODY_INVALID: { status: 400, summary: 'the request body is not valid JSON' },
  TR_FIELD_INVALID: { status: 400, summary: 'a field of the request has the wrong type or value' },
  TR_BODY_TOO_LARGE: { status: 413, summary: 'the request body exceeds the limit' },
  TR_BODY_TIMEOUT: { status: 408, summary: 'the request body did not arrive in time' },
  TR_ENCODING_UNSUPPORTED: { status: 415, summary: 'the request encoding is not supported' },
  TR_DIALECT_UNSUPPORTED: { status: 400, summary: 'the engine cannot express this request' },
  TR_QUEUE_FULL: { status: 429, summary: 'the route is at its limit and its queue is full' },
  TR_QUEUE_TIMEOUT: { status: 429, summary: 'the request waited in the queue for too long' },
  TR_NO_ENGINE: { status: 503, summary: 'no engine of the route is available' },
  TR_UPSTREAM_CONNECT: { status: 502, summary: 'the engine could not be reached' },
  TR_UPSTREAM_ERROR: { status: 502, summary: 'the engine answered with an error' },
  TR_UPSTREAM_INVALID: { status: 502, summary: 'the engine answered something that is not valid' },
  TR_UPSTREAM_TOO_LARGE: { status: 502, summary: 'the engine answered more than the limit' },
  TR_UPSTREAM_CUT: { status: 502, summary: 'the engine closed the reply before its end' },
  TR_TIMEOUT_CONNECT: { status: 504, summary: 'connecting to the engine took too long' },
  TR_TIMEOUT_TTFT: { status: 504, summary: 'the first token took too long' },
  TR_TIMEOUT_INTER_TOKEN: { status: 504, summary: 'the next token took too long' },
  TR_TIMEOUT_TOTAL: { status: 504, summary: 'the request took too long in all' },
  TR_CLIENT_ABORT: { status: 499, summary: 'the client went away before the reply was complete' },
  TR_SHUTDOWN: { status: 503, summary: 'the gateway is shutting down' },
  TR_INTERNAL: { status: 500, summary: 'a fault in Tailrace itself' },
  TR_CONTROL_DOWN: { status: 503, summary: 'the ledger process is restarting' },
  TR_BUSY: { status: 503, summary: 'the control server has too many of this kind open' },
  TR_USAGE: { status: 400, summary: 'the command line is not valid' },
  TR_CONFIG_INVALID: { status: 400, summary: 'the configuration is not valid' },
  TR_CONFIG_SECRET: { status: 400, summary: 'a secret named in the configuration cannot be read' },
  TR_PUSH_INVALID: { status: 400, summary: 'the telemetry that was pushed is not valid' },
  TR_TRACE_INVALID: { status: 400, summary: 'the trace file is not valid' },
  TR_PLAN_INVALID: { status: 400, summary: 'the plan is not valid or cannot be built' },
  TR_PLAN_CANCELLED: { status: 409, summary: 'the plan job was cancelled' },
  TR_TARGET_REFUSED: { status: 400, summary: 'the load target is not loopback' },
  TR_STATE_LOCKED: { status: 409, summary: 'another instance uses this state folder' },
  TR_PORT_IN_USE: { status: 409, summary: 'the port to listen on is taken' },
  TR_START_FAILED: { status: 500, summary: 'a part of Tailrace could not start' },
  TR_STATE_NEWER: { status: 409, summary: 'the state folder is of a later version' },
  TR_DISK_FULL: { status: 507, summary: 'the disk of the state folder is full' },
  TR_STATE_MISSING: { status: 404, summary: 'there is no state to read' },
  TR_WINDOW_INVALID: { status: 400, summary: 'the time window is not valid' },
  TR_EXPORT_FAILED: { status: 500, summary: 'the export file cannot be written' },
  TR_BENCH_INVALID: { status: 400, summary: 'the benchmark file is not valid' },
  TR_STEPS_INVALID: { status: 400, summary: 'the training step log is not valid' },
  TR_PROBE_UNCONFIRMED: {
    status: 409,
    summary: 'the probe would write or send much and was not told to',
  },
  TR_PROBE_FAILED: { status: 500, summary: 'the probe could not measure' },
  TR_FILE_UNREADABLE: { status: 400, summary: 'the file cannot be opened or read' },
  TR_FILE_UNKNOWN: { status: 400, summary: 'the file is of no kind that can be analyzed' },
  TR_TRACE_TRUNCATED: { status: 400, summary: 'the trace file ends before its end' },
  TR_TRACE_NO_DEVICE: { status: 400, summary: 'the trace has no accelerator events' },
  TR_CLUSTER_ACCESS: { status: 403, summary: 'the cluster cannot be asked: access is refused' },
  TR_CLUSTER_DOWN: { status: 502, summary: 'the cluster does not answer as it should' },
  TR_CRITERIA_INVALID: { status: 400, summary: 'the scorecard criteria are not valid' },
  TR_VENDOR_INVALID: { status: 400, summary: 'vendor answers or a quote are not valid' },
  TR_LINK_INVALID: { status: 403, summary: 'the link was not made here or was withdrawn' },
  TR_LINK_EXPIRED: { status: 410, summary: 'the link has ended' },
  TR_RATE_LIMITED: { status: 429, summary: 'too many requests came in a short time' },
  TR_JOURNAL_CORRUPT: { status: 500, summary: 'a journal segment fails its checksum' },
} as const satisfies Record<string, { status: number; summary: string }>;

export type ErrorCode = keyof typeof registry;

export const errorRegistry: Readonly<Record<ErrorCode, { status: number; summary: string }>> =
  registry;

/** An expected failure with a stable code. `field` names what is at fault, in the caller's own terms. */
export class TailraceError extends Error {
  readonly code: ErrorCode;
  readonly field: string | null;

  constructor(code: ErrorCode, message: string, options: { field?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'TailraceError';
    this.code = code;
    this.field = options.field ?? null;
  }

  get status(): number {
    return registry[this.code].status;
  }
}

/** An expected outcome as a value: rooms return it, only edges throw. */
export type Result<T> = { ok: true; value: T } | { ok: false; error: TailraceError };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

export const fail = (
  code: ErrorCode,
  message: string,
  options: { field?: string; cause?: unknown } = {},
): { ok: false; error: TailraceError } => ({
  ok: false,
  error: new TailraceError(code, message, options),
});

/**
 * Why a request of a load run failed: a TR_ code or other `error.code` of the reply, `http_503` where the
 * reply named none, or one of ours.
 */
export type FailureCode = string;

/** Failures that only the client side knows. */
export const CLIENT_FAILURES = {
  /** No connection. */
  connect: 'connect',
  /** The connection closed before the reply was complete. */
  cut: 'cut',
  /** The client's own deadline. */
  timeout: 'client_timeout',
  /** The run was stopped while the reply was under way. */
  stopped: 'client_stopped',
  /** The reply was not what the protocol says. */
  invalid: 'invalid_reply',
  /** The stream ended without an end mark. */
  incomplete: 'incomplete',
} as const;

/**
 * How one request of a load run ended. Times are milliseconds. Latency counts from the moment the
 * arrival was due, not from when this process got round to sending it, so that a slow system
 * cannot hide its own queue (no coordinated omission); `lateMs` is the gap between the two.
 */
export interface LoadOutcome {
  /** Null: complete and well formed. */
  failure: FailureCode | null;
  status: number | null;
  /** The gateway's `x-request-id`, which is the id of the ledger's record. */
  requestId: string | null;
  simulated: boolean;
  lateMs: number;
  /** First content; null when none came. */
  ttftMs: number | null;
  /** (last - first content) / (output tokens - 1); null below two tokens or without usage. */
  tpotMs: number | null;
  e2eMs: number;
  askedInputTokens: number;
  askedOutputTokens: number;
  /** From the reply's usage; null when it had none. */
  inputTokens: number | null;
  outputTokens: number | null;
}

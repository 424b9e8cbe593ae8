import type { Json } from './script.ts';

/** An error as a provider answers it: status and body in its own shape. */
export class WireError extends Error {
  readonly status: number;
  readonly kind: string;
  readonly param: string | null;

  constructor(status: number, kind: string, message: string, param: string | null = null) {
    super(message);
    this.status = status;
    this.kind = kind;
    this.param = param;
  }
}

export const openaiError = ({ status, kind, message, param }: WireError): Json => ({
  error: { message, type: openaiTypes[status] ?? 'invalid_request_error', param, code: kind },
});

const openaiTypes: Record<number, string> = { 429: 'requests', 500: 'server_error' };

export const anthropicError = ({ status, message }: WireError, requestId: string): Json => ({
  type: 'error',
  error: { type: anthropicTypes[status] ?? 'invalid_request_error', message },
  request_id: requestId,
});

const anthropicTypes: Record<number, string> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  503: 'api_error',
  529: 'overloaded_error',
};

/** Refuses fields that are not in the list, as both providers do. */
export function refuseUnknown(body: Json, known: ReadonlySet<string>, message: string): void {
  const extra = Object.keys(body).find((name) => !known.has(name));
  if (extra !== undefined) {
    throw new WireError(400, 'unknown_parameter', message.replace('%', extra), extra);
  }
}

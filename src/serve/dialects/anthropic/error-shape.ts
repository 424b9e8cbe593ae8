import type { TailraceError } from '../../../records/errors.ts';
import type { JsonObject } from '../json-fields.ts';
import { sseFrame } from '../sse.ts';

/**
 * Anthropic's error object. `code` is an extra member; the message names it too, as SDKs show that.
 */
export function errorBody(error: TailraceError, requestId: string): JsonObject {
  return {
    type: 'error',
    error: {
      type: errorType(error.status),
      message: `${error.code}: ${error.message} (request id: ${requestId})`,
      code: error.code,
    },
    request_id: requestId,
  };
}

export const errorFrame = (error: TailraceError, requestId: string): string =>
  sseFrame('error', JSON.stringify(errorBody(error, requestId)));

/** By status, as the Anthropic API reference lists them ("Errors"). */
const typeByStatus: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
};

const errorType = (status: number): string =>
  typeByStatus[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');

import type { TailraceError } from '../../../records/errors.ts';
import type { JsonObject } from '../json-fields.ts';
import { sseFrame } from '../sse.ts';

/** OpenAI's error object; `code` is the TR_ code and `param` the field at fault. */
export function errorBody(error: TailraceError, requestId: string): JsonObject {
  return {
    error: {
      message: `${error.message} (request id: ${requestId})`,
      type: errorType(error.status),
      param: error.field,
      code: error.code,
    },
  };
}

/** No `[DONE]` follows: that would say the stream is complete. */
export const errorFrame = (error: TailraceError, requestId: string): string =>
  sseFrame('', JSON.stringify(errorBody(error, requestId)));

function errorType(status: number): string {
  if (status >= 500) return 'server_error';
  if (status === 429) return 'rate_limit_error';
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  return 'invalid_request_error';
}

/** An error answer in OpenAI's shape. */
export interface HttpError {
  status: number;
  message: string;
  type: 'invalid_request_error' | 'not_found_error' | 'server_error' | 'overloaded_error';
  param: string | null;
  code: string | null;
}

export type Reading<T> = { ok: true; value: T } | { ok: false; error: HttpError };

export const reject = (
  message: string,
  param: string | null = null,
  code: string | null = null,
): { ok: false; error: HttpError } => ({
  ok: false,
  error: { status: 400, message, type: 'invalid_request_error', param, code },
});

export const errorJson = ({ message, type, param, code }: HttpError): string =>
  JSON.stringify({ error: { message, type, param, code } });

import type { Context, ErrorHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { z } from 'zod';
import { TailraceError } from '../records/errors.ts';
import type { KeyEntry } from '../serve/key-table.ts';
import type { Log } from '../serve/log.ts';
import type { ApiError } from './schema.ts';

/** What middleware leaves for handlers. */
export interface ControlEnv {
  Variables: {
    requestId: string;
    /** The admin key that was used; set on every path that needs one. */
    key: KeyEntry;
  };
}

export function errorBody(error: TailraceError, requestId: string): ApiError {
  const { code, message, field } = error;
  return { error: { code, message, field, requestId } };
}

/** Writes an expected failure; the challenge header tells a client how to sign in. */
export function errorResponse(c: Context<ControlEnv>, error: TailraceError): Response {
  if (error.status === 401) c.header('www-authenticate', 'Bearer realm="tailrace"');
  if (error.code === 'TR_BUSY') c.header('retry-after', '1');
  // What is left of the body is not read, so the connection cannot carry another request.
  if (error.code === 'TR_BODY_TOO_LARGE') c.header('connection', 'close');
  return c.json(errorBody(error, c.get('requestId')), error.status as ContentfulStatusCode);
}

/** Turns what a handler threw into a coded error; an unexpected fault is logged, never shown. */
export function createErrorHandler(log: Log): ErrorHandler<ControlEnv> {
  return (thrown, c) => {
    if (thrown instanceof TailraceError) return errorResponse(c, thrown);
    if (thrown instanceof HTTPException && thrown.status === 400) {
      return errorResponse(c, new TailraceError('TR_BODY_INVALID', 'the body is not valid JSON'));
    }
    if (isDiskFull(thrown)) {
      const message = 'the disk of the state folder is full; nothing was changed, free some room';
      return errorResponse(c, new TailraceError('TR_DISK_FULL', message, { cause: thrown }));
    }
    const requestId = c.get('requestId');
    log.error('control request failed', { requestId, path: c.req.path, error: thrown.message });
    const message = `a fault in Tailrace; the log has it under request id ${requestId}`;
    return errorResponse(c, new TailraceError('TR_INTERNAL', message));
  };
}

/** SQLite's result code for a disk or quota without room. */
const SQLITE_FULL = 13;

function isDiskFull(thrown: Error): boolean {
  const { code, errcode } = thrown as NodeJS.ErrnoException & { errcode?: number };
  return code === 'ENOSPC' || code === 'EDQUOT' || errcode === SQLITE_FULL;
}

const WINDOW_FIELDS = new Set(['since', 'fromMs', 'toMs', 'stepMs']);

/** The first thing zod found wrong, as an error that names the field and says what is allowed. */
export function fieldError(error: z.core.$ZodError): TailraceError {
  const issue = error.issues[0];
  if (issue === undefined) return new TailraceError('TR_FIELD_INVALID', 'the request is not valid');
  if (issue.code === 'unrecognized_keys') {
    const name = issue.keys[0] ?? '';
    const message = `\`${name.slice(0, 64)}\` is not a known field here; remove it`;
    return new TailraceError('TR_FIELD_INVALID', message, { field: name.slice(0, 64) });
  }
  const field = issue.path.join('.');
  const code = WINDOW_FIELDS.has(field) ? 'TR_WINDOW_INVALID' : 'TR_FIELD_INVALID';
  const name = field === '' ? 'the body' : `\`${field}\``;
  return new TailraceError(code, `${name}: ${issue.message}`, field === '' ? {} : { field });
}

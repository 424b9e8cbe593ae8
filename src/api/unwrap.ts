import type { Result } from '../records/errors.ts';

/** The value, or the expected failure thrown to the error handler at the edge. */
export function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw result.error;
  return result.value;
}

import { TailraceError, ok, type Result } from '../../records/errors.ts';

/**
 * Readers of untyped JSON, used while a body is translated. They throw a TailraceError that names
 * the field; `reading` at the edge of a dialect turns it into a Result. A JSON null counts as
 * absent, as it does on all of these wires.
 */
export type JsonObject = Record<string, unknown>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isAbsent = (value: unknown): value is null | undefined =>
  value === undefined || value === null;

/** Runs a reader; its coded refusals become values, anything else is a bug and goes on. */
export function reading<T>(read: () => T): Result<T> {
  try {
    return ok(read());
  } catch (error) {
    if (error instanceof TailraceError) return { ok: false, error };
    throw error;
  }
}

/** The field has the wrong type or value. `expected` completes "must be …". */
export function invalid(field: string, expected: string): never {
  throw new TailraceError('TR_FIELD_INVALID', `${field} must be ${expected}`, { field });
}

/** The field is fine, but the other side has no way to say it. */
export function unsupported(field: string, why: string): never {
  throw new TailraceError('TR_DIALECT_UNSUPPORTED', `${field} ${why}`, { field });
}

/** The engine's reply is not what its dialect says. */
export function malformed(what: string): never {
  throw new TailraceError('TR_UPSTREAM_INVALID', `the engine's reply is not valid: ${what}`);
}

export function objectAt(value: unknown, field: string): JsonObject {
  return isObject(value) ? value : invalid(field, 'an object');
}

export function arrayAt(value: unknown, field: string): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : invalid(field, 'an array');
}

export function stringAt(value: unknown, field: string): string {
  return typeof value === 'string' ? value : invalid(field, 'a string');
}

/** A string that is not empty. */
export function nameAt(value: unknown, field: string): string {
  return typeof value === 'string' && value !== '' ? value : invalid(field, 'a non-empty string');
}

export function optionalString(value: unknown, field: string): string | null {
  return isAbsent(value) ? null : stringAt(value, field);
}

export function optionalObject(value: unknown, field: string): JsonObject | null {
  return isAbsent(value) ? null : objectAt(value, field);
}

export function optionalArray(value: unknown, field: string): unknown[] {
  return isAbsent(value) ? [] : arrayAt(value, field);
}

export function optionalBoolean(value: unknown, field: string): boolean | null {
  if (isAbsent(value)) return null;
  return typeof value === 'boolean' ? value : invalid(field, 'true or false');
}

export function optionalNumber(value: unknown, field: string): number | null {
  if (isAbsent(value)) return null;
  return typeof value === 'number' && Number.isFinite(value) ? value : invalid(field, 'a number');
}

/** A whole number of at least `min`. */
export function optionalCount(value: unknown, field: string, min: number): number | null {
  if (isAbsent(value)) return null;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min
    ? value
    : invalid(field, `a whole number of at least ${min}`);
}

/** A string, an array of strings, or absent. */
export function stringsAt(value: unknown, field: string): string[] {
  if (isAbsent(value)) return [];
  if (typeof value === 'string') return [value];
  return arrayAt(value, field).map((one, i) => stringAt(one, `${field}[${i}]`));
}

/** A count in an engine's report: null where it is absent or no count. */
export function countOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

export const textOr = (value: unknown, otherwise: string): string =>
  typeof value === 'string' ? value : otherwise;

export const objectsIn = (value: unknown): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

/** Parsed JSON, or undefined when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

import { isAbsent, unsupported, type JsonObject } from './json-fields.ts';

/**
 * What becomes of a request field when the request is translated. Same-dialect requests are not
 * translated, so none of this applies to them. `docs/dialects.md` says the same; a test compares.
 *
 * - `carried`: the common form holds it;
 * - `dropped`: it does not change what the reply means (hints, billing, caching);
 * - `refused`: it would change the reply, so leaving it out is not an option, unless it has a
 *   value that asks for nothing (`harmless`).
 *
 * A field that is not in the table is refused: what is not known cannot be carried.
 */
export type FieldRule =
  | { fate: 'carried' }
  | { fate: 'dropped' }
  | { fate: 'refused'; harmless: (value: unknown) => boolean };

export type FieldRules = Readonly<Record<string, FieldRule>>;

export const carried: FieldRule = { fate: 'carried' };
export const dropped: FieldRule = { fate: 'dropped' };

/** Refused, except with one of these values; arrays and objects are compared as JSON text. */
export function refusedUnless(...harmless: unknown[]): FieldRule {
  const texts = new Set(harmless.map((value) => JSON.stringify(value)));
  return { fate: 'refused', harmless: (value) => texts.has(JSON.stringify(value)) };
}

export const refused: FieldRule = { fate: 'refused', harmless: () => false };

/** Throws TR_DIALECT_UNSUPPORTED for the first field of `object` that cannot be left out. */
export function applyRules(object: JsonObject, rules: FieldRules, prefix = ''): void {
  for (const name of Object.keys(object)) {
    if (isAbsent(object[name])) continue;
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) {
      unsupported(`${prefix}${name}`, 'is not a field that can be translated for this engine');
    }
    if (rule.fate === 'refused' && !rule.harmless(object[name])) {
      unsupported(`${prefix}${name}`, 'cannot be expressed in the dialect of this engine');
    }
  }
}

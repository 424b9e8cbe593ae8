import { numberAt, numberFor, stringFor, type Schema } from './schema-scalars.ts';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export type Instance =
  | { ok: true; value: Json }
  | { ok: false; reason: 'no-instance' | 'too-large' };

/**
 * `depth`: steps into schemas, references and alternatives included. `work`: schemas looked at plus characters
 * of names, literals and texts, over the whole search; it bounds time and size of hostile schemas.
 */
export const INSTANCE_LIMITS = Object.freeze({ depth: 64, work: 50_000 });

interface Walk {
  root: unknown;
  workLeft: number;
  /** A branch ended at the depth of this round: a deeper round may find more. */
  cut: boolean;
}

/**
 * The shallowest instance of a JSON Schema with as little in it as the schema demands; the same schema gives the
 * same instance. Read: type, const, enum, properties, required, additionalProperties, min- and maxProperties,
 * items, prefixItems, min- and maxItems, anyOf, oneOf (as anyOf), allOf, local $ref, and for texts and numbers what
 * schema-scalars.ts says. Other keywords (pattern, not, if, contains, uniqueItems, ...) are not looked at, so an
 * instance may break them. The value holds parts of the schema itself: do not change it.
 */
export function schemaInstance(schema: unknown): Instance {
  const walk: Walk = { root: schema, workLeft: INSTANCE_LIMITS.work, cut: false };
  for (let depth = 1; depth <= INSTANCE_LIMITS.depth; depth += 1) {
    walk.cut = false;
    const value = make(schema, depth, walk);
    if (walk.workLeft < 0) return { ok: false, reason: 'too-large' };
    if (value !== undefined) return { ok: true, value };
    if (!walk.cut) break;
  }
  return { ok: false, reason: walk.cut ? 'too-large' : 'no-instance' };
}

/** False when the work is used up; every caller then unwinds. */
function spend(walk: Walk, work: number): boolean {
  walk.workLeft -= work;
  return walk.workLeft >= 0;
}

/** Undefined: no instance within this depth and work. */
function make(given: unknown, depth: number, walk: Walk): Json | undefined {
  const schema = flatten(given, depth, walk);
  if (schema === undefined) return undefined;
  const types = typesOf(schema);
  const literals = 'const' in schema ? [schema['const']] : schema['enum'];
  if (Array.isArray(literals)) return literalFor(literals, types, walk);
  for (const keyword of ['anyOf', 'oneOf']) {
    const { [keyword]: branches, ...rest } = schema;
    if (!Array.isArray(branches)) continue;
    return firstOf(branches, (branch) => make({ allOf: [rest, branch] }, depth - 1, walk), walk);
  }
  return firstOf(types ?? [impliedType(schema)], (type) => typed(type, schema, depth, walk), walk);
}

function firstOf<T>(
  options: readonly T[],
  of: (option: T) => Json | undefined,
  walk: Walk,
): Json | undefined {
  for (const option of options) {
    const value = of(option);
    if (value !== undefined || walk.workLeft < 0) return value;
  }
  return undefined;
}

/** The schema without `$ref` and `allOf`: what they bring is merged into it. */
function flatten(given: unknown, depth: number, walk: Walk): Schema | undefined {
  const schema = given === true ? {} : given;
  if (!isObject(schema) || !spend(walk, 1 + Object.keys(schema).length)) return undefined;
  if (depth <= 0) {
    walk.cut = true;
    return undefined;
  }
  const { $ref, allOf, ...rest } = schema;
  const parts: unknown[] = Array.isArray(allOf) ? allOf : [];
  if ($ref === undefined && parts.length === 0) return rest;
  let merged: Schema = {};
  for (const part of $ref === undefined ? parts : [resolve($ref, walk), ...parts]) {
    const flat = flatten(part, depth - 1, walk);
    if (flat === undefined) return undefined;
    merged = merge(merged, flat, walk);
  }
  return merge(merged, rest, walk);
}

const LOWER_BOUNDS = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const UPPER_BOUNDS = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];

/** A schema that asks for both; where the two cannot be joined, the second counts. */
function merge(one: Schema, two: Schema, walk: Walk): Schema {
  const merged: Schema = { ...one, ...two };
  for (const [bounds, tighter] of [
    [LOWER_BOUNDS, Math.max],
    [UPPER_BOUNDS, Math.min],
  ] as const) {
    for (const bound of bounds) {
      const [a, b] = [numberAt(one, bound), numberAt(two, bound)];
      if (a !== null && b !== null) merged[bound] = tighter(a, b);
    }
  }
  const [required, more] = [one['required'], two['required']];
  if (Array.isArray(required) && Array.isArray(more)) {
    if (!spend(walk, required.length + more.length)) return {};
    merged['required'] = [...new Set<unknown>([...required, ...more])];
  }
  const [properties, others] = [one['properties'], two['properties']];
  if (isObject(properties) && isObject(others)) {
    if (!spend(walk, Object.keys(properties).length + Object.keys(others).length)) return {};
    const both = Object.keys(others).filter((name) => Object.hasOwn(properties, name));
    const joined = both.map((name) => [name, { allOf: [properties[name], others[name]] }]);
    merged['properties'] = { ...properties, ...others, ...Object.fromEntries(joined) };
  }
  return merged;
}

/** What `#/a/b` points at; undefined when it is nothing, or not in this schema. */
function resolve(ref: unknown, walk: Walk): unknown {
  if (typeof ref !== 'string' || !/^#(\/|$)/.test(ref) || !spend(walk, ref.length))
    return undefined;
  let target: unknown = walk.root;
  for (const escaped of ref.split('/').slice(1)) {
    const name = decoded(escaped).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof target !== 'object' || target === null || !Object.hasOwn(target, name)) {
      return undefined;
    }
    target = Reflect.get(target, name);
  }
  return target;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function typesOf(schema: Schema): string[] | null {
  const { type } = schema;
  if (typeof type === 'string') return [type];
  return Array.isArray(type) ? type.filter((one) => typeof one === 'string') : null;
}

/** Keywords of one type alone, for a schema that names no type; one without any takes anything. */
const TYPE_BY_KEYWORD: ReadonlyArray<[type: string, keywords: readonly string[]]> = [
  ['array', ['items', 'prefixItems', 'minItems', 'maxItems']],
  ['string', ['minLength', 'maxLength', 'pattern', 'format']],
  ['number', ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']],
];

const impliedType = (schema: Schema): string =>
  TYPE_BY_KEYWORD.find(([, keywords]) => keywords.some((name) => name in schema))?.[0] ?? 'object';

function literalFor(literals: Json[], types: string[] | null, walk: Walk): Json | undefined {
  const fits = (literal: Json): boolean =>
    types === null || types.some((type) => isOfType(literal, type));
  const literal = literals.find(fits);
  if (literal === undefined || !spend(walk, JSON.stringify(literal).length)) return undefined;
  return literal;
}

function isOfType(value: Json, type: string): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'null') return value === null;
  return type === 'object' ? isObject(value) : typeof value === type;
}

function typed(type: string, schema: Schema, depth: number, walk: Walk): Json | undefined {
  switch (type) {
    case 'null':
      return null;
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return numberFor(schema, type === 'integer') ?? undefined;
    case 'string':
      return textWithin(schema, walk);
    case 'array':
      return arrayFor(schema, depth, walk);
    case 'object':
      return objectFor(schema, depth, walk);
    default:
      return undefined;
  }
}

function textWithin(schema: Schema, walk: Walk): Json | undefined {
  // Paid before it is made: a schema can ask for any length.
  if (!spend(walk, numberAt(schema, 'minLength') ?? 0)) return undefined;
  return stringFor(schema) ?? undefined;
}

function arrayFor(schema: Schema, depth: number, walk: Walk): Json | undefined {
  const { items = true, prefixItems } = schema;
  const length = numberAt(schema, 'minItems') ?? 0;
  if (length > (numberAt(schema, 'maxItems') ?? length)) return undefined;
  // An array of schemas under `items` is how drafts before 2020-12 wrote prefixItems.
  const prefix: unknown = Array.isArray(items) ? items : prefixItems;
  const first: unknown[] = Array.isArray(prefix) ? prefix : [];
  const rest: unknown = Array.isArray(items) ? (schema['additionalItems'] ?? true) : items;
  const values: Json[] = [];
  while (values.length < length) {
    const at = values.length;
    const value = make(at < first.length ? first[at] : rest, depth - 1, walk);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function objectFor(schema: Schema, depth: number, walk: Walk): Json | undefined {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const names = namesFor(schema, properties, walk);
  if (names === null) return undefined;
  const entries: Array<[string, Json]> = [];
  for (const name of names) {
    if (!spend(walk, name.length)) return undefined;
    const known = Object.hasOwn(properties, name);
    const inner = known ? properties[name] : (schema['additionalProperties'] ?? true);
    const value = make(inner, depth - 1, walk);
    if (value === undefined) return undefined;
    entries.push([name, value]);
  }
  // Entries, not assignments: a property may be called __proto__.
  return Object.fromEntries(entries);
}

/** The names of the members, in the order of `properties`: those required, and more up to minProperties. */
function namesFor(schema: Schema, properties: Schema, walk: Walk): string[] | null {
  const given: unknown = schema['required'];
  const required = new Set<string>();
  for (const name of Array.isArray(given) ? given : []) {
    if (typeof name === 'string') required.add(name);
  }
  const declared = Object.keys(properties);
  const least = numberAt(schema, 'minProperties') ?? 0;
  if (!spend(walk, required.size + declared.length + least)) return null;
  const chosen = new Set(required);
  const invented = Array.from({ length: least }, (_, i) => `key${i + 1}`);
  for (const name of [...declared, ...invented]) {
    if (chosen.size >= least) break;
    chosen.add(name);
  }
  if (chosen.size > (numberAt(schema, 'maxProperties') ?? chosen.size)) return null;
  return [...new Set([...declared.filter((name) => chosen.has(name)), ...chosen])];
}

const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

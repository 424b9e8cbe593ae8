import { z } from 'zod';
import { configSchema } from './schema.ts';
import type { Path } from './problems.ts';

/** The parts of JSON Schema (2020-12) that zod writes and the loader reads. */
export interface JsonSchema {
  type?: string;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  const?: unknown;
  enum?: unknown[];
  format?: string;
  pattern?: string;
  description?: string;
  default?: unknown;
  [keyword: string]: unknown;
}

let cached: JsonSchema | null = null;

/** JSON Schema of what an author writes (defaults not filled in), made once. */
export function inputSchema(): JsonSchema {
  cached ??= z.toJSONSchema(configSchema, { io: 'input' }) as JsonSchema;
  return cached;
}

function forms(schema: JsonSchema): JsonSchema[] {
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  return inner.length === 0 ? [schema] : inner.flatMap(forms);
}

/** Keys that the configuration allows in the map at `path`; empty when free. */
export const validKeys = (path: Path): string[] => keysAt(inputSchema(), path);

/** Keys that a schema allows in the map at `path`, over all its forms; empty when free. */
export function keysAt(schema: JsonSchema, path: Path): string[] {
  const resolve = (one: JsonSchema): JsonSchema => named(schema, one);
  let at = [schema];
  for (const part of path) {
    at = at.flatMap(forms).flatMap((form) => {
      const next = typeof part === 'number' ? form.items : form.properties?.[part];
      return next === undefined ? [] : [resolve(next)];
    });
  }
  return [...new Set(at.flatMap(forms).flatMap((form) => Object.keys(form.properties ?? {})))];
}

/** What `$ref: #/$defs/NAME` stands for, where a schema contains itself. */
function named(root: JsonSchema, schema: JsonSchema): JsonSchema {
  const reference = schema['$ref'];
  if (typeof reference !== 'string') return schema;
  const definitions = root['$defs'] as Record<string, JsonSchema> | undefined;
  return definitions?.[reference.replace('#/$defs/', '')] ?? schema;
}

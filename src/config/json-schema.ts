import { inputSchema, type JsonSchema } from './schema-lookup.ts';

/** A text that `${...}` completes; what it becomes is checked when the file is loaded. */
const SUBSTITUTION = { type: 'string', pattern: '\\$\\{' } as const;

/**
 * JSON Schema (2020-12) of tailrace.yaml for editors. Wherever a number, a choice or a format is
 * asked for, a `${...}` text is allowed too, since editors do not substitute.
 */
export function configJsonSchema(): JsonSchema {
  const schema = allowSubstitution(inputSchema());
  const { $schema, ...rest } = schema;
  return {
    $schema,
    title: 'tailrace.yaml',
    description: 'Configuration of Tailrace; see docs/configuration.md.',
    ...rest,
  };
}

/** Choices, formats, patterns, numbers and booleans: all that a `${...}` text would not satisfy. */
function isNarrow(schema: JsonSchema): boolean {
  const { type } = schema;
  if (type === 'number' || type === 'integer' || type === 'boolean') return true;
  if (type !== 'string') return false;
  return ['enum', 'format', 'pattern'].some((keyword) => schema[keyword] !== undefined);
}

function allowSubstitution(schema: JsonSchema): JsonSchema {
  if (isNarrow(schema)) {
    const { description, default: fallback, ...rest } = schema;
    return {
      ...(description === undefined ? {} : { description }),
      ...(fallback === undefined ? {} : { default: fallback }),
      anyOf: [rest, SUBSTITUTION],
    };
  }
  const out: JsonSchema = { ...schema };
  if (schema.properties !== undefined) out.properties = allowInEach(schema.properties);
  if (schema.items !== undefined) out.items = allowSubstitution(schema.items);
  if (schema.anyOf !== undefined) out.anyOf = schema.anyOf.map(allowSubstitution);
  if (schema.oneOf !== undefined) out.oneOf = schema.oneOf.map(allowSubstitution);
  if (typeof schema.additionalProperties === 'object') {
    out.additionalProperties = allowSubstitution(schema.additionalProperties);
  }
  return out;
}

const allowInEach = (properties: Record<string, JsonSchema>): Record<string, JsonSchema> =>
  Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [key, allowSubstitution(value)]),
  );

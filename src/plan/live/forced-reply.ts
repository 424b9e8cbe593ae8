import { z } from 'zod';
import { splitTokens } from '../../records/token-count.ts';
import { asciiJson } from './ascii-json.ts';
import { reject, type Reading } from './http-error.ts';
import { INSTANCE_LIMITS, schemaInstance } from './schema-instance.ts';

/** A reply whose text the request settles: the arguments of a tool call, or JSON of a given form. */
export interface ForcedReply {
  /** The tool to call; null for JSON as the content of the message. */
  toolName: string | null;
  /** The JSON in tokens of countTokens; ASCII, at least one. */
  tokens: string[];
}

const functionName = z.looseObject({ name: z.string().min(1) });
const functionTool = z.looseObject({
  type: z.literal('function'),
  function: functionName.extend({ parameters: z.unknown().optional() }),
});

export const toolChoice = z
  .union(
    [
      z.enum(['none', 'auto', 'required']),
      z.looseObject({ type: z.literal('function'), function: functionName }),
    ],
    'must be none, auto, required or {"type": "function", "function": {"name": ...}}',
  )
  .nullish();

export const responseFormat = z
  .discriminatedUnion('type', [
    z.looseObject({ type: z.literal('text') }),
    z.looseObject({ type: z.literal('json_object') }),
    z.looseObject({
      type: z.literal('json_schema'),
      json_schema: z.looseObject({ schema: z.unknown().optional() }),
    }),
  ])
  .nullish();

interface Forcing {
  tools?: unknown[] | null | undefined;
  tool_choice?: z.infer<typeof toolChoice>;
  response_format?: z.infer<typeof responseFormat>;
}

/** What the request forces, a tool call before a form of the content; null when it leaves the text open. */
export function readForcedReply(asked: Forcing): Reading<ForcedReply | null> {
  const { tool_choice: choice, response_format: format } = asked;
  const tools = asked.tools ?? [];
  if (choice === 'required') return forcedCall(tools, null);
  if (choice != null && typeof choice === 'object') return forcedCall(tools, choice.function.name);
  if (format?.type === 'json_object') return jsonReply(null, {}, 'response_format');
  if (format?.type !== 'json_schema') return { ok: true, value: null };
  const schema = format.json_schema.schema ?? {};
  return jsonReply(null, schema, 'response_format.json_schema.schema');
}

/** A call of the tool with this name or, without a name, of the first that is a function. */
function forcedCall(tools: readonly unknown[], name: string | null): Reading<ForcedReply> {
  for (const [i, given] of tools.entries()) {
    const tool = functionTool.safeParse(given).data?.function;
    if (tool === undefined || (name !== null && tool.name !== name)) continue;
    return jsonReply(tool.name, tool.parameters ?? {}, `tools.${i}.function.parameters`);
  }
  const missing = name === null ? 'no function' : `no function "${name.slice(0, 128)}"`;
  return reject(`tool_choice: ${missing} among the tools`, 'tool_choice');
}

function jsonReply(toolName: string | null, schema: unknown, field: string): Reading<ForcedReply> {
  const instance = schemaInstance(schema);
  if (!instance.ok) return reject(`${field}: ${reasons[instance.reason]}`, field);
  const { value } = instance;
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (toolName !== null && !isObject) return reject(`${field}: must describe an object`, field);
  return { ok: true, value: { toolName, tokens: splitTokens(asciiJson(value)) } };
}

const reasons = {
  'no-instance': 'the simulated engine found nothing that this schema allows',
  'too-large':
    `the smallest instance of this schema exceeds the simulated engine's limits ` +
    `(${INSTANCE_LIMITS.depth} levels, ${INSTANCE_LIMITS.work} steps and characters)`,
};

import type { Conversation, Message, Part, Tool, ToolCall } from '../conversation.ts';
import { isObject, parseJson, unsupported, type JsonObject } from '../json-fields.ts';
import { writeBlock } from './content-blocks.ts';

/**
 * The wire requires `max_tokens`; this is used where the client did not say. Every Claude model
 * since 2024 can write as much (Anthropic documentation, "Models overview": the least is 4096).
 */
export const defaultMaxTokens = 4096;

/** Throws TR_DIALECT_UNSUPPORTED for what the Anthropic wire has no way to say. */
export function writeRequest(ask: Conversation): JsonObject {
  if (ask.kind === 'embedding') unsupported('input', 'cannot be embedded by an Anthropic engine');
  if (ask.n > 1) unsupported('n', 'can only be 1 for an Anthropic engine');
  if (ask.temperature !== null && ask.temperature > 1) {
    unsupported('temperature', 'can be at most 1 for an Anthropic engine');
  }
  const system = ask.system.filter((text) => text !== '').join('\n\n');
  const fields: JsonObject = {
    model: ask.model,
    max_tokens: ask.maxTokens ?? defaultMaxTokens,
    system: system === '' ? null : system,
    messages: writeMessages(ask.messages),
    stream: ask.stream ? true : null,
    stop_sequences: ask.stop.length === 0 ? null : ask.stop,
    temperature: ask.temperature,
    top_p: ask.topP,
    top_k: ask.topK,
    tools: ask.tools.length === 0 ? null : ask.tools.map(writeTool),
    tool_choice: ask.tools.length === 0 ? null : writeToolChoice(ask),
    metadata: ask.user === null ? null : { user_id: ask.user },
    output_config: writeFormat(ask.jsonSchema),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

/**
 * One message per turn: the wire wants all results of a turn's calls in the message that follows
 * it.
 */
function writeMessages(messages: readonly Message[]): JsonObject[] {
  const turns: Array<{ role: string; content: JsonObject[] }> = [];
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const content = blocksOf(message);
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...content);
    else if (content.length > 0) turns.push({ role, content });
  }
  if (turns.length === 0) unsupported('messages', 'have no content, which this engine requires');
  return turns;
}

function blocksOf(message: Message): JsonObject[] {
  if (message.role === 'user') return contentBlocks(message.parts);
  if (message.role === 'assistant') {
    return [...contentBlocks(message.parts), ...message.toolCalls.map(writeToolCall)];
  }
  const content = contentBlocks(message.parts);
  return [
    {
      type: 'tool_result',
      tool_use_id: wireId(message.toolCallId),
      ...(content.length === 0 ? {} : { content }),
      ...(message.isError ? { is_error: true } : {}),
    },
  ];
}

/** The wire refuses empty text blocks; they say nothing. */
const contentBlocks = (parts: readonly Part[]): JsonObject[] =>
  parts.filter((part) => part.type !== 'text' || part.text !== '').map(writeBlock);

function writeToolCall({ id, name, argumentsJson }: ToolCall): JsonObject {
  const input = argumentsJson.trim() === '' ? {} : parseJson(argumentsJson);
  if (!isObject(input)) {
    unsupported(`messages: the arguments of tool call ${id}`, 'must be a JSON object');
  }
  return { type: 'tool_use', id: wireId(id), name, input };
}

/**
 * The wire allows letters, digits, `_` and `-` in ids. Other characters, as some servers put into
 * theirs, become their hexadecimal code; calls and results change alike, so they still meet.
 */
const wireId = (id: string): string =>
  id.replaceAll(/[^a-zA-Z0-9_-]/gu, (char) => `_${char.codePointAt(0)?.toString(16)}_`);

const writeTool = ({ name, description, parameters, strict }: Tool): JsonObject => ({
  name,
  ...(description === null ? {} : { description }),
  input_schema: parameters['type'] === undefined ? { type: 'object', ...parameters } : parameters,
  ...(strict === true ? { strict } : {}),
});

function writeToolChoice({ toolChoice, parallelToolCalls }: Conversation): JsonObject | null {
  if (toolChoice?.mode === 'none') return { type: 'none' };
  if (toolChoice === null && parallelToolCalls !== false) return null;
  const single =
    parallelToolCalls === null ? {} : { disable_parallel_tool_use: !parallelToolCalls };
  return toolChoice?.mode === 'tool'
    ? { type: 'tool', name: toolChoice.name, ...single }
    : { type: toolChoice?.mode ?? 'auto', ...single };
}

function writeFormat(schema: Conversation['jsonSchema']): JsonObject | null {
  if (schema === null) return null;
  if (schema === true) {
    unsupported('response_format', 'can only be json_schema for an Anthropic engine');
  }
  return { format: { type: 'json_schema', schema: schema.schema } };
}

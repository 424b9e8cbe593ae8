import type { Conversation, Message, Part, Tool } from '../conversation.ts';
import { textOf } from '../conversation-defaults.ts';
import { unsupported, type JsonObject } from '../json-fields.ts';
import { writeParts } from './chat-content.ts';

export const pathOf = (ask: Conversation): string =>
  ({ chat: '/chat/completions', completion: '/completions', embedding: '/embeddings' })[ask.kind];

/** Throws TR_DIALECT_UNSUPPORTED for what the OpenAI wire has no way to say. */
export function writeRequest(ask: Conversation): JsonObject {
  if (ask.kind === 'embedding')
    return defined({ model: ask.model, input: ask.inputs, user: ask.user });
  if (ask.kind === 'completion') return writeCompletion(ask);
  return writeChat(ask);
}

function writeCompletion(ask: Conversation): JsonObject {
  const [only, ...more] = ask.messages;
  if (only?.role !== 'user' || more.length > 0 || only.parts.some((part) => part.type !== 'text')) {
    unsupported('messages', 'of a completion can only be one text');
  }
  return defined({
    model: ask.model,
    prompt: textOf(only.parts),
    max_tokens: ask.maxTokens,
    ...samplingOf(ask),
  });
}

function writeChat(ask: Conversation): JsonObject {
  if (ask.messages.at(-1)?.role === 'assistant') {
    // The wire has no prefill: the engine would answer the message instead of continuing it.
    unsupported('messages', 'ends with an assistant message, which this engine cannot continue');
  }
  const system = ask.system.filter((text) => text !== '').join('\n\n');
  return defined({
    model: ask.model,
    // One system message: chat templates of open models often refuse a second one.
    messages: [
      ...(system === '' ? [] : [{ role: 'system', content: system }]),
      ...ask.messages.map(writeMessage),
    ],
    [maxTokensField(ask.model)]: ask.maxTokens,
    ...samplingOf(ask),
    tools: ask.tools.length === 0 ? null : ask.tools.map(writeTool),
    tool_choice: writeToolChoice(ask.toolChoice),
    parallel_tool_calls: ask.tools.length === 0 ? null : ask.parallelToolCalls,
    response_format: writeFormat(ask.jsonSchema),
  });
}

/**
 * OpenAI's reasoning models (o1 and later, gpt-5 and later) refuse `max_tokens`; older compatible
 * servers know nothing else.
 */
export const maxTokensField = (model: string): string =>
  /(?:^|\/)(?:o[1-9](?![a-z])|gpt-(?:[5-9]|\d\d))/.test(model)
    ? 'max_completion_tokens'
    : 'max_tokens';

const samplingOf = (ask: Conversation): JsonObject => ({
  temperature: ask.temperature,
  top_p: ask.topP,
  // Not an OpenAI field: vLLM, SGLang and llama.cpp honour it, OpenAI itself refuses it by name.
  top_k: ask.topK,
  stop: ask.stop.length === 0 ? null : ask.stop,
  n: ask.n === 1 ? null : ask.n,
  user: ask.user,
  stream: ask.stream ? true : null,
  stream_options: ask.stream ? { include_usage: true } : null,
});

/** Without the fields that were not asked for. */
function defined(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function writeMessage(message: Message): JsonObject {
  if (message.role === 'user') return { role: 'user', content: writeParts(message.parts) };
  if (message.role === 'tool') return writeToolResult(message);
  if (message.parts.some((part) => part.type !== 'text')) {
    unsupported('messages', 'has an image in an assistant message, which this engine cannot take');
  }
  const calls = message.toolCalls.map(({ id, name, argumentsJson }) => ({
    id,
    type: 'function',
    function: { name, arguments: argumentsJson },
  }));
  return {
    role: 'assistant',
    content: message.parts.length === 0 && calls.length > 0 ? null : writeParts(message.parts),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

function writeToolResult({
  toolCallId,
  parts,
  isError,
}: Extract<Message, { role: 'tool' }>): JsonObject {
  if (parts.some((part) => part.type !== 'text')) {
    unsupported('messages', 'has an image in a tool result, which this engine cannot take');
  }
  const content = isError ? markedAsError(parts) : parts;
  return { role: 'tool', tool_call_id: toolCallId, content: writeParts(content) };
}

/** The wire has no error flag, so the text says it. */
function markedAsError(parts: Part[]): Part[] {
  if (/^\s*error/i.test(textOf(parts))) return parts;
  return [{ type: 'text', text: `Error: ${textOf(parts)}` }];
}

const writeTool = ({ name, description, parameters, strict }: Tool): JsonObject => ({
  type: 'function',
  function: {
    name,
    ...(description === null ? {} : { description }),
    parameters,
    ...(strict === undefined ? {} : { strict }),
  },
});

function writeToolChoice(choice: Conversation['toolChoice']): unknown {
  if (choice === null) return null;
  if (choice.mode === 'tool') return { type: 'function', function: { name: choice.name } };
  return choice.mode === 'any' ? 'required' : choice.mode;
}

function writeFormat(schema: Conversation['jsonSchema']): JsonObject | null {
  if (schema === null) return null;
  return schema === true ? { type: 'json_object' } : { type: 'json_schema', json_schema: schema };
}

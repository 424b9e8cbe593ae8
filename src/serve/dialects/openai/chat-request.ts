import type { Conversation, Message, Tool, ToolCall } from '../conversation.ts';
import { emptyConversation } from '../conversation-defaults.ts';
import {
  applyRules,
  carried,
  dropped,
  refused,
  refusedUnless,
  type FieldRules,
} from '../field-rules.ts';
import {
  arrayAt,
  invalid,
  isAbsent,
  nameAt,
  objectAt,
  optionalArray,
  optionalBoolean,
  optionalCount,
  optionalNumber,
  optionalObject,
  optionalString,
  stringAt,
  stringsAt,
  unsupported,
  type JsonObject,
} from '../json-fields.ts';
import { partsAt, textsAt } from './chat-content.ts';

/** Fields of /v1/chat/completions requests, as the OpenAI API reference and SDK 7 have them. */
export const chatRules: FieldRules = {
  model: carried,
  messages: carried,
  stream: carried,
  stream_options: carried,
  max_tokens: carried,
  max_completion_tokens: carried,
  temperature: carried,
  top_p: carried,
  top_k: carried,
  stop: carried,
  n: carried,
  user: carried,
  safety_identifier: carried,
  response_format: carried,
  tools: carried,
  tool_choice: carried,
  parallel_tool_calls: carried,
  metadata: dropped,
  store: dropped,
  service_tier: dropped,
  prompt_cache_key: dropped,
  prompt_cache_options: dropped,
  prompt_cache_retention: dropped,
  seed: dropped,
  reasoning_effort: dropped,
  verbosity: dropped,
  prediction: dropped,
  audio: refused,
  modalities: refusedUnless(['text'], []),
  frequency_penalty: refusedUnless(0),
  presence_penalty: refusedUnless(0),
  logit_bias: refusedUnless({}),
  logprobs: refusedUnless(false),
  top_logprobs: refusedUnless(0),
  functions: refusedUnless([]),
  function_call: refusedUnless('none'),
  web_search_options: refused,
  moderation: refused,
};

/** Throws the coded refusal of the first field that cannot be carried. */
export function readChatRequest(body: JsonObject): Conversation {
  applyRules(body, chatRules);
  const stream = optionalBoolean(body['stream'], 'stream') ?? false;
  const ask = emptyConversation('chat', nameAt(body['model'], 'model'), stream);
  const messages = arrayAt(body['messages'], 'messages');
  messages.forEach((one, i) => addMessage(ask, objectAt(one, `messages[${i}]`), `messages[${i}]`));
  readSampling(ask, body);
  ask.tools = optionalArray(body['tools'], 'tools').map((one, i) =>
    toolAt(objectAt(one, `tools[${i}]`), `tools[${i}]`),
  );
  ask.toolChoice = toolChoiceAt(body['tool_choice']);
  ask.parallelToolCalls = optionalBoolean(body['parallel_tool_calls'], 'parallel_tool_calls');
  ask.jsonSchema = responseFormatAt(body['response_format']);
  return ask;
}

function addMessage(ask: Conversation, message: JsonObject, field: string): void {
  const content = message['content'];
  const role = message['role'];
  if (role === 'system' || role === 'developer') {
    ask.system.push(textsAt(content, `${field}.content`).join(''));
  } else if (role === 'user') {
    ask.messages.push({ role, parts: partsAt(content, `${field}.content`) });
  } else if (role === 'assistant') {
    ask.messages.push(assistantMessage(message, field));
  } else if (role === 'tool') {
    const toolCallId = nameAt(message['tool_call_id'], `${field}.tool_call_id`);
    const parts = partsAt(content, `${field}.content`);
    ask.messages.push({ role, toolCallId, parts, isError: false });
  } else if (role === 'function') {
    unsupported(`${field}.role`, '"function" cannot be carried; use tools');
  } else {
    invalid(`${field}.role`, 'system, developer, user, assistant or tool');
  }
}

function assistantMessage(message: JsonObject, field: string): Message {
  if (!isAbsent(message['audio'])) unsupported(`${field}.audio`, 'cannot be carried');
  if (!isAbsent(message['function_call'])) {
    unsupported(`${field}.function_call`, 'cannot be carried; use tool_calls');
  }
  const parts = partsAt(message['content'], `${field}.content`);
  const refusal = optionalString(message['refusal'], `${field}.refusal`);
  if (refusal !== null && parts.length === 0) parts.push({ type: 'text', text: refusal });
  const toolCalls = optionalArray(message['tool_calls'], `${field}.tool_calls`).map((one, i) =>
    toolCallAt(objectAt(one, `${field}.tool_calls[${i}]`), `${field}.tool_calls[${i}]`),
  );
  return { role: 'assistant', parts, toolCalls };
}

function toolCallAt(call: JsonObject, field: string): ToolCall {
  const id = nameAt(call['id'], `${field}.id`);
  if (!isAbsent(call['type']) && call['type'] !== 'function') {
    unsupported(`${field}.type`, 'can only be "function"');
  }
  const made = objectAt(call['function'], `${field}.function`);
  return {
    id,
    name: nameAt(made['name'], `${field}.function.name`),
    argumentsJson: stringAt(made['arguments'] ?? '', `${field}.function.arguments`),
  };
}

function readSampling(ask: Conversation, body: JsonObject): void {
  ask.maxTokens =
    optionalCount(body['max_completion_tokens'], 'max_completion_tokens', 1) ??
    optionalCount(body['max_tokens'], 'max_tokens', 1);
  ask.temperature = optionalNumber(body['temperature'], 'temperature');
  ask.topP = optionalNumber(body['top_p'], 'top_p');
  ask.topK = optionalCount(body['top_k'], 'top_k', 0);
  ask.stop = stringsAt(body['stop'], 'stop');
  ask.n = optionalCount(body['n'], 'n', 1) ?? 1;
  ask.user =
    optionalString(body['user'], 'user') ??
    optionalString(body['safety_identifier'], 'safety_identifier');
}

function toolAt(tool: JsonObject, field: string): Tool {
  if (tool['type'] !== 'function') unsupported(`${field}.type`, 'can only be "function"');
  const made = objectAt(tool['function'], `${field}.function`);
  const strict = optionalBoolean(made['strict'], `${field}.function.strict`);
  return {
    name: nameAt(made['name'], `${field}.function.name`),
    description: optionalString(made['description'], `${field}.function.description`),
    // The API reads absent parameters as an empty list.
    parameters: optionalObject(made['parameters'], `${field}.function.parameters`) ?? {
      type: 'object',
      properties: {},
    },
    ...(strict === null ? {} : { strict }),
  };
}

function toolChoiceAt(choice: unknown): Conversation['toolChoice'] {
  if (isAbsent(choice)) return null;
  if (choice === 'auto' || choice === 'none') return { mode: choice };
  if (choice === 'required') return { mode: 'any' };
  if (typeof choice === 'string') invalid('tool_choice', 'none, auto, required or an object');
  const named = objectAt(choice, 'tool_choice');
  if (named['type'] !== 'function') unsupported('tool_choice.type', 'can only be "function"');
  const made = objectAt(named['function'], 'tool_choice.function');
  return { mode: 'tool', name: nameAt(made['name'], 'tool_choice.function.name') };
}

function responseFormatAt(value: unknown): Conversation['jsonSchema'] {
  const format = optionalObject(value, 'response_format');
  if (format === null || format['type'] === 'text') return null;
  if (format['type'] === 'json_object') return true;
  if (format['type'] !== 'json_schema') {
    unsupported('response_format.type', 'can only be text, json_object or json_schema');
  }
  const field = 'response_format.json_schema';
  const made = objectAt(format['json_schema'], field);
  return {
    name: nameAt(made['name'], `${field}.name`),
    schema: optionalObject(made['schema'], `${field}.schema`) ?? {},
    strict: optionalBoolean(made['strict'], `${field}.strict`) ?? false,
  };
}

import type { Conversation, Message, Part, Tool, ToolCall } from '../conversation.ts';
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
import { partsAt, systemTexts, toolResultParts } from './content-blocks.ts';

/** Fields of /v1/messages requests, as the Anthropic API reference and SDK 1 have them. */
export const messagesRules: FieldRules = {
  model: carried,
  messages: carried,
  system: carried,
  max_tokens: carried,
  stream: carried,
  stop_sequences: carried,
  temperature: carried,
  top_p: carried,
  top_k: carried,
  tools: carried,
  tool_choice: carried,
  metadata: carried,
  output_config: carried,
  output_format: carried,
  thinking: dropped,
  cache_control: dropped,
  context_management: dropped,
  diagnostics: dropped,
  service_tier: dropped,
  speed: dropped,
  betas: dropped,
  container: refused,
  inference_geo: refused,
  mcp_servers: refusedUnless([]),
  user_profile_id: refused,
  workspace_id: refused,
};

export const messagesToolRules: FieldRules = {
  type: carried,
  name: carried,
  description: carried,
  input_schema: carried,
  strict: carried,
  cache_control: dropped,
  eager_input_streaming: dropped,
  input_examples: dropped,
  defer_loading: refusedUnless(false),
  allowed_callers: refusedUnless(['direct']),
};

/** Throws the coded refusal of the first field that cannot be carried. */
export function readMessagesRequest(body: JsonObject): Conversation {
  applyRules(body, messagesRules);
  const stream = optionalBoolean(body['stream'], 'stream') ?? false;
  const ask = emptyConversation('chat', nameAt(body['model'], 'model'), stream);
  ask.maxTokens =
    optionalCount(body['max_tokens'], 'max_tokens', 1) ??
    invalid('max_tokens', 'a whole number of at least 1');
  ask.system = systemTexts(body['system'], 'system');
  const messages = arrayAt(body['messages'], 'messages');
  messages.forEach((one, i) => addMessage(ask, objectAt(one, `messages[${i}]`), `messages[${i}]`));
  ask.stop = stringsAt(body['stop_sequences'], 'stop_sequences');
  ask.temperature = optionalNumber(body['temperature'], 'temperature');
  ask.topP = optionalNumber(body['top_p'], 'top_p');
  ask.topK = optionalCount(body['top_k'], 'top_k', 0);
  const metadata = optionalObject(body['metadata'], 'metadata');
  ask.user = optionalString(metadata?.['user_id'], 'metadata.user_id');
  readTools(ask, body);
  ask.jsonSchema = outputFormat(body);
  return ask;
}

function addMessage(ask: Conversation, message: JsonObject, field: string): void {
  const content = message['content'];
  if (message['role'] === 'user') ask.messages.push(...userMessages(content, `${field}.content`));
  else if (message['role'] === 'assistant') {
    ask.messages.push(assistantMessage(content, `${field}.content`));
  } else if (message['role'] === 'system') {
    ask.system.push(...systemTexts(content, `${field}.content`));
  } else invalid(`${field}.role`, 'user, assistant or system');
}

/** Tool results stand first, each as its own message; the rest of the turn follows. */
function userMessages(content: unknown, field: string): Message[] {
  if (typeof content === 'string') return [{ role: 'user', parts: partsAt(content, field) }];
  const results: Message[] = [];
  const parts: Part[] = [];
  arrayAt(content, field).forEach((one, i) => {
    const block = objectAt(one, `${field}[${i}]`);
    if (block['type'] === 'tool_result') results.push(toolResult(block, `${field}[${i}]`));
    else parts.push(...partsAt([block], field, i));
  });
  return parts.length === 0 && results.length > 0 ? results : [...results, { role: 'user', parts }];
}

const toolResult = (block: JsonObject, field: string): Message => ({
  role: 'tool',
  toolCallId: nameAt(block['tool_use_id'], `${field}.tool_use_id`),
  parts: toolResultParts(block['content'], `${field}.content`),
  isError: optionalBoolean(block['is_error'], `${field}.is_error`) ?? false,
});

function assistantMessage(content: unknown, field: string): Message {
  const parts: Part[] = [];
  const toolCalls: ToolCall[] = [];
  if (typeof content === 'string') parts.push(...partsAt(content, field));
  else {
    arrayAt(content, field).forEach((one, i) => {
      const block = objectAt(one, `${field}[${i}]`);
      // Signed by the model that thought; worth nothing to another.
      if (block['type'] === 'thinking' || block['type'] === 'redacted_thinking') return;
      if (block['type'] === 'tool_use') toolCalls.push(toolCall(block, `${field}[${i}]`));
      else parts.push(...partsAt([block], field, i));
    });
  }
  return { role: 'assistant', parts, toolCalls };
}

const toolCall = (block: JsonObject, field: string): ToolCall => ({
  id: nameAt(block['id'], `${field}.id`),
  name: nameAt(block['name'], `${field}.name`),
  argumentsJson: JSON.stringify(optionalObject(block['input'], `${field}.input`) ?? {}),
});

function readTools(ask: Conversation, body: JsonObject): void {
  ask.tools = optionalArray(body['tools'], 'tools').map((one, i) =>
    toolAt(objectAt(one, `tools[${i}]`), `tools[${i}]`),
  );
  const choice = optionalObject(body['tool_choice'], 'tool_choice');
  if (choice === null) return;
  const { type } = choice;
  if (type === 'auto' || type === 'any' || type === 'none') ask.toolChoice = { mode: type };
  else if (type === 'tool') {
    ask.toolChoice = { mode: 'tool', name: nameAt(choice['name'], 'tool_choice.name') };
  } else invalid('tool_choice.type', 'auto, any, tool or none');
  const field = 'tool_choice.disable_parallel_tool_use';
  const single = optionalBoolean(choice['disable_parallel_tool_use'], field);
  ask.parallelToolCalls = single === null ? null : !single;
}

function toolAt(tool: JsonObject, field: string): Tool {
  if (!isAbsent(tool['type']) && tool['type'] !== 'custom') {
    unsupported(
      `${field}.type`,
      `${stringAt(tool['type'], `${field}.type`)} runs only at Anthropic`,
    );
  }
  applyRules(tool, messagesToolRules, `${field}.`);
  const strict = optionalBoolean(tool['strict'], `${field}.strict`);
  return {
    name: nameAt(tool['name'], `${field}.name`),
    description: optionalString(tool['description'], `${field}.description`),
    parameters: objectAt(tool['input_schema'], `${field}.input_schema`),
    ...(strict === null ? {} : { strict }),
  };
}

/**
 * `output_config.format`, or `output_format` as the beta had it. `output_config.effort` is a hint.
 */
function outputFormat(body: JsonObject): Conversation['jsonSchema'] {
  const config = optionalObject(body['output_config'], 'output_config') ?? {};
  applyRules(config, { format: carried, effort: dropped }, 'output_config.');
  const inConfig = optionalObject(config['format'], 'output_config.format');
  const field = inConfig === null ? 'output_format' : 'output_config.format';
  const format = inConfig ?? optionalObject(body['output_format'], 'output_format');
  if (format === null) return null;
  if (format['type'] !== 'json_schema') unsupported(`${field}.type`, 'can only be json_schema');
  return { name: 'reply', schema: objectAt(format['schema'], `${field}.schema`), strict: true };
}

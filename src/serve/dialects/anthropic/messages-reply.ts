import type { Reply } from '../conversation.ts';
import { isObject, parseJson, type JsonObject } from '../json-fields.ts';
import { writeStopReason } from './stop-reason.ts';
import { writeUsage } from './usage.ts';

/** A finished reply as a `message` object; the dialect has one choice. */
export function writeMessage(reply: Reply): JsonObject {
  const [choice] = reply.choices;
  const content: JsonObject[] = [];
  if (choice !== undefined && choice.text !== '') content.push({ type: 'text', text: choice.text });
  for (const { id, name, argumentsJson } of choice?.toolCalls ?? []) {
    content.push({ type: 'tool_use', id, name, input: inputOf(argumentsJson) });
  }
  return {
    id: reply.id,
    type: 'message',
    role: 'assistant',
    model: reply.model,
    content,
    stop_reason: writeStopReason(choice?.stopReason ?? 'stop'),
    stop_sequence: null,
    usage: writeUsage(reply.usage),
  };
}

/**
 * The wire wants an object. Arguments that a token limit broke off become an empty one; the stop
 * reason `max_tokens` tells the client not to use it.
 */
function inputOf(argumentsJson: string): JsonObject {
  const input = parseJson(argumentsJson);
  return isObject(input) ? input : {};
}

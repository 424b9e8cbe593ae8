import type { Conversation, Reply, ToolCall } from '../conversation.ts';
import { unknownTokens } from '../conversation-defaults.ts';
import { isObject, malformed, objectsIn, textOr, type JsonObject } from '../json-fields.ts';
import { madeId, nowS, type ReplySource } from '../source.ts';
import { readStopReason } from './stop-reason.ts';
import { readUsage } from './usage.ts';

/**
 * Throws TR_UPSTREAM_INVALID when `body` is no message. Text blocks are joined as they are;
 * thinking and blocks of server tools are left out (docs/dialects.md).
 */
export function readReply(body: JsonObject, ask: Conversation, source: ReplySource): Reply {
  if (!Array.isArray(body['content'])) malformed('it has no content');
  const blocks = objectsIn(body['content']);
  const text = blocks.map((block) => (block['type'] === 'text' ? textOr(block['text'], '') : ''));
  const toolCalls = blocks.filter((block) => block['type'] === 'tool_use').map(toolCallOf);
  return {
    id: textOr(body['id'], '') || `msg_${madeId(source)}`,
    model: textOr(body['model'], '') || ask.model,
    createdAtS: nowS(source),
    choices: [{ text: text.join(''), toolCalls, stopReason: readStopReason(body['stop_reason']) }],
    embeddings: [],
    usage: readUsage(body['usage']) ?? unknownTokens,
  };
}

function toolCallOf(block: JsonObject): ToolCall {
  const { id, name, input } = block;
  if (typeof id !== 'string' || typeof name !== 'string') {
    return malformed('a tool_use block has no id or name');
  }
  if (!isObject(input)) return malformed('the input of a tool_use block is not an object');
  return { id, name, argumentsJson: JSON.stringify(input) };
}

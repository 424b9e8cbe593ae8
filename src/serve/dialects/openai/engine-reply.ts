import type { Conversation, Reply, StopReason, ToolCall } from '../conversation.ts';
import { unknownTokens } from '../conversation-defaults.ts';
import {
  isObject,
  malformed,
  objectsIn,
  parseJson,
  textOr,
  type JsonObject,
} from '../json-fields.ts';
import { madeId, nowS, type ReplySource } from '../source.ts';
import { looseText } from './chat-content.ts';
import { readEmbeddingUsage } from './embeddings.ts';
import { readUsage } from './usage.ts';

/** Throws TR_UPSTREAM_INVALID when `body` is no reply to `ask`. */
export function readReply(body: JsonObject, ask: Conversation, source: ReplySource): Reply {
  const common = {
    id: textOr(body['id'], '') || `chatcmpl-${madeId(source)}`,
    model: textOr(body['model'], '') || ask.model,
    createdAtS: createdAt(body['created'], source),
  };
  if (ask.kind === 'embedding') {
    const usage = readEmbeddingUsage(body['usage']) ?? unknownTokens;
    return { ...common, choices: [], embeddings: embeddingsIn(body['data']), usage };
  }
  const choices = objectsIn(body['choices']);
  if (choices.length === 0) malformed('it has no choices');
  return {
    ...common,
    choices: choices.map((choice) => choiceOf(choice, ask)),
    embeddings: [],
    usage: readUsage(body['usage']) ?? unknownTokens,
  };
}

export const createdAt = (created: unknown, source: ReplySource): number =>
  typeof created === 'number' && Number.isFinite(created) && created > 0
    ? Math.floor(created)
    : nowS(source);

function embeddingsIn(data: unknown): Reply['embeddings'] {
  if (!Array.isArray(data)) malformed('it has no data');
  return (data as unknown[]).map((one, i) => {
    const embedding = isObject(one) ? one['embedding'] : null;
    if (typeof embedding === 'string') return embedding;
    const numbers = Array.isArray(embedding) && embedding.every((x) => typeof x === 'number');
    return numbers ? embedding : malformed(`data[${i}] has no embedding`);
  });
}

function choiceOf(choice: JsonObject, ask: Conversation): Reply['choices'][number] {
  if (ask.kind === 'completion') {
    const stopReason = stopReasonOf(choice['finish_reason'], { calls: false, refused: false });
    return { text: textOr(choice['text'], ''), toolCalls: [], stopReason };
  }
  const message = choice['message'];
  if (!isObject(message)) malformed('a choice has no message');
  const refusal = textOr(message['refusal'], '');
  const calls = objectsIn(message['tool_calls']);
  const stopReason = stopReasonOf(choice['finish_reason'], {
    calls: calls.length > 0,
    refused: refusal !== '',
  });
  const toolCalls = calls.map((call, i) => toolCallOf(call, i, stopReason));
  return { text: looseText(message['content']) + refusal, toolCalls, stopReason };
}

function toolCallOf(call: JsonObject, index: number, stopReason: StopReason): ToolCall {
  const made = call['function'];
  if (!isObject(made) || typeof made['name'] !== 'string') malformed('a tool call has no name');
  const given = made['arguments'];
  // Some servers send arguments as an object rather than as JSON text.
  const argumentsJson = isObject(given) ? JSON.stringify(given) : textOr(given, '');
  const complete = argumentsJson.trim() === '' || isObject(parseJson(argumentsJson));
  // A reply that hit its token limit may break off inside the arguments; any other may not.
  if (!complete && stopReason !== 'length') malformed('the arguments of a tool call are not JSON');
  const id = textOr(call['id'], '') || `call_${index}`;
  return { id, name: made['name'], argumentsJson };
}

/**
 * A named `tool_choice` ends with `stop` on this wire, and a refusal too; both have their own
 * reason elsewhere. Reasons that are not OpenAI's (`eos_token`, …) mean that the model stopped.
 */
export function stopReasonOf(
  reason: unknown,
  seen: { calls: boolean; refused: boolean },
): StopReason {
  if (reason === 'length' || reason === 'content_filter') return reason;
  if (seen.calls) return 'tool_calls';
  return seen.refused ? 'content_filter' : 'stop';
}

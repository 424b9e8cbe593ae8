import type { ClientDialectForm } from '../dialect.ts';
import { isObject, objectsIn, reading, textOr, type JsonObject } from '../json-fields.ts';
import { looseText } from './chat-content.ts';
import { chatStreamWriter, writeChatReply } from './chat-reply.ts';
import { readChatRequest } from './chat-request.ts';
import { errorBody, errorFrame } from './error-shape.ts';
import { generationFacts } from './facts.ts';
import { readUsage } from './usage.ts';

/** OpenAI's POST /v1/chat/completions. */
export const openaiChat: ClientDialectForm = {
  id: 'openai-chat',
  path: '/v1/chat/completions',
  native: 'openai',
  enginePath: '/chat/completions',
  facts: generationFacts,
  usage: (native) => readUsage(native['usage']),
  outputText: (native) => {
    const { choices } = native;
    if (!Array.isArray(choices)) return '';
    let text = '';
    for (const choice of choices as unknown[]) {
      if (isObject(choice)) text += generatedText(choice['delta'] ?? choice['message']);
    }
    return text;
  },
  promptText: (body) => objectsIn(body['messages']).map(messageText).join('\n') + toolsText(body),
  errorBody,
  errorFrame,
  toConversation: (body) => reading(() => readChatRequest(body)),
  fromReply: writeChatReply,
  streamWriter: chatStreamWriter,
};

/** All that the model generated, its visible reasoning and its calls included. */
function generatedText(message: unknown): string {
  if (!isObject(message)) return '';
  // `reasoning_content` (vLLM, SGLang, DeepSeek) and `reasoning` (newer vLLM, Ollama): one of them.
  const reasoning = textOr(message['reasoning_content'] ?? message['reasoning'], '');
  let text = reasoning + looseText(message['content']) + textOr(message['refusal'], '');
  const calls = message['tool_calls'];
  if (Array.isArray(calls)) for (const call of calls as unknown[]) text += callText(call);
  return text;
}

function callText(call: unknown): string {
  if (!isObject(call) || !isObject(call['function'])) return '';
  return textOr(call['function']['name'], '') + textOr(call['function']['arguments'], '');
}

const messageText = (message: JsonObject): string =>
  looseText(message['content']) + objectsIn(message['tool_calls']).map(callText).join('');

const toolsText = (body: JsonObject): string =>
  Array.isArray(body['tools']) && body['tools'].length > 0
    ? `\n${JSON.stringify(body['tools'])}`
    : '';

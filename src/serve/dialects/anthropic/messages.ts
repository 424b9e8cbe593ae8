import type { ClientDialectForm } from '../dialect.ts';
import {
  isObject,
  nameAt,
  objectsIn,
  optionalBoolean,
  reading,
  textOr,
  type JsonObject,
} from '../json-fields.ts';
import { looseText } from './content-blocks.ts';
import { errorBody, errorFrame } from './error-shape.ts';
import { writeMessage } from './messages-reply.ts';
import { readMessagesRequest } from './messages-request.ts';
import { messagesStreamWriter } from './messages-stream.ts';
import { readStartUsage, readUsage } from './usage.ts';

/** Anthropic's POST /v1/messages. Its streams always tell usage: input first, output last. */
export const anthropicMessages: ClientDialectForm = {
  id: 'anthropic-messages',
  path: '/v1/messages',
  native: 'anthropic',
  enginePath: '/messages',
  facts: (body) =>
    reading(() => ({
      model: nameAt(body['model'], 'model'),
      stream: optionalBoolean(body['stream'], 'stream') ?? false,
      wantsUsage: true,
    })),
  usage: (native) => {
    if (native['type'] !== 'message_start') return readUsage(native['usage']);
    const { message } = native;
    return isObject(message) ? readStartUsage(message['usage']) : null;
  },
  outputText: (native) => {
    switch (native['type']) {
      case 'content_block_delta':
        return deltaText(native['delta']);
      case 'content_block_start':
        return looseText([native['content_block']]);
      case 'message':
        return looseText(native['content']);
      default:
        return '';
    }
  },
  promptText: (body) =>
    [
      looseText(body['system']),
      ...objectsIn(body['messages']).map((message) => looseText(message['content'])),
      ...(Array.isArray(body['tools']) ? [JSON.stringify(body['tools'])] : []),
    ].join('\n'),
  errorBody,
  errorFrame,
  toConversation: (body) => reading(() => readMessagesRequest(body)),
  fromReply: writeMessage,
  streamWriter: messagesStreamWriter,
};

function deltaText(delta: unknown): string {
  if (!isObject(delta)) return '';
  const { text, partial_json: json, thinking }: JsonObject = delta;
  return textOr(text, '') + textOr(json, '') + textOr(thinking, '');
}

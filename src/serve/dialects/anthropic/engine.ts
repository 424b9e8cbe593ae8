import type { EngineDialectForm } from '../dialect.ts';
import { reading } from '../json-fields.ts';
import { errorMessage } from '../error-message.ts';
import type { ReplySource } from '../source.ts';
import { readReply } from './engine-reply.ts';
import { writeRequest } from './engine-request.ts';
import { anthropicStreamReader } from './engine-stream.ts';

/** Engines that speak Anthropic's Messages API. */
export const anthropicEngine = (source: ReplySource): EngineDialectForm => ({
  id: 'anthropic',
  path: () => '/messages',
  headers: (apiKey): Record<string, string> => ({
    'anthropic-version': '2023-06-01',
    ...(apiKey === undefined ? {} : { 'x-api-key': apiKey }),
  }),
  fromConversation: (ask) => reading(() => writeRequest(ask)),
  toReply: (body, ask) => reading(() => readReply(body, ask, source)),
  streamReader: (ask) => anthropicStreamReader(ask, source),
  errorMessage,
});

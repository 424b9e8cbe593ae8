import type { EngineDialectForm } from '../dialect.ts';
import { reading } from '../json-fields.ts';
import type { ReplySource } from '../source.ts';
import { readReply } from './engine-reply.ts';
import { pathOf, writeRequest } from './engine-request.ts';
import { openaiStreamReader } from './engine-stream.ts';
import { errorMessage } from '../error-message.ts';

/** OpenAI-compatible engines: OpenAI, vLLM, SGLang, llama.cpp, Ollama, TGI. */
export const openaiEngine = (source: ReplySource): EngineDialectForm => ({
  id: 'openai',
  path: pathOf,
  headers: (apiKey): Record<string, string> =>
    apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
  fromConversation: (ask) => reading(() => writeRequest(ask)),
  toReply: (body, ask) => reading(() => readReply(body, ask, source)),
  streamReader: (ask) => openaiStreamReader(ask, source),
  errorMessage,
});

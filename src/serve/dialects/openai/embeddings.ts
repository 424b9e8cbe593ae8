import type { Conversation, Reply } from '../conversation.ts';
import { emptyConversation, knownTokens } from '../conversation-defaults.ts';
import type { ClientDialectForm } from '../dialect.ts';
import { applyRules, carried, dropped, refused, type FieldRules } from '../field-rules.ts';
import {
  countOrNull,
  invalid,
  isObject,
  nameAt,
  optionalString,
  reading,
  type JsonObject,
} from '../json-fields.ts';
import type { TokenCounts } from '../../../records/request-record.ts';
import { errorBody, errorFrame } from './error-shape.ts';

/** Fields of /v1/embeddings requests. */
export const embeddingsRules: FieldRules = {
  model: carried,
  input: carried,
  user: carried,
  encoding_format: dropped,
  dimensions: refused,
};

/** OpenAI's POST /v1/embeddings. It has no stream. */
export const openaiEmbeddings: ClientDialectForm = {
  id: 'openai-embeddings',
  path: '/v1/embeddings',
  native: 'openai',
  enginePath: '/embeddings',
  facts: (body) =>
    reading(() => ({ model: nameAt(body['model'], 'model'), stream: false, wantsUsage: true })),
  usage: (native) => readEmbeddingUsage(native['usage']),
  outputText: () => '',
  promptText: ({ input }) => {
    if (typeof input === 'string') return input;
    if (!Array.isArray(input)) return '';
    return (input as unknown[]).filter((one) => typeof one === 'string').join('\n');
  },
  errorBody,
  errorFrame,
  toConversation: (body) => reading(() => readEmbeddingsRequest(body)),
  fromReply: writeEmbeddings,
  streamWriter: () => () => '',
};

function readEmbeddingsRequest(body: JsonObject): Conversation {
  applyRules(body, embeddingsRules);
  const ask = emptyConversation('embedding', nameAt(body['model'], 'model'), false);
  ask.inputs = inputsAt(body['input']);
  ask.user = optionalString(body['user'], 'user');
  return ask;
}

const isTokens = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && (one as number) >= 0);

function inputsAt(input: unknown): Conversation['inputs'] {
  if (typeof input === 'string') return [input];
  if (!Array.isArray(input) || input.length === 0) {
    return invalid('input', 'a string or a non-empty array');
  }
  if (isTokens(input)) return [input];
  return (input as unknown[]).map((one, i) =>
    typeof one === 'string' || isTokens(one)
      ? one
      : invalid(`input[${i}]`, 'a string or an array of token ids'),
  );
}

/** An embedding has no output tokens: that is known, not unknown. */
export function readEmbeddingUsage(usage: unknown): TokenCounts | null {
  if (!isObject(usage)) return null;
  const counted = countOrNull(usage['prompt_tokens']);
  const tokens = { in: counted, cachedIn: null, cacheWrite: null, out: null, reasoning: null };
  return knownTokens(tokens) === null ? null : { ...tokens, out: 0, reasoning: 0 };
}

function writeEmbeddings(reply: Reply): JsonObject {
  const tokens = reply.usage.in;
  return {
    object: 'list',
    data: reply.embeddings.map((embedding, index) => ({ object: 'embedding', index, embedding })),
    model: reply.model,
    ...(tokens === null ? {} : { usage: { prompt_tokens: tokens, total_tokens: tokens } }),
  };
}

import type { TokenCounts } from '../../../records/request-record.ts';
import type { Conversation, Reply, ReplyEvent, StopReason } from '../conversation.ts';
import { emptyConversation, textPart } from '../conversation-defaults.ts';
import type { ClientDialectForm } from '../dialect.ts';
import { applyRules, carried, dropped, refusedUnless, type FieldRules } from '../field-rules.ts';
import {
  isObject,
  nameAt,
  optionalBoolean,
  optionalCount,
  optionalNumber,
  optionalString,
  reading,
  stringsAt,
  textOr,
  unsupported,
  type JsonObject,
} from '../json-fields.ts';
import { errorBody, errorFrame } from './error-shape.ts';
import { generationFacts } from './facts.ts';
import { readUsage, writeUsage } from './usage.ts';

/** Fields of /v1/completions requests. */
export const completionsRules: FieldRules = {
  model: carried,
  prompt: carried,
  stream: carried,
  stream_options: carried,
  max_tokens: carried,
  temperature: carried,
  top_p: carried,
  top_k: carried,
  stop: carried,
  n: carried,
  user: carried,
  seed: dropped,
  best_of: refusedUnless(1),
  echo: refusedUnless(false),
  suffix: refusedUnless(''),
  logprobs: refusedUnless(),
  frequency_penalty: refusedUnless(0),
  presence_penalty: refusedUnless(0),
  logit_bias: refusedUnless({}),
};

/**
 * The API's default of `max_tokens` for this endpoint, which engines of other dialects do not have.
 */
const defaultMaxTokens = 16;

/** OpenAI's POST /v1/completions (legacy). Translated, its prompt is one user message. */
export const openaiCompletions: ClientDialectForm = {
  id: 'openai-completions',
  path: '/v1/completions',
  native: 'openai',
  enginePath: '/completions',
  facts: generationFacts,
  usage: (native) => readUsage(native['usage']),
  outputText: (native) => {
    const { choices } = native;
    if (!Array.isArray(choices)) return '';
    let text = '';
    for (const choice of choices as unknown[]) {
      if (isObject(choice)) text += textOr(choice['text'], '');
    }
    return text;
  },
  promptText: ({ prompt }) => {
    if (typeof prompt === 'string') return prompt;
    if (!Array.isArray(prompt)) return '';
    return (prompt as unknown[]).filter((one) => typeof one === 'string').join('\n');
  },
  errorBody,
  errorFrame,
  toConversation: (body) => reading(() => readCompletionsRequest(body)),
  fromReply: writeCompletion,
  streamWriter: completionsStreamWriter,
};

function readCompletionsRequest(body: JsonObject): Conversation {
  applyRules(body, completionsRules);
  const stream = optionalBoolean(body['stream'], 'stream') ?? false;
  const ask = emptyConversation('completion', nameAt(body['model'], 'model'), stream);
  ask.messages.push({ role: 'user', parts: [textPart(promptAt(body['prompt']))] });
  ask.maxTokens = optionalCount(body['max_tokens'], 'max_tokens', 1) ?? defaultMaxTokens;
  ask.temperature = optionalNumber(body['temperature'], 'temperature');
  ask.topP = optionalNumber(body['top_p'], 'top_p');
  ask.topK = optionalCount(body['top_k'], 'top_k', 0);
  ask.stop = stringsAt(body['stop'], 'stop');
  ask.n = optionalCount(body['n'], 'n', 1) ?? 1;
  ask.user = optionalString(body['user'], 'user');
  return ask;
}

function promptAt(prompt: unknown): string {
  const [only, ...more] = Array.isArray(prompt) ? (prompt as unknown[]) : [prompt];
  if (typeof only === 'string' && more.length === 0) return only;
  return unsupported('prompt', 'can only be one string for this engine');
}

const finishReason = (reason: StopReason): string => (reason === 'tool_calls' ? 'stop' : reason);

function writeCompletion(reply: Reply): JsonObject {
  const usage = writeUsage(reply.usage);
  return {
    id: reply.id,
    object: 'text_completion',
    created: reply.createdAtS,
    model: reply.model,
    choices: reply.choices.map(({ text, stopReason }, index) => ({
      index,
      text,
      logprobs: null,
      finish_reason: finishReason(stopReason),
    })),
    ...(usage === null ? {} : { usage }),
  };
}

function completionsStreamWriter(
  _ask: Conversation,
  { includeUsage }: { includeUsage: boolean },
): (event: ReplyEvent) => string {
  let base: JsonObject = {};
  let tokens: TokenCounts | null = null;
  const frame = (choices: JsonObject[], usage: JsonObject | null): string =>
    `data: ${JSON.stringify({ ...base, choices, ...(includeUsage ? { usage } : {}) })}\n\n`;
  const choiceFrame = (index: number, text: string, reason: string | null): string =>
    frame([{ index, text, logprobs: null, finish_reason: reason }], null);
  return (event) => {
    switch (event.type) {
      case 'start':
        base = {
          id: event.id,
          object: 'text_completion',
          created: event.createdAtS,
          model: event.model,
        };
        return '';
      case 'text':
        return choiceFrame(event.choice, event.text, null);
      case 'finish':
        return choiceFrame(event.choice, '', finishReason(event.stopReason));
      case 'usage':
        tokens = event.usage;
        return '';
      case 'end': {
        const usage = includeUsage && tokens !== null ? writeUsage(tokens) : null;
        return `${usage === null ? '' : frame([], usage)}data: [DONE]\n\n`;
      }
      // A completion has no tools to call.
      case 'tool-start':
      case 'tool-arguments':
        return '';
    }
  };
}

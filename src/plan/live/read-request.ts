import { z } from 'zod';
import { countTokens } from '../../records/token-count.ts';
import { readForcedReply, responseFormat, toolChoice, type ForcedReply } from './forced-reply.ts';
import { reject, type Reading } from './http-error.ts';

/** What a generation endpoint was asked for, reduced to what the simulation depends on. */
export interface GenerationAsk {
  kind: 'chat' | 'completion';
  model: string;
  /** Tokens of each prompt; chat has one. */
  prompts: number[];
  /** Choices per prompt. */
  n: number;
  maxTokens: number | null;
  ignoreEos: boolean;
  stream: boolean;
  includeUsage: boolean;
  seed: number | null;
  /** What the reply must be; null for filler of any length. */
  forced: ForcedReply | null;
}

export interface EmbeddingAsk {
  model: string;
  inputs: Array<{ tokens: number; text: string }>;
  dimensions: number | null;
  base64: boolean;
}

const MAX_CHOICES = 128;
const MAX_INPUTS = 2048;
const DEFAULT_COMPLETION_TOKENS = 16;
/** Stand-in for an image in a prompt: 24 x 24 patches, as in LLaVA 1.5 (arXiv 2310.03744). */
export const IMAGE_TOKENS = 576;

const tokenIds = z.array(z.int().nonnegative()).min(1);
const textOrIds = z.union([
  z.string(),
  z.array(z.string()).min(1),
  tokenIds,
  z.array(tokenIds).min(1),
]);
const count = z.int().min(1).nullish();

const generation = z.object({
  model: z.string().min(1),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  n: z.int().min(1).max(MAX_CHOICES).nullish(),
  max_tokens: count,
  ignore_eos: z.boolean().nullish(),
  seed: z.int().nullish(),
});

const part = z.looseObject({ type: z.string(), text: z.string().optional() });
const chatRequest = generation.extend({
  messages: z
    .array(
      z.looseObject({ role: z.string(), content: z.union([z.string(), z.array(part)]).nullish() }),
    )
    .min(1),
  max_completion_tokens: count,
  tools: z.array(z.unknown()).nullish(),
  tool_choice: toolChoice,
  response_format: responseFormat,
});
const completionRequest = generation.extend({ prompt: textOrIds });
const embeddingRequest = z.object({
  model: z.string().min(1),
  input: textOrIds,
  dimensions: z.int().min(1).max(16_384).nullish(),
  encoding_format: z.enum(['float', 'base64']).nullish(),
});

type Generation = z.infer<typeof generation>;

const commonOf = (body: Generation) => ({
  model: body.model,
  n: body.n ?? 1,
  ignoreEos: body.ignore_eos ?? false,
  stream: body.stream ?? false,
  includeUsage: body.stream_options?.include_usage ?? false,
  seed: body.seed ?? null,
});

/**
 * Reads a chat request. The prompt counts the text of all messages and the JSON of tools, under countTokens;
 * the few tokens that a real chat template adds per message are left out, so that a replayed
 * trace counts exactly what it says.
 */
export function readChat(body: unknown): Reading<GenerationAsk> {
  const parsed = chatRequest.safeParse(body);
  if (!parsed.success) return refused(parsed.error);
  const forced = readForcedReply(parsed.data);
  if (!forced.ok) return forced;
  const { messages, tools, max_completion_tokens, max_tokens } = parsed.data;
  let tokens = tools == null || tools.length === 0 ? 0 : countTokens(JSON.stringify(tools));
  for (const { content } of messages) {
    if (typeof content === 'string') tokens += countTokens(content);
    else for (const one of content ?? []) tokens += partTokens(one);
  }
  return {
    ok: true,
    value: {
      ...commonOf(parsed.data),
      kind: 'chat',
      prompts: [Math.max(1, tokens)],
      maxTokens: max_completion_tokens ?? max_tokens ?? null,
      forced: forced.value,
    },
  };
}

const partTokens = ({ type, text }: z.infer<typeof part>): number =>
  text === undefined ? (type === 'image_url' ? IMAGE_TOKENS : 0) : countTokens(text);

export function readCompletion(body: unknown): Reading<GenerationAsk> {
  const parsed = completionRequest.safeParse(body);
  if (!parsed.success) return refused(parsed.error);
  const { prompt, max_tokens } = parsed.data;
  const prompts = inputsOf(prompt).map(({ tokens }) => Math.max(1, tokens));
  const common = commonOf(parsed.data);
  if (prompts.length * common.n > MAX_CHOICES) {
    return reject(`prompt: at most ${MAX_CHOICES} choices in one request`, 'prompt');
  }
  return {
    ok: true,
    value: {
      ...common,
      kind: 'completion',
      prompts,
      // This endpoint has a default in the API; ignore_eos alone still means "as many as asked".
      maxTokens: max_tokens ?? DEFAULT_COMPLETION_TOKENS,
      forced: null,
    },
  };
}

export function readEmbedding(body: unknown): Reading<EmbeddingAsk> {
  const parsed = embeddingRequest.safeParse(body);
  if (!parsed.success) return refused(parsed.error);
  const { model, input, dimensions, encoding_format } = parsed.data;
  const inputs = inputsOf(input);
  if (inputs.length > MAX_INPUTS) return reject(`input: at most ${MAX_INPUTS} inputs`, 'input');
  if (inputs.some(({ tokens }) => tokens === 0)) return reject('input must not be empty', 'input');
  return {
    ok: true,
    value: { model, inputs, dimensions: dimensions ?? null, base64: encoding_format === 'base64' },
  };
}

function inputsOf(input: z.infer<typeof textOrIds>): Array<{ tokens: number; text: string }> {
  const ofText = (text: string) => ({ tokens: countTokens(text), text });
  const ofIds = (ids: number[]) => ({ tokens: ids.length, text: ids.join(' ') });
  if (typeof input === 'string') return [ofText(input)];
  const inputs: Array<{ tokens: number; text: string }> = [];
  const ids: number[] = [];
  for (const one of input) {
    if (typeof one === 'number') ids.push(one);
    else inputs.push(typeof one === 'string' ? ofText(one) : ofIds(one));
  }
  return ids.length > 0 ? [ofIds(ids)] : inputs;
}

function refused(error: z.ZodError): Reading<never> {
  const issue = error.issues[0];
  const param = issue?.path.join('.') ?? null;
  return reject(`${param === '' ? 'body' : param}: ${issue?.message ?? 'not valid'}`, param);
}

import {
  countWords,
  embeddingOf,
  jsonPieces,
  say,
  wordPieces,
  type Ask,
  type Json,
  type Saying,
} from './script.ts';
import { refuseUnknown, WireError } from './wire-error.ts';

/**
 * OpenAI's side of the upstream: reads its requests, refuses what it refuses, writes its replies.
 */

const created = 1_753_474_546;
const fingerprint = 'fp_34a54ae93c';

const chatFields = new Set(
  (
    'messages model audio frequency_penalty function_call functions logit_bias logprobs ' +
    'max_completion_tokens max_tokens metadata modalities n parallel_tool_calls prediction ' +
    'presence_penalty prompt_cache_key prompt_cache_retention reasoning_effort response_format ' +
    'safety_identifier seed service_tier stop store stream stream_options temperature tool_choice ' +
    'tools top_logprobs top_p user verbosity web_search_options'
  ).split(' '),
);
const completionFields = new Set(
  (
    'model prompt best_of echo frequency_penalty logit_bias logprobs max_tokens n ' +
    'presence_penalty seed stop stream stream_options suffix temperature top_p user'
  ).split(' '),
);

export interface OpenAiRequest {
  kind: 'chat' | 'completion';
  ask: Ask;
  stream: boolean;
  includeUsage: boolean;
  n: number;
}

export function readChat(body: Json): OpenAiRequest {
  refuseUnknown(body, chatFields, 'Unrecognized request argument supplied: %');
  const messages = body['messages'];
  if (!Array.isArray(messages) || messages.length === 0) {
    throw new WireError(400, 'missing', "Missing required parameter: 'messages'.", 'messages');
  }
  checkToolOrder(messages as Json[]);
  return { kind: 'chat', ask: askOf(body, messages as Json[]), ...common(body) };
}

export function readCompletion(body: Json): OpenAiRequest {
  refuseUnknown(body, completionFields, 'Unrecognized request argument supplied: %');
  const prompt = body['prompt'];
  if (typeof prompt !== 'string') {
    throw new WireError(400, 'invalid_type', 'This upstream takes one prompt string.', 'prompt');
  }
  const ask = askOf({ max_tokens: 16, ...body }, [{ role: 'user', content: prompt }]);
  return { kind: 'completion', ask, ...common(body) };
}

function common(body: Json): Pick<OpenAiRequest, 'stream' | 'includeUsage' | 'n'> {
  const options = body['stream_options'] as Json | undefined;
  if (options !== undefined && body['stream'] !== true) {
    const message = "The 'stream_options' parameter is only allowed when 'stream' is enabled.";
    throw new WireError(400, 'invalid', message, 'stream_options');
  }
  return {
    stream: body['stream'] === true,
    includeUsage: options?.['include_usage'] === true,
    n: typeof body['n'] === 'number' ? body['n'] : 1,
  };
}

function checkToolOrder(messages: Json[]): void {
  let open = new Set<string>();
  messages.forEach((message, i) => {
    if (message['role'] === 'tool') {
      if (!open.delete(String(message['tool_call_id']))) {
        const rule = "messages with role 'tool' must be a response to a preceeding message with";
        throw new WireError(400, 'invalid', `Invalid parameter: ${rule} 'tool_calls'.`, 'messages');
      }
      return;
    }
    if (open.size > 0) {
      const missing = `tool_call_ids did not have response messages: ${[...open].join(', ')}`;
      throw new WireError(400, 'invalid', `messages.[${i}]: ${missing}`, 'messages');
    }
    const calls = (message['tool_calls'] ?? []) as Json[];
    open = new Set(calls.map((call) => String(call['id'])));
  });
}

function askOf(body: Json, messages: Json[]): Ask {
  const last = messages.at(-1) ?? {};
  const trailing = messages.slice(messages.findLastIndex((one) => one['role'] !== 'tool') + 1);
  const choice = body['tool_choice'];
  const format = body['response_format'] as Json | undefined;
  const schema = format?.['json_schema'] as Json | undefined;
  const stop = body['stop'] ?? [];
  const functions = ((body['tools'] ?? []) as Array<{ function: Json }>).map(
    (tool) => tool.function,
  );
  const tools = functions.map(({ name, parameters }) => ({
    name: String(name),
    schema: (parameters ?? {}) as Json,
  }));
  const named = (choice as { function?: { name: string } } | undefined)?.function?.name ?? null;
  return {
    model: String(body['model']),
    promptText: messages.map((message) => textOf(message['content'])).join('\n'),
    lastUserText: last['role'] === 'user' ? textOf(last['content']) : '',
    toolResults: trailing.map((message) => textOf(message['content'])),
    tools,
    forcedTool: choice === 'required' ? (tools[0]?.name ?? null) : named,
    toolsOff: choice === 'none',
    parallel: body['parallel_tool_calls'] !== false,
    maxTokens: (body['max_completion_tokens'] ?? body['max_tokens'] ?? null) as number | null,
    stop: Array.isArray(stop) ? (stop as string[]) : [stop as string],
    schema: (schema?.['schema'] ?? null) as Json | null,
  };
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  const parts = (content ?? []) as Json[];
  return parts.map((part) => (part['type'] === 'text' ? String(part['text']) : '')).join('');
}

function usageOf(saying: Saying, n: number, cached: number): Json {
  const out = saying.outTokens * n;
  return {
    prompt_tokens: saying.inTokens,
    completion_tokens: out,
    total_tokens: saying.inTokens + out,
    prompt_tokens_details: { cached_tokens: cached, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

export interface OpenAiStyle {
  /** Number that makes ids of this request its own. */
  serial: number;
  usage: boolean;
  cachedShare: number;
  interleaved: boolean;
}

export function unaryReply({ kind, ask, n }: OpenAiRequest, style: OpenAiStyle): Json {
  const saying = say(ask);
  const choices = Array.from({ length: n }, (_, index) => unaryChoice(kind, saying, index, style));
  const usage = usageOf(saying, n, Math.floor(saying.inTokens * style.cachedShare));
  return {
    ...envelope(kind, ask.model, style, false),
    choices,
    ...(style.usage ? { usage } : {}),
    ...(kind === 'chat' ? { service_tier: 'default' } : {}),
    system_fingerprint: fingerprint,
  };
}

function unaryChoice(
  kind: OpenAiRequest['kind'],
  saying: Saying,
  index: number,
  style: OpenAiStyle,
): Json {
  if (kind === 'completion') {
    return { text: saying.text, index, logprobs: null, finish_reason: saying.stop };
  }
  const calls = saying.calls.map(({ name, argumentsJson }, i) => ({
    id: callId(style, i),
    type: 'function',
    function: { name, arguments: argumentsJson },
  }));
  const message = {
    role: 'assistant',
    content: calls.length > 0 ? null : saying.text,
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
    refusal: null,
    annotations: [],
  };
  return { index, message, logprobs: null, finish_reason: saying.stop };
}

const callId = (style: OpenAiStyle, i: number): string =>
  `call_${style.serial.toString(36).padStart(8, '0')}Wire${i}`;

function envelope(kind: string, model: string, style: OpenAiStyle, stream: boolean): Json {
  const chat = stream ? 'chat.completion.chunk' : 'chat.completion';
  return {
    id: `${kind === 'chat' ? 'chatcmpl' : 'cmpl'}-Wire${style.serial.toString(36)}`,
    object: kind === 'chat' ? chat : 'text_completion',
    created,
    model,
  };
}

/** Frames of a stream, `[DONE]` last. */
export function streamFrames(request: OpenAiRequest, style: OpenAiStyle): string[] {
  const { kind, ask, n, includeUsage } = request;
  const saying = say(ask);
  const head = { ...envelope(kind, ask.model, style, true), system_fingerprint: fingerprint };
  const tail = includeUsage && style.usage ? { usage: null } : {};
  const frame = (choice: Json): string => data({ ...head, choices: [choice], ...tail });
  const frames: string[] = [];
  for (let index = 0; index < n; index += 1) {
    const choices =
      kind === 'chat' ? chatChoices(saying, index, style) : completionChoices(saying, index);
    frames.push(...choices.map(frame));
  }
  if (includeUsage && style.usage) {
    const usage = usageOf(saying, n, Math.floor(saying.inTokens * style.cachedShare));
    frames.push(data({ ...head, choices: [], usage }));
  }
  frames.push('data: [DONE]\n\n');
  return frames;
}

const data = (value: Json): string => `data: ${JSON.stringify(value)}\n\n`;

function completionChoices(saying: Saying, index: number): Json[] {
  const words = wordPieces(saying.text);
  const said = words.map((text) => ({ text, index, logprobs: null, finish_reason: null }));
  return [...said, { text: '', index, logprobs: null, finish_reason: saying.stop }];
}

function chatChoices(saying: Saying, index: number, style: OpenAiStyle): Json[] {
  const content = saying.calls.length > 0 ? null : '';
  const deltas: Json[] = [
    { role: 'assistant', content, refusal: null },
    ...wordPieces(saying.text).map((text) => ({ content: text })),
    ...callDeltas(saying, style),
  ];
  const choices = deltas.map((delta) => ({ index, delta, logprobs: null, finish_reason: null }));
  return [...choices, { index, delta: {}, logprobs: null, finish_reason: saying.stop }];
}

/** One call after the other or, where asked for, piece by piece by turns. */
function callDeltas(saying: Saying, style: OpenAiStyle): Json[] {
  const lanes = saying.calls.map(({ name, argumentsJson }, index) => [
    { index, id: callId(style, index), type: 'function', function: { name, arguments: '' } },
    ...jsonPieces(argumentsJson).map((json) => ({ index, function: { arguments: json } })),
  ]);
  if (!style.interleaved) return lanes.flat().map((call) => ({ tool_calls: [call] }));
  const longest = Math.max(0, ...lanes.map((lane) => lane.length));
  return Array.from({ length: longest }, (_, i) => ({
    tool_calls: lanes.flatMap((lane) => lane.slice(i, i + 1)),
  }));
}

export function embeddings(body: Json): Json {
  const { input, model } = body;
  const isOne = typeof input === 'string' || (Array.isArray(input) && typeof input[0] === 'number');
  const inputs = isOne ? [input] : ((input ?? []) as unknown[]);
  if (inputs.length === 0) throw new WireError(400, 'invalid', "'input' is empty.", 'input');
  const dimensions = typeof body['dimensions'] === 'number' ? body['dimensions'] : 8;
  const tokens = inputs.reduce<number>(
    (sum, one) => sum + (Array.isArray(one) ? one.length : countWords(String(one))),
    0,
  );
  return {
    object: 'list',
    data: inputs.map((one, index) => {
      const vector = embeddingOf(one, dimensions);
      const base64 = Buffer.from(Float32Array.from(vector).buffer).toString('base64');
      const embedding = body['encoding_format'] === 'base64' ? base64 : vector;
      return { object: 'embedding', index, embedding };
    }),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

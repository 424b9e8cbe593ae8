import { jsonPieces, say, wordPieces, type Ask, type Json, type Saying } from './script.ts';
import { refuseUnknown, WireError } from './wire-error.ts';

/**
 * Anthropic's side of the upstream: reads its requests, refuses what it refuses, writes its
 * replies.
 */

const fields = new Set(
  (
    'model messages max_tokens system stream stop_sequences temperature top_p top_k tools ' +
    'tool_choice metadata thinking service_tier output_config container mcp_servers'
  ).split(' '),
);

export interface AnthropicRequest {
  ask: Ask;
  stream: boolean;
}

export interface AnthropicStyle {
  serial: number;
  usage: boolean;
  cachedShare: number;
}

export function readMessages(body: Json): AnthropicRequest {
  refuseUnknown(body, fields, '%: Extra inputs are not permitted');
  if (typeof body['max_tokens'] !== 'number') bad('max_tokens: Field required');
  const temperature = body['temperature'];
  if (typeof temperature === 'number' && temperature > 1) {
    bad('temperature: range: 0..1');
  }
  const messages = body['messages'] as Json[] | undefined;
  if (!Array.isArray(messages) || messages.length === 0) {
    bad('messages: at least one message is required');
  }
  checkMessages(messages);
  return { ask: askOf(body, messages), stream: body['stream'] === true };
}

function bad(message: string): never {
  throw new WireError(400, 'invalid_request_error', message);
}

const blocksOf = (content: unknown): Json[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : ((content ?? []) as Json[]);

function checkMessages(messages: Json[]): void {
  let open = new Set<string>();
  messages.forEach((message, i) => {
    const blocks = blocksOf(message['content']);
    if (blocks.length === 0) bad(`messages.${i}: all messages must have non-empty content`);
    for (const [j, block] of blocks.entries()) {
      if (block['type'] === 'text' && block['text'] === '') {
        bad('messages: text content blocks must be non-empty');
      }
      if (block['type'] !== 'tool_result') continue;
      if (!open.delete(String(block['tool_use_id']))) {
        bad(
          `messages.${i}.content.${j}: unexpected \`tool_use_id\` found in \`tool_result\` blocks`,
        );
      }
    }
    if (open.size > 0) {
      bad(`messages.${i - 1}: \`tool_use\` ids were found without \`tool_result\` blocks`);
    }
    const calls = blocks.filter((block) => block['type'] === 'tool_use');
    for (const { id } of calls)
      if (!/^[a-zA-Z0-9_-]+$/.test(String(id))) bad('tool_use.id: bad id');
    open = new Set(calls.map((block) => String(block['id'])));
  });
}

function askOf(body: Json, messages: Json[]): Ask {
  const last = blocksOf(messages.at(-1)?.['content']);
  const results = last.filter((block) => block['type'] === 'tool_result');
  const choice = (body['tool_choice'] ?? {}) as Json;
  const config = (body['output_config'] ?? {}) as Json;
  const format = config['format'] as Json | undefined;
  const tools = ((body['tools'] ?? []) as Json[]).map((tool) => ({
    name: String(tool['name']),
    schema: (tool['input_schema'] ?? {}) as Json,
  }));
  const named = choice['type'] === 'tool' ? String(choice['name']) : null;
  return {
    model: String(body['model']),
    promptText: [textOf(body['system']), ...messages.map((one) => textOf(one['content']))].join(
      '\n',
    ),
    lastUserText: results.length > 0 ? '' : textOf(last),
    toolResults: results.map((block) => textOf(block['content'])),
    tools,
    forcedTool: choice['type'] === 'any' ? (tools[0]?.name ?? null) : named,
    toolsOff: choice['type'] === 'none',
    parallel: choice['disable_parallel_tool_use'] !== true,
    maxTokens: body['max_tokens'] as number,
    stop: (body['stop_sequences'] ?? []) as string[],
    schema: (format?.['schema'] ?? null) as Json | null,
  };
}

function textOf(content: unknown): string {
  return blocksOf(content)
    .map((block) => {
      if (block['type'] === 'text') return String(block['text']);
      return block['type'] === 'tool_result' ? textOf(block['content']) : '';
    })
    .join('');
}

function usageOf(saying: Saying, style: AnthropicStyle, outTokens: number): Json {
  const cached = Math.floor(saying.inTokens * style.cachedShare);
  return {
    input_tokens: saying.inTokens - cached,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cached,
    output_tokens: outTokens,
  };
}

function envelope(ask: Ask, saying: Saying, style: AnthropicStyle, outTokens: number): Json {
  const usage = {
    ...usageOf(saying, style, outTokens),
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    service_tier: 'standard',
  };
  return {
    model: ask.model,
    id: `msg_01Wire${style.serial.toString(36).padStart(8, '0')}`,
    type: 'message',
    role: 'assistant',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    ...(style.usage ? { usage } : {}),
  };
}

const callId = (style: AnthropicStyle, i: number): string =>
  `toolu_01Wire${style.serial.toString(36).padStart(8, '0')}${i}`;

function stopOf(saying: Saying): Json {
  const plain = saying.stopSequence === null ? 'end_turn' : 'stop_sequence';
  const reasons = { stop: plain, length: 'max_tokens', tool_calls: 'tool_use' };
  return { stop_reason: reasons[saying.stop], stop_sequence: saying.stopSequence };
}

export function unaryMessage({ ask }: AnthropicRequest, style: AnthropicStyle): Json {
  const saying = say(ask);
  const calls = saying.calls.map(({ name, argumentsJson }, i) => ({
    type: 'tool_use',
    id: callId(style, i),
    name,
    input: JSON.parse(argumentsJson) as Json,
  }));
  const content = calls.length > 0 ? calls : [{ type: 'text', text: saying.text }];
  return { ...envelope(ask, saying, style, saying.outTokens), content, ...stopOf(saying) };
}

const frame = (event: Json & { type: string }): string =>
  `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

export function messageFrames({ ask }: AnthropicRequest, style: AnthropicStyle): string[] {
  const saying = say(ask);
  const frames = [frame({ type: 'message_start', message: envelope(ask, saying, style, 1) })];
  const blocks =
    saying.calls.length > 0
      ? saying.calls.map((call, i) => ({
          start: { type: 'tool_use', id: callId(style, i), name: call.name, input: {} },
          // The first delta of a call is empty on this wire.
          deltas: ['', ...jsonPieces(call.argumentsJson)].map((partial_json) => ({
            type: 'input_json_delta',
            partial_json,
          })),
        }))
      : [
          {
            start: { type: 'text', text: '' },
            deltas: wordPieces(saying.text).map((text) => ({ type: 'text_delta', text })),
          },
        ];
  blocks.forEach(({ start, deltas }, index) => {
    frames.push(frame({ type: 'content_block_start', index, content_block: start }));
    if (index === 0) frames.push(frame({ type: 'ping' }));
    for (const delta of deltas) frames.push(frame({ type: 'content_block_delta', index, delta }));
    frames.push(frame({ type: 'content_block_stop', index }));
  });
  const usage = style.usage ? { usage: usageOf(saying, style, saying.outTokens) } : {};
  frames.push(frame({ type: 'message_delta', delta: stopOf(saying), ...usage }));
  frames.push(frame({ type: 'message_stop' }));
  return frames;
}

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { emptyConversation } from './conversation-defaults.ts';
import type { Conversation, ReplyEvent } from './conversation.ts';
import { told, type Told } from './conformance-meaning.ts';
import type { ClientDialectForm, EngineDialectForm } from './dialect.ts';
import { anthropicEngine } from './anthropic/engine.ts';
import { anthropicMessages } from './anthropic/messages.ts';
import { openaiChat } from './openai/chat.ts';
import { openaiCompletions } from './openai/completions.ts';
import { openaiEngine } from './openai/engine.ts';
import { createSseParser } from './sse.ts';

/** Real wire bytes of one family, translated to clients of the other. */

const source = { clock: { wallMs: () => 1_753_474_546_000, monoMs: () => 0 }, newId: () => 'id-1' };
const openai = openaiEngine(source);
const anthropic = anthropicEngine(source);
const ask: Conversation = { ...emptyConversation('chat', 'asked', true), maxTokens: 10 };

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../../test/fixtures/wire/${name}`, import.meta.url));
const jsonFixture = (name: string): Record<string, unknown> =>
  JSON.parse(fixture(name).toString('utf8')) as Record<string, unknown>;

function eventsOf(engine: EngineDialectForm, bytes: Uint8Array): ReplyEvent[] {
  const read = engine.streamReader(ask);
  return createSseParser(100_000)
    .push(bytes)
    .flatMap((frame) => {
      const events = read(frame);
      if (!events.ok) throw events.error;
      return events.value;
    });
}

function written(client: ClientDialectForm, events: ReplyEvent[], includeUsage = true): string {
  const write = client.streamWriter(ask, { includeUsage });
  return events.map((event) => write(event)).join('');
}

/** What a client of the other family sees of a stream, read back by that family's own reader. */
function seen(from: EngineDialectForm, name: string): Told {
  const [client, reader] =
    from.id === 'openai' ? [anthropicMessages, anthropic] : [openaiChat, openai];
  return told(eventsOf(reader, Buffer.from(written(client, eventsOf(from, fixture(name))))));
}

const framesOf = (wire: string): Array<Record<string, unknown>> =>
  createSseParser(100_000)
    .push(Buffer.from(wire))
    .filter(({ data }) => data !== '[DONE]')
    .map(({ data }) => JSON.parse(data) as Record<string, unknown>);

describe('OpenAI streams for Anthropic clients', () => {
  it('text', () => {
    expect(seen(openai, 'openai-chat-text.sse')).toMatchObject({
      id: 'chatcmpl-BxNAoUjtZ4nTqCJyPh7SQx2mKPMoA',
      model: 'gpt-4o-mini-2024-07-18',
      choices: new Map([
        [0, { text: 'Hello! How can I assist you today?', calls: [], stopReason: 'stop' }],
      ]),
      usage: { in: 19, out: 9 },
      ended: true,
    });
  });

  it.each([
    [
      'openai-chat-parallel-tools.sse',
      '',
      [
        ['call_DdmO9pD3xa9XTPNJ32zg2hcA', 'get_weather', '{"city": "Paris"}'],
        ['call_aRu3UWWa8GUbBLQsTHUHbzrD', 'get_weather', '{"city": "Zürich"}'],
      ],
    ],
    [
      'openai-chat-interleaved-tools.sse',
      'Let me look.',
      [
        ['call_a', 'get_weather', '{"city":"Paris"}'],
        ['call_b', 'get_time', '{"zone":"CET"}'],
      ],
    ],
  ])('tools: %s', (name, text, calls) => {
    const choice = seen(openai, name).choices.get(0);
    expect(choice?.text).toBe(text);
    expect(choice?.stopReason).toBe('tool_calls');
    expect(choice?.calls.map((call) => [call.id, call.name, call.argumentsJson])).toEqual(calls);
  });

  it('subtracts cached tokens, as the wire counts them apart', () => {
    const frames = framesOf(
      written(anthropicMessages, eventsOf(openai, fixture('openai-chat-parallel-tools.sse'))),
    );
    const delta = frames.find((frame) => frame['type'] === 'message_delta');
    expect(delta?.['usage']).toMatchObject({
      input_tokens: 24,
      cache_read_input_tokens: 64,
      output_tokens: 47,
    });
  });

  it('writes blocks one after the other even where calls come by turns', () => {
    const frames = framesOf(
      written(anthropicMessages, eventsOf(openai, fixture('openai-chat-interleaved-tools.sse'))),
    );
    const order = frames.map((frame) => [frame['type'], frame['index']].join(' ').trim());
    const stops = order.filter((one, i) => one !== order[i - 1]);
    expect(stops).toEqual([
      'message_start',
      'ping',
      'content_block_start 0',
      'content_block_delta 0',
      'content_block_stop 0',
      'content_block_start 1',
      'content_block_delta 1',
      'content_block_stop 1',
      'content_block_start 2',
      'content_block_delta 2',
      'content_block_stop 2',
      'message_delta',
      'message_stop',
    ]);
  });

  it('a refusal is text with its own stop reason', () => {
    expect(seen(openai, 'openai-chat-refusal.sse').choices.get(0)).toEqual({
      text: "I can't help with that.",
      calls: [],
      stopReason: 'content_filter',
    });
  });

  it('leaves reasoning out, counts it as output, and tells usage once', () => {
    const events = eventsOf(openai, fixture('vllm-chat-reasoning.sse'));
    expect(told(events).choices.get(0)?.text).toBe('Hi there');
    expect(events.filter((event) => event.type === 'usage')).toHaveLength(1);
    expect(told(events).usage).toMatchObject({ in: 41, out: 11 });
    const frames = framesOf(fixture('vllm-chat-reasoning.sse').toString('utf8'));
    expect(frames.map((frame) => openaiChat.outputText(frame)).join('')).toBe(
      'The user greets. I greet back.Hi there',
    );
  });

  it('an error inside the stream is an error', () => {
    expect(() => eventsOf(openai, fixture('openai-chat-error.sse'))).toThrow(
      /had an error while processing/,
    );
  });
});

describe('Anthropic streams for OpenAI clients', () => {
  it('text', () => {
    expect(seen(anthropic, 'anthropic-text.sse')).toMatchObject({
      id: 'msg_01XFDUDYJgAACzvnptvVoYEL',
      choices: new Map([[0, { text: 'Hello! How can I help?', calls: [], stopReason: 'stop' }]]),
      usage: { in: 472, cachedIn: 0, cacheWrite: 0, out: 12 },
      ended: true,
    });
  });

  it('thinking is left out, calls are kept, a call without input gets an empty object', () => {
    const all = seen(anthropic, 'anthropic-thinking-tools.sse');
    expect(all.choices.get(0)).toEqual({
      text: 'I will look up both.',
      calls: [
        {
          id: 'toolu_01T1x1fJ34qAmk2tNTrN7Up6',
          name: 'get_weather',
          argumentsJson: '{"city": "Paris"}',
        },
        { id: 'toolu_01A09q90qw90lq917835lq9', name: 'list_cities', argumentsJson: '{}' },
      ],
      stopReason: 'tool_calls',
    });
    // 21 fresh, 188 written and 2048 read.
    expect(all.usage).toEqual({
      in: 2257,
      cachedIn: 2048,
      cacheWrite: 188,
      out: 89,
      reasoning: 17,
    });
  });

  it('usage is told only where it was asked for', () => {
    const events = eventsOf(anthropic, fixture('anthropic-text.sse'));
    const frames = framesOf(written(openaiChat, events, false));
    expect(frames.some((frame) => 'usage' in frame)).toBe(false);
    expect(framesOf(written(openaiChat, events, true)).at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 472, completion_tokens: 12, total_tokens: 484 },
    });
  });

  it('text for a completions client', () => {
    const events = eventsOf(anthropic, fixture('anthropic-text.sse'));
    const frames = framesOf(written(openaiCompletions, events));
    expect(frames.map((frame) => openaiCompletions.outputText(frame)).join('')).toBe(
      'Hello! How can I help?',
    );
    expect(frames.at(-2)?.['choices']).toMatchObject([{ text: '', finish_reason: 'stop' }]);
  });

  it('an error inside the stream is an error', () => {
    expect(() => eventsOf(anthropic, fixture('anthropic-error.sse'))).toThrow(/Overloaded/);
  });

  it('a stream without message_start is not valid', () => {
    const frame = Buffer.from('event: content_block_stop\ndata: {"type":"content_block_stop"}\n\n');
    expect(() => eventsOf(anthropic, frame)).toThrow(/does not begin with message_start/);
  });
});

describe('unary replies', () => {
  it('Anthropic message for an OpenAI client', () => {
    const reply = anthropic.toReply(jsonFixture('anthropic-tools.json'), ask);
    expect(reply.ok ? openaiChat.fromReply(reply.value, ask) : reply.error).toMatchObject({
      object: 'chat.completion',
      created: 1_753_474_546,
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'Let me look.',
            tool_calls: [
              {
                type: 'function',
                function: { name: 'get_weather', arguments: '{"city":"Paris"}' },
              },
            ],
          },
          finish_reason: 'tool_calls',
        },
      ],
      usage: {
        prompt_tokens: 2257,
        completion_tokens: 65,
        total_tokens: 2322,
        prompt_tokens_details: { cached_tokens: 2048, cache_write_tokens: 188 },
      },
    });
  });

  it('OpenAI chat completion for an Anthropic client', () => {
    const reply = openai.toReply(jsonFixture('openai-chat-tools.json'), ask);
    expect(reply.ok ? anthropicMessages.fromReply(reply.value, ask) : reply.error).toMatchObject({
      type: 'message',
      content: [
        { type: 'tool_use', id: 'call_abc123', name: 'get_weather', input: { city: 'Paris' } },
        { type: 'tool_use', id: 'call_def456', name: 'get_time', input: {} },
      ],
      stop_reason: 'tool_use',
      usage: { input_tokens: 24, cache_read_input_tokens: 64, output_tokens: 47 },
    });
  });

  it.each([
    ['stop', 'TR_UPSTREAM_INVALID'],
    ['length', null],
  ])('arguments that break off with finish reason %s', (reason, code) => {
    const body = structuredClone(jsonFixture('openai-chat-tools.json'));
    const [choice] = body['choices'] as [Record<string, unknown>];
    choice['finish_reason'] = reason;
    const message = choice['message'] as { tool_calls: Array<{ function: { arguments: string } }> };
    for (const call of message.tool_calls) call.function.arguments = '{"city": "Par';
    const reply = openai.toReply(body, ask);
    expect(reply.ok ? null : reply.error.code).toBe(code);
    if (!reply.ok) return;
    expect(anthropicMessages.fromReply(reply.value, ask)).toMatchObject({
      content: [{ input: {} }, { input: {} }],
      stop_reason: 'max_tokens',
    });
  });

  it.each([
    ['openai-error-429.json', openai, /^Rate limit reached for gpt-4o-mini/],
    ['anthropic-error-529.json', anthropic, /^Overloaded$/],
  ])('the message of an error body: %s', (name, engine, expected) => {
    expect(engine.errorMessage(jsonFixture(name))).toMatch(expected);
  });

  it.each([
    [{ detail: [{ msg: 'field required' }] }, '[{"msg":"field required"}]'],
    [{ error: 'model not loaded' }, 'model not loaded'],
    [{ message: 'no' }, 'no'],
    ['<h1>Bad Gateway</h1>', '<h1>Bad Gateway</h1>'],
    [null, 'no message'],
  ])('the message of %j', (body, expected) => {
    expect(openai.errorMessage(body)).toBe(expected);
  });

  it('reads usage of native replies', () => {
    expect(openaiChat.usage(jsonFixture('openai-chat-text.json'))).toEqual({
      in: 19,
      cachedIn: 0,
      cacheWrite: null,
      out: 9,
      reasoning: 0,
    });
    expect(anthropicMessages.usage(jsonFixture('anthropic-text.json'))).toMatchObject({
      in: 10,
      out: 25,
    });
    expect(openaiChat.usage({ usage: null })).toBe(null);
    expect(openaiChat.usage({ usage: {} })).toBe(null);
  });

  it('does not take the output count of message_start for a result', () => {
    const [start] = framesOf(fixture('anthropic-text.sse').toString('utf8'));
    expect(anthropicMessages.usage(start ?? {})).toMatchObject({ in: 472, out: null });
  });
});

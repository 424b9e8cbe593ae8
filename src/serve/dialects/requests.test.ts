import { describe, expect, it } from 'vitest';
import { anthropicMessages } from './anthropic/messages.ts';
import type { ClientDialectForm, EngineDialectForm } from './dialect.ts';
import { clientDialects, engineDialects } from './index.ts';
import { openaiChat } from './openai/chat.ts';
import { openaiCompletions } from './openai/completions.ts';
import { openaiEmbeddings } from './openai/embeddings.ts';

/** Requests of one family as an engine of the other gets them, and what is refused. */

type Body = Record<string, unknown>;

function translate(client: ClientDialectForm, engine: EngineDialectForm, body: Body): Body {
  const ask = client.toConversation(body);
  if (!ask.ok) throw ask.error;
  const made = engine.fromConversation(ask.value);
  if (!made.ok) throw made.error;
  return made.value;
}

const toAnthropic = (body: Body): Body =>
  translate(openaiChat, engineDialects.anthropic, { model: 'm', ...body });
const toOpenAi = (body: Body): Body =>
  translate(anthropicMessages, engineDialects.openai, { model: 'm', max_tokens: 9, ...body });

/** `code field` of the refusal; '' when it was accepted. */
function refusal(run: () => Body): string {
  try {
    run();
    return '';
  } catch (error) {
    const { code, field } = error as { code?: string; field?: string | null };
    return `${code ?? String(error)} ${field ?? ''}`.trim();
  }
}

const hi = { messages: [{ role: 'user', content: 'hi' }] };

describe('chat requests to an Anthropic engine', () => {
  it('carries a whole tool conversation, results of one turn in one message', () => {
    const call = (id: string, args: string) => ({
      id,
      type: 'function',
      function: { name: 'get_weather', arguments: args },
    });
    const body = toAnthropic({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'developer', content: [{ type: 'text', text: 'Use tools.' }] },
        { role: 'user', content: 'Oslo and Rome?' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [call('functions.a:0', '{"city":"Oslo"}'), call('call_b', '')],
        },
        { role: 'tool', tool_call_id: 'functions.a:0', content: 'cold' },
        { role: 'tool', tool_call_id: 'call_b', content: [{ type: 'text', text: 'warm' }] },
        { role: 'user', content: 'And?' },
      ],
      tools: [{ type: 'function', function: { name: 'get_weather', strict: true } }],
      tool_choice: 'required',
      parallel_tool_calls: false,
      stop: 'END',
      user: 'u-1',
      max_completion_tokens: 50,
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(body).toEqual({
      model: 'm',
      max_tokens: 50,
      system: 'Be brief.\n\nUse tools.',
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Oslo and Rome?' }] },
        {
          role: 'assistant',
          content: [
            {
              type: 'tool_use',
              id: 'functions_2e_a_3a_0',
              name: 'get_weather',
              input: { city: 'Oslo' },
            },
            { type: 'tool_use', id: 'call_b', name: 'get_weather', input: {} },
          ],
        },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'functions_2e_a_3a_0',
              content: [{ type: 'text', text: 'cold' }],
            },
            {
              type: 'tool_result',
              tool_use_id: 'call_b',
              content: [{ type: 'text', text: 'warm' }],
            },
            { type: 'text', text: 'And?' },
          ],
        },
      ],
      stream: true,
      stop_sequences: ['END'],
      tools: [
        {
          name: 'get_weather',
          input_schema: { type: 'object', properties: {} },
          strict: true,
        },
      ],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
      metadata: { user_id: 'u-1' },
    });
  });

  it('carries images as sources', () => {
    const image = (url: string) => ({ type: 'image_url', image_url: { url, detail: 'low' } });
    const content = [image('data:image/png;base64,AAAA'), image('https://example.com/a.png')];
    expect(toAnthropic({ messages: [{ role: 'user', content }] })['messages']).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
          { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
        ],
      },
    ]);
  });

  it('carries a JSON schema and has a token limit of its own', () => {
    const schema = { type: 'object', properties: {} };
    const json_schema = { name: 'x', schema, strict: true };
    expect(
      toAnthropic({ ...hi, response_format: { type: 'json_schema', json_schema } }),
    ).toMatchObject({
      max_tokens: 4096,
      output_config: { format: { type: 'json_schema', schema } },
    });
  });

  it.each<[string, Body]>([
    ['TR_DIALECT_UNSUPPORTED n', { n: 2 }],
    ['TR_DIALECT_UNSUPPORTED logprobs', { logprobs: true }],
    ['TR_DIALECT_UNSUPPORTED logit_bias', { logit_bias: { '1': 2 } }],
    ['TR_DIALECT_UNSUPPORTED audio', { audio: { voice: 'ash', format: 'wav' } }],
    ['TR_DIALECT_UNSUPPORTED modalities', { modalities: ['text', 'audio'] }],
    ['TR_DIALECT_UNSUPPORTED presence_penalty', { presence_penalty: 1 }],
    ['TR_DIALECT_UNSUPPORTED temperature', { temperature: 1.1 }],
    ['TR_DIALECT_UNSUPPORTED response_format', { response_format: { type: 'json_object' } }],
    ['TR_DIALECT_UNSUPPORTED functions', { functions: [{ name: 'f' }] }],
    ['TR_DIALECT_UNSUPPORTED tools[0].type', { tools: [{ type: 'custom', custom: {} }] }],
    ['TR_DIALECT_UNSUPPORTED tool_choice.type', { tool_choice: { type: 'allowed_tools' } }],
    ['TR_DIALECT_UNSUPPORTED constructor', { constructor: 1 }],
    ['TR_FIELD_INVALID temperature', { temperature: '1' }],
    ['TR_FIELD_INVALID max_tokens', { max_tokens: 1.5 }],
    ['TR_FIELD_INVALID stop[1]', { stop: ['a', 1] }],
    ['TR_FIELD_INVALID messages', { messages: 'hi' }],
    ['TR_FIELD_INVALID messages[0].role', { messages: [{ role: 'bot', content: 'x' }] }],
    ['TR_DIALECT_UNSUPPORTED messages', { messages: [{ role: 'user', content: '' }] }],
  ])('refuses: %s', (expected, fields) => {
    expect(refusal(() => toAnthropic({ ...hi, ...fields }))).toBe(expected);
  });

  it.each<[string, unknown]>([
    ['[0].type', { type: 'input_audio', input_audio: { data: 'A', format: 'wav' } }],
    ['[0].type', { type: 'file', file: { file_id: 'f' } }],
    [
      '[0].image_url.url',
      { type: 'image_url', image_url: { url: 'data:image/svg+xml,%3Csvg/%3E' } },
    ],
  ])('refuses content %s of %j', (at, part) => {
    const messages = [{ role: 'user', content: [part] }];
    expect(refusal(() => toAnthropic({ messages }))).toBe(
      `TR_DIALECT_UNSUPPORTED messages[0].content${at}`,
    );
  });

  it('accepts values that ask for nothing, and drops hints', () => {
    const body = toAnthropic({
      ...hi,
      n: 1,
      logprobs: false,
      frequency_penalty: 0,
      logit_bias: {},
      modalities: ['text'],
      audio: null,
      seed: 7,
      reasoning_effort: 'low',
      metadata: { a: 'b' },
      store: true,
    });
    expect(Object.keys(body).sort()).toEqual(['max_tokens', 'messages', 'model']);
  });

  it('refuses arguments in the history that are not JSON', () => {
    const made = { name: 'f', arguments: '{"a":' };
    const messages = [
      { role: 'user', content: 'x' },
      { role: 'assistant', tool_calls: [{ id: 'c', type: 'function', function: made }] },
    ];
    expect(refusal(() => toAnthropic({ messages }))).toMatch(/^TR_DIALECT_UNSUPPORTED messages/);
  });
});

describe('messages requests to an OpenAI engine', () => {
  it('carries a whole tool conversation, results before the rest of the turn', () => {
    const cached = { cache_control: { type: 'ephemeral' } };
    const body = toOpenAi({
      system: [
        { type: 'text', text: 'Be brief.', ...cached },
        { type: 'text', text: 'Be kind.' },
      ],
      messages: [
        { role: 'user', content: 'Oslo?' },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'hm', signature: 's' },
            { type: 'redacted_thinking', data: 'x' },
            { type: 'text', text: 'Looking.' },
            { type: 'tool_use', id: 't1', name: 'f', input: { city: 'Oslo' } },
            { type: 'tool_use', id: 't2', name: 'f', input: {} },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 't1', content: 'cold', ...cached },
            { type: 'tool_result', tool_use_id: 't2', is_error: true, content: 'no such city' },
            { type: 'text', text: 'And?' },
          ],
        },
      ],
      tools: [{ name: 'f', description: 'd', input_schema: { type: 'object' }, ...cached }],
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
      thinking: { type: 'enabled', budget_tokens: 1024 },
      metadata: { user_id: 'u-1' },
      stop_sequences: ['END'],
      top_k: 5,
      stream: true,
    });
    const call = (id: string, json: string) => ({
      id,
      type: 'function',
      function: { name: 'f', arguments: json },
    });
    expect(body).toEqual({
      model: 'm',
      messages: [
        { role: 'system', content: 'Be brief.\n\nBe kind.' },
        { role: 'user', content: 'Oslo?' },
        {
          role: 'assistant',
          content: 'Looking.',
          tool_calls: [call('t1', '{"city":"Oslo"}'), call('t2', '{}')],
        },
        { role: 'tool', tool_call_id: 't1', content: 'cold' },
        { role: 'tool', tool_call_id: 't2', content: 'Error: no such city' },
        { role: 'user', content: 'And?' },
      ],
      max_tokens: 9,
      top_k: 5,
      stop: ['END'],
      user: 'u-1',
      stream: true,
      stream_options: { include_usage: true },
      tools: [
        {
          type: 'function',
          function: { name: 'f', description: 'd', parameters: { type: 'object' } },
        },
      ],
      tool_choice: 'auto',
      parallel_tool_calls: false,
    });
  });

  it('carries images both ways of saying them', () => {
    const content = [
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
      { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
    ];
    expect(toOpenAi({ messages: [{ role: 'user', content }] })['messages']).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
        ],
      },
    ]);
  });

  it.each([
    ['o3-mini', 'max_completion_tokens'],
    ['gpt-5-nano', 'max_completion_tokens'],
    ['openai/gpt-5', 'max_completion_tokens'],
    ['gpt-4o-mini', 'max_tokens'],
    ['gpt-oss-120b', 'max_tokens'],
    ['olmo-2', 'max_tokens'],
    ['meta-llama/Llama-3.1-8B', 'max_tokens'],
  ])('limits tokens of %s by %s', (model, field) => {
    expect(toOpenAi({ ...hi, model })[field]).toBe(9);
  });

  it.each<[string, Body]>([
    ['TR_FIELD_INVALID max_tokens', { max_tokens: null }],
    ['TR_DIALECT_UNSUPPORTED mcp_servers', { mcp_servers: [{}] }],
    ['TR_DIALECT_UNSUPPORTED container', { container: 'c' }],
    [
      'TR_DIALECT_UNSUPPORTED tools[0].type',
      { tools: [{ type: 'web_search_20250305', name: 'w' }] },
    ],
    [
      'TR_DIALECT_UNSUPPORTED tools[0].defer_loading',
      { tools: [{ name: 'f', input_schema: {}, defer_loading: true }] },
    ],
    [
      'TR_DIALECT_UNSUPPORTED output_config.format.type',
      { output_config: { format: { type: 'x' } } },
    ],
    [
      'TR_DIALECT_UNSUPPORTED messages',
      { messages: [...hi.messages, { role: 'assistant', content: '{' }] },
    ],
    [
      'TR_DIALECT_UNSUPPORTED messages[0].content[1].type',
      {
        messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }, { type: 'document' }] }],
      },
    ],
    [
      'TR_DIALECT_UNSUPPORTED messages[0].content[0].source.type',
      { messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'file' } }] }] },
    ],
  ])('refuses: %s', (expected, fields) => {
    expect(refusal(() => toOpenAi({ ...hi, ...fields }))).toBe(expected);
  });

  it('refuses an image in a tool result, which the wire has no place for', () => {
    const source = { type: 'url', url: 'https://example.com/a.png' };
    const result = { type: 'tool_result', tool_use_id: 't', content: [{ type: 'image', source }] };
    expect(refusal(() => toOpenAi({ messages: [{ role: 'user', content: [result] }] }))).toBe(
      'TR_DIALECT_UNSUPPORTED messages',
    );
  });
});

describe('completions and embeddings to an Anthropic engine', () => {
  const complete = (body: Body): Body =>
    translate(openaiCompletions, engineDialects.anthropic, { model: 'm', prompt: 'once', ...body });

  it('makes a prompt one message, with the default limit of the endpoint', () => {
    expect(complete({ stop: ['\n'] })).toEqual({
      model: 'm',
      max_tokens: 16,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'once' }] }],
      stop_sequences: ['\n'],
    });
    expect(complete({ prompt: ['only'] })['messages']).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'only' }] },
    ]);
  });

  it.each<[string, Body]>([
    ['echo', { echo: true }],
    ['suffix', { suffix: 'x' }],
    ['logprobs', { logprobs: 0 }],
    ['best_of', { best_of: 3 }],
    ['n', { n: 2 }],
    ['prompt', { prompt: ['a', 'b'] }],
    ['prompt', { prompt: [1, 2] }],
  ])('refuses %s', (field, fields) => {
    expect(refusal(() => complete(fields))).toBe(`TR_DIALECT_UNSUPPORTED ${field}`);
  });

  it('refuses embeddings', () => {
    const body = { model: 'm', input: 'x', encoding_format: 'base64' };
    expect(refusal(() => translate(openaiEmbeddings, engineDialects.anthropic, body))).toBe(
      'TR_DIALECT_UNSUPPORTED input',
    );
  });
});

describe('facts', () => {
  it.each<[string, Body, string | null]>([
    ['openai-chat', { stream: 'yes' }, 'stream'],
    ['openai-chat', { stream_options: true }, 'stream_options'],
    ['openai-chat', { stream_options: { include_usage: 1 } }, 'stream_options.include_usage'],
    ['openai-completions', { stream: 1 }, 'stream'],
    ['anthropic-messages', { stream: 'no' }, 'stream'],
    ['openai-embeddings', { stream: 'ignored' }, null],
  ])('%s %j', (id, fields, field) => {
    const form = clientDialects.find((one) => one.id === id);
    const facts = form?.facts({ model: 'm', ...fields });
    expect(facts?.ok === false ? facts.error.field : null).toBe(field);
  });

  it('tells whether the stream should report usage', () => {
    const wants = (form: ClientDialectForm, body: Body): unknown => {
      const facts = form.facts({ model: 'm', stream: true, ...body });
      return facts.ok ? facts.value.wantsUsage : facts.error;
    };
    expect(wants(openaiChat, {})).toBe(false);
    expect(wants(openaiChat, { stream_options: { include_usage: true } })).toBe(true);
    expect(wants(anthropicMessages, {})).toBe(true);
  });
});

describe('engine headers', () => {
  it('carry the key as each API wants it', () => {
    expect(engineDialects.openai.headers('k')).toEqual({ authorization: 'Bearer k' });
    expect(engineDialects.openai.headers(undefined)).toEqual({});
    expect(engineDialects.anthropic.headers('k')).toEqual({
      'x-api-key': 'k',
      'anthropic-version': '2023-06-01',
    });
  });
});

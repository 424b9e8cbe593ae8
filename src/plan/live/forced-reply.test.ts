import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countTokens } from '../../records/token-count.ts';
import { startTestEngine, testConfig } from './live-fixture.ts';
import type { SimulatedEngine } from './server.ts';

let engine: SimulatedEngine;
let client: OpenAI;

beforeAll(async () => {
  engine = await startTestEngine(testConfig({ speed: 200 }));
  client = new OpenAI({ baseURL: engine.url, apiKey: 'unused', maxRetries: 0 });
});

afterAll(() => engine.close());

const named = (name: string) => ({ type: 'function' as const, function: { name } });
const tools = [
  named('ping'),
  {
    type: 'function' as const,
    function: {
      name: 'weather',
      parameters: {
        type: 'object',
        properties: {
          city: { enum: ['Zürich "old" \\ town', 'Rome'] },
          days: { type: 'integer', minimum: 3 },
          unit: { type: 'string' },
        },
        required: ['city', 'days'],
      },
    },
  },
];
const weather = { city: 'Zürich "old" \\ town', days: 3 };
const base = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }], tools };
const forced = { ...base, tool_choice: named('weather') };

describe('a forced tool call', () => {
  it('has arguments that fit the parameters, and is counted', async () => {
    const reply = await client.chat.completions.create(forced);
    const choice = reply.choices[0];
    expect(choice?.finish_reason).toBe('tool_calls');
    expect(choice?.message.content).toBeNull();
    const call = choice?.message.tool_calls?.[0];
    if (call?.type !== 'function') throw new Error('no function call');
    expect(call.function.name).toBe('weather');
    expect(JSON.parse(call.function.arguments)).toEqual(weather);
    expect(call.id).toMatch(/^call_[a-zA-Z0-9]{1,35}$/);
    expect(reply.usage?.completion_tokens).toBe(countTokens(call.function.arguments));
  });

  it('is the first function when any is required, and has an id of its own in each choice', async () => {
    const ask = { ...base, tool_choice: 'required' as const, n: 2, seed: 7 };
    const replies = [
      await client.chat.completions.create(ask),
      await client.chat.completions.create(ask),
    ];
    const calls = replies
      .flatMap(({ choices }) => choices)
      .flatMap(({ message }) => message.tool_calls ?? []);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(4);
    for (const call of calls) {
      expect(call).toMatchObject({ function: { name: 'ping', arguments: '{}' } });
    }
  });

  it('streams the name first, then one token a frame, as the unary reply has them', async () => {
    const stream = await client.chat.completions.create({
      ...forced,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    const deltas = chunks.map((chunk) => chunk.choices[0]?.delta);
    expect(deltas[0]).toMatchObject({
      role: 'assistant',
      content: null,
      tool_calls: [{ index: 0, type: 'function', function: { name: 'weather', arguments: '' } }],
    });
    const pieces = deltas.slice(1, -2).map((delta) => {
      expect(Object.keys(delta?.tool_calls?.[0] ?? {})).toEqual(['index', 'function']);
      return delta?.tool_calls?.[0]?.function?.arguments ?? '';
    });
    for (const piece of pieces) expect(countTokens(piece)).toBe(1);
    expect(JSON.parse(pieces.join(''))).toEqual(weather);
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('tool_calls');
    expect(chunks.at(-1)?.usage?.completion_tokens).toBe(pieces.length);
    expect(chunks.at(-1)).toHaveProperty('tailrace.simulated', true);
  });

  it('reads back through the stream helper of the client', async () => {
    const final = await client.chat.completions.stream(forced).finalChatCompletion();
    const call = final.choices[0]?.message.tool_calls?.[0];
    if (call?.type !== 'function') throw new Error('no function call');
    expect(JSON.parse(call.function.arguments)).toEqual(weather);
  });

  it('is cut by max_tokens, and not made longer by ignore_eos', async () => {
    const whole = await client.chat.completions.create({
      ...forced,
      max_tokens: 500,
      ignore_eos: true,
    } as never);
    const cut = await client.chat.completions.create({ ...forced, max_tokens: 4 });
    const [all, part] = [whole, cut].map(({ choices }: OpenAI.ChatCompletion) => {
      const call = choices[0]?.message.tool_calls?.[0];
      return {
        reason: choices[0]?.finish_reason,
        args: call?.type === 'function' && call.function,
      };
    });
    expect(all?.reason).toBe('tool_calls');
    expect(part?.reason).toBe('length');
    expect(cut.usage?.completion_tokens).toBe(4);
    const args = part?.args === false ? '' : (part?.args.arguments ?? '');
    expect(countTokens(args)).toBe(4);
    expect(all?.args).toMatchObject({ arguments: expect.stringMatching(`^${args}.`) });
  });

  it('does not happen when the model may choose', async () => {
    for (const tool_choice of [undefined, 'auto', 'none'] as const) {
      const reply = await client.chat.completions.create({
        ...base,
        ...(tool_choice === undefined ? {} : { tool_choice }),
        max_tokens: 5,
      });
      expect(reply.choices[0]?.message.tool_calls).toBeUndefined();
      expect(countTokens(reply.choices[0]?.message.content ?? '')).toBeGreaterThan(0);
    }
  });
});

describe('structured output', () => {
  const schema = {
    type: 'object',
    properties: { status: { enum: ['ok'] }, steps: { type: 'array', minItems: 2, items: {} } },
    required: ['status', 'steps'],
  };
  const json_schema = { name: 'status', schema };

  it('satisfies the schema, unary and streamed', async () => {
    const ask = { ...base, response_format: { type: 'json_schema' as const, json_schema } };
    const reply = await client.chat.completions.create(ask);
    const content = reply.choices[0]?.message.content ?? '';
    expect(JSON.parse(content)).toEqual({ status: 'ok', steps: [{}, {}] });
    expect(reply.choices[0]?.finish_reason).toBe('stop');
    expect(reply.usage?.completion_tokens).toBe(countTokens(content));
    let streamed = '';
    for await (const chunk of await client.chat.completions.create({ ...ask, stream: true })) {
      streamed += chunk.choices[0]?.delta.content ?? '';
    }
    expect(streamed).toBe(content);
  });

  it('is an object for json_object, filler for text', async () => {
    const content = async (type: 'json_object' | 'json_schema' | 'text') => {
      const format = type === 'json_schema' ? { type, json_schema: { name: 'open' } } : { type };
      const reply = await client.chat.completions.create({ ...base, response_format: format });
      return reply.choices[0]?.message.content ?? '';
    };
    expect(await content('json_object')).toBe('{}');
    expect(await content('json_schema')).toBe('{}');
    expect(await content('text')).toMatch(/^[A-Z][a-z]+/);
  });
});

describe('refusals', () => {
  it.each<[object, string]>([
    [{ tool_choice: named('absent') }, 'tool_choice'],
    [{ tool_choice: 'required', tools: [] }, 'tool_choice'],
    [{ tool_choice: 'any' }, 'tool_choice'],
    [{ tool_choice: 'required', tools: [withParameters(false)] }, 'tools.0.function.parameters'],
    [
      { tool_choice: 'required', tools: [withParameters({ const: 1 })] },
      'tools.0.function.parameters',
    ],
    [{ response_format: { type: 'yaml' } }, 'response_format.type'],
    [
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'n', schema: { type: 'string', minLength: 1e9 } },
        },
      },
      'response_format.json_schema.schema',
    ],
  ])('%j names %s', async (change, param) => {
    const asked = client.chat.completions.create({ ...base, ...change } as never);
    await expect(asked).rejects.toMatchObject({ status: 400, param });
  });
});

function withParameters(parameters: unknown) {
  return { type: 'function', function: { name: 'f', parameters } };
}

describe('one model', () => {
  it('is answered under any name when none is configured, slashes included', async () => {
    for (const name of ['m', 'org/model-8b']) {
      expect((await client.models.retrieve(name)).id).toBe(name);
      expect(await (await fetch(`${engine.url}/models/${name}`)).json()).toMatchObject({
        id: name,
      });
    }
    const posted = await fetch(`${engine.url}/models/m`, { method: 'POST' });
    expect(posted.status).toBe(405);
  });

  it('is unknown when the configured names do not have it', async () => {
    const limited = await startTestEngine({ ...testConfig(), models: ['chat-small'] });
    const other = new OpenAI({ baseURL: limited.url, apiKey: 'unused', maxRetries: 0 });
    try {
      expect(await other.models.retrieve('chat-small')).toMatchObject({ object: 'model' });
      await expect(other.models.retrieve('absent')).rejects.toMatchObject({
        status: 404,
        code: 'model_not_found',
      });
    } finally {
      await limited.close();
    }
  });
});

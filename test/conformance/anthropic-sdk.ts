import Anthropic from '@anthropic-ai/sdk';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  engineFamilies,
  faultModel,
  longPrompt,
  modelOf,
  pixelBase64,
  weatherArguments,
  weatherSchema,
  type EngineFamily,
  type SdkTarget,
} from './target.ts';

const weatherTool: Anthropic.Tool = {
  name: 'get_weather',
  description: 'Weather of a city',
  input_schema: weatherSchema,
};

const user = (content: Anthropic.MessageParam['content']): Anthropic.MessageParam => ({
  role: 'user',
  content,
});

/** The calls that programs make through Anthropic's own SDK, for each engine family. */
export function anthropicSdkConformance(getTarget: () => SdkTarget): void {
  describe('Anthropic SDK', () => {
    let client: Anthropic;
    beforeAll(() => {
      client = clientFor(getTarget(), getTarget().key);
    });

    for (const engine of engineFamilies) {
      describe(`to a model of an ${engine} engine`, () => {
        const model = (): string => modelOf(getTarget(), engine);
        describeMessages(() => client, model);
        describeStreams(() => client, model, engine);
        describeTools(() => client, model, engine);
        describeFailures(() => client, engine);
      });
    }

    it('reports a wrong key', async () => {
      const call = clientFor(getTarget(), 'sk-wrong').messages.create({
        model: getTarget().modelAnthropicEngine,
        max_tokens: 10,
        messages: [user('hi')],
      });
      await expect(call).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
    });

    it('reports an unknown model', async () => {
      const call = client.messages.create({
        model: 'unknown-model',
        max_tokens: 10,
        messages: [user('hi')],
      });
      await expect(call).rejects.toBeInstanceOf(Anthropic.NotFoundError);
    });
  });
}

const clientFor = (target: SdkTarget, apiKey: string): Anthropic =>
  new Anthropic({ apiKey, authToken: null, baseURL: target.url, maxRetries: 0 });

const textOf = (message: Anthropic.Message): string =>
  message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');

function describeMessages(client: () => Anthropic, model: () => string): void {
  it('answers a message', async () => {
    const reply = await client().messages.create({
      model: model(),
      max_tokens: 100,
      system: 'Be brief.',
      messages: [user('hello there')],
      metadata: { user_id: 'u-1' },
    });
    expect(reply).toMatchObject({ type: 'message', role: 'assistant', stop_reason: 'end_turn' });
    expect(textOf(reply)).toBe('You said: hello there');
    expect(reply.usage).toMatchObject({ input_tokens: 4, output_tokens: 4 });
  });

  it('takes blocks, images and earlier turns', async () => {
    const data = { type: 'base64' as const, media_type: 'image/png' as const, data: pixelBase64 };
    const reply = await client().messages.create({
      model: model(),
      max_tokens: 100,
      system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
      messages: [
        user('one'),
        { role: 'assistant', content: [{ type: 'text', text: 'two' }] },
        user([
          { type: 'text', text: 'three' },
          { type: 'image', source: data },
          { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
        ]),
      ],
    });
    expect(textOf(reply)).toBe('You said: three');
    expect(reply.usage.input_tokens).toBe(5);
  });

  it('stops at the token limit', async () => {
    const reply = await client().messages.create({
      model: model(),
      max_tokens: 3,
      messages: [user('a b c d e')],
    });
    expect(textOf(reply)).toBe('You said: a');
    expect(reply.stop_reason).toBe('max_tokens');
  });

  it('stops at a stop sequence', async () => {
    const reply = await client().messages.create({
      model: model(),
      max_tokens: 100,
      messages: [user('a b STOP c')],
      stop_sequences: ['STOP'],
    });
    expect(textOf(reply)).toBe('You said: a b ');
    // An OpenAI engine does not say which sequence was met.
    expect(['stop_sequence', 'end_turn']).toContain(reply.stop_reason);
  });
}

function describeStreams(client: () => Anthropic, model: () => string, engine: EngineFamily): void {
  it('streams a message', async () => {
    const deltas: string[] = [];
    const stream = client()
      .messages.stream({ model: model(), max_tokens: 100, messages: [user('hello there')] })
      .on('text', (delta) => deltas.push(delta));
    const reply = await stream.finalMessage();
    expect(deltas.length).toBeGreaterThan(1);
    expect(deltas.join('')).toBe('You said: hello there');
    expect(textOf(reply)).toBe('You said: hello there');
    expect(reply.stop_reason).toBe('end_turn');
    expect(reply.usage).toMatchObject({ input_tokens: 2, output_tokens: 4 });
  });

  it('streams events in the order of the wire', async () => {
    const stream = await client().messages.create({
      model: model(),
      max_tokens: 100,
      messages: [user('hi')],
      stream: true,
    });
    const types: string[] = [];
    for await (const event of stream) if (types.at(-1) !== event.type) types.push(event.type);
    expect(types).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
  });

  it('stops a stream that is aborted, and goes on serving', async () => {
    const stream = await client().messages.create({
      model: model(),
      max_tokens: 100_000,
      messages: [user(longPrompt(4000))],
      stream: true,
    });
    let events = 0;
    for await (const event of stream) {
      events += event.type === 'content_block_delta' ? 1 : 0;
      if (events === 3) stream.controller.abort();
    }
    expect(events).toBeLessThan(4000);
    const after = await client().messages.create({
      model: model(),
      max_tokens: 10,
      messages: [user('still there')],
    });
    expect(textOf(after)).toBe('You said: still there');
  });

  it('reports an error inside a stream', async () => {
    const stream = client().messages.stream({
      model: faultModel(engine, 'error-mid-stream'),
      max_tokens: 100,
      messages: [user('one two three four five')],
    });
    await expect(stream.finalMessage()).rejects.toBeInstanceOf(Anthropic.APIError);
  });
}

function describeTools(client: () => Anthropic, model: () => string, engine: EngineFamily): void {
  it('calls a tool and takes its result', async () => {
    const messages = [user('What is the weather in Oslo?')];
    const ask = { model: model(), max_tokens: 100, tools: [weatherTool] };
    const asked = await client().messages.create({ ...ask, messages });
    expect(asked.stop_reason).toBe('tool_use');
    const call = asked.content.find((block) => block.type === 'tool_use');
    expect(call).toMatchObject({ name: 'get_weather', input: weatherArguments('Oslo') });
    const told = await client().messages.create({
      ...ask,
      messages: [
        ...messages,
        { role: 'assistant', content: asked.content },
        user([
          {
            type: 'tool_result',
            tool_use_id: call?.id ?? '',
            content: [{ type: 'text', text: '3 degrees' }],
          },
        ]),
      ],
    });
    expect(textOf(told)).toBe('The tool said: 3 degrees');
  });

  it.each(['', 'interleaved-tools'])('streams parallel tool calls %s', async (fault) => {
    const inputs: unknown[] = [];
    const stream = client()
      .messages.stream({
        model: fault === '' ? model() : faultModel(engine, fault),
        max_tokens: 100,
        messages: [user('Compare the weather in Oslo and Rome')],
        tools: [weatherTool],
      })
      .on('contentBlock', (block) => {
        if (block.type === 'tool_use') inputs.push(block.input);
      });
    const reply = await stream.finalMessage();
    expect(reply.stop_reason).toBe('tool_use');
    expect(inputs).toEqual([weatherArguments('Oslo'), weatherArguments('Rome')]);
    const calls = reply.content.filter((block) => block.type === 'tool_use');
    expect(calls.map((call) => call.input)).toEqual(inputs);
    expect(new Set(calls.map((call) => call.id)).size).toBe(2);
    expect(reply.usage.output_tokens).toBe(2);
  });

  it('keeps to one call, to none, and to the one named', async () => {
    const ask = async (
      choice: Anthropic.MessageCreateParams['tool_choice'],
      text: string,
    ): Promise<number> => {
      const reply = await client().messages.create({
        model: model(),
        max_tokens: 100,
        messages: [user(text)],
        tools: [weatherTool],
        ...(choice === undefined ? {} : { tool_choice: choice }),
      });
      return reply.content.filter((block) => block.type === 'tool_use').length;
    };
    expect(
      await ask({ type: 'auto', disable_parallel_tool_use: true }, 'Weather in Oslo and Rome'),
    ).toBe(1);
    expect(await ask({ type: 'none' }, 'Weather in Oslo')).toBe(0);
    expect(await ask({ type: 'any' }, 'hi')).toBe(1);
    expect(await ask({ type: 'tool', name: 'get_weather' }, 'hi')).toBe(1);
  });
}

function describeFailures(client: () => Anthropic, engine: EngineFamily): void {
  it.each([400, 429, 500])('reports that the engine answered %i', async (status) => {
    const error: unknown = await client()
      .messages.create({
        model: faultModel(engine, `error-${status}`),
        max_tokens: 10,
        messages: [user('hi')],
      })
      .then(
        () => null,
        (reason: unknown) => reason,
      );
    if (!(error instanceof Anthropic.APIError)) throw new Error('no API error came');
    expect([status, 502]).toContain(error.status);
    expect(error.message).toContain(`This model answers ${status}`);
  });

  it('reports cached tokens apart from the others', async () => {
    const reply = await client().messages.create({
      model: faultModel(engine, 'cached'),
      max_tokens: 100,
      messages: [user('a b c d e f')],
    });
    expect(reply.usage).toMatchObject({ input_tokens: 3, cache_read_input_tokens: 3 });
  });
}

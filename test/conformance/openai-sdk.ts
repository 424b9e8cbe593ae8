import OpenAI from 'openai';
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

const weatherTool: OpenAI.ChatCompletionTool = {
  type: 'function',
  function: { name: 'get_weather', description: 'Weather of a city', parameters: weatherSchema },
};

const user = (content: string): OpenAI.ChatCompletionUserMessageParam => ({
  role: 'user',
  content,
});

/** The calls that programs make through OpenAI's own SDK, for each engine family. */
export function openaiSdkConformance(getTarget: () => SdkTarget): void {
  describe('OpenAI SDK', () => {
    let client: OpenAI;
    beforeAll(() => {
      client = clientFor(getTarget(), getTarget().key);
    });

    for (const engine of engineFamilies) {
      describe(`to a model of an ${engine} engine`, () => {
        const model = (): string => modelOf(getTarget(), engine);
        describeChat(() => client, model);
        describeChatStreams(() => client, model, engine);
        describeTools(() => client, model, engine);
        describeCompletions(() => client, model);
        describeFailures(() => client, getTarget, engine);
      });
    }

    it('lists models', async () => {
      const page = await client.models.list();
      expect(page.data.length).toBeGreaterThan(0);
      expect(page.data.every((model) => model.object === 'model' && model.id !== '')).toBe(true);
    });

    it.each([undefined, 'float' as const])('embeds, encoding %s', async (format) => {
      const reply = await client.embeddings.create({
        model: getTarget().modelOpenAiEngine,
        input: ['one two', 'three'],
        ...(format === undefined ? {} : { encoding_format: format }),
      });
      expect(reply.data.map((one) => one.embedding.length)).toEqual([8, 8]);
      expect(reply.data[0]?.embedding).not.toEqual(reply.data[1]?.embedding);
      expect(reply.usage).toEqual({ prompt_tokens: 3, total_tokens: 3 });
    });

    it('reports a wrong key', async () => {
      const model = getTarget().modelOpenAiEngine;
      const call = clientFor(getTarget(), 'sk-wrong').chat.completions.create({
        model,
        messages: [user('hi')],
      });
      await expect(call).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    });

    it('reports an unknown model', async () => {
      const call = client.chat.completions.create({
        model: 'unknown-model',
        messages: [user('x')],
      });
      await expect(call).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    });

    it('reports a field of the wrong type', async () => {
      const body = { model: 7, messages: [user('x')] };
      const call = client.chat.completions.create(body as never);
      await expect(call).rejects.toBeInstanceOf(OpenAI.BadRequestError);
    });
  });
}

const clientFor = (target: SdkTarget, apiKey: string): OpenAI =>
  new OpenAI({ apiKey, baseURL: `${target.url}/v1`, maxRetries: 0 });

function describeChat(client: () => OpenAI, model: () => string): void {
  it('chats', async () => {
    const reply = await client().chat.completions.create({
      model: model(),
      messages: [{ role: 'system', content: 'Be brief.' }, user('hello there')],
    });
    expect(reply.object).toBe('chat.completion');
    expect(reply.choices).toHaveLength(1);
    expect(reply.choices[0]).toMatchObject({
      message: { role: 'assistant', content: 'You said: hello there' },
      finish_reason: 'stop',
    });
    // Words: "Be brief." and "hello there" in, "You said: hello there" out.
    expect(reply.usage).toMatchObject({ prompt_tokens: 4, completion_tokens: 4, total_tokens: 8 });
    expect(reply.created).toBeGreaterThan(0);
  });

  it('remembers the conversation and takes images', async () => {
    const reply = await client().chat.completions.create({
      model: model(),
      messages: [
        user('one'),
        { role: 'assistant', content: 'two' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'three' },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${pixelBase64}` } },
            { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
          ],
        },
      ],
    });
    expect(reply.choices[0]?.message.content).toBe('You said: three');
    expect(reply.usage?.prompt_tokens).toBe(3);
  });

  it('stops at the token limit', async () => {
    const reply = await client().chat.completions.create({
      model: model(),
      messages: [user('a b c d e')],
      max_tokens: 3,
    });
    expect(reply.choices[0]).toMatchObject({
      message: { content: 'You said: a' },
      finish_reason: 'length',
    });
  });

  it('stops at a stop sequence', async () => {
    const reply = await client().chat.completions.create({
      model: model(),
      messages: [user('a b STOP c')],
      stop: ['STOP'],
      temperature: 0.5,
      top_p: 0.9,
    });
    expect(reply.choices[0]).toMatchObject({
      message: { content: 'You said: a b ' },
      finish_reason: 'stop',
    });
  });

  it('answers in a JSON schema', async () => {
    const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
    const reply = await client().chat.completions.parse({
      model: model(),
      messages: [user('a number')],
      response_format: { type: 'json_schema', json_schema: { name: 'n', schema, strict: true } },
    });
    expect(JSON.parse(reply.choices[0]?.message.content ?? '')).toEqual({ n: 7 });
  });
}

function describeChatStreams(
  client: () => OpenAI,
  model: () => string,
  engine: EngineFamily,
): void {
  it('streams, with usage where asked for', async () => {
    const stream = await client().chat.completions.create({
      model: model(),
      messages: [user('hello there')],
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await collect(stream);
    expect(textOf(chunks)).toBe('You said: hello there');
    expect(chunks.filter((chunk) => chunk.choices[0]?.delta.content).length).toBeGreaterThan(1);
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 2, completion_tokens: 4 },
    });
    expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(1);
  });

  it('streams without usage where not asked for', async () => {
    const stream = await client().chat.completions.create({
      model: model(),
      messages: [user('hello')],
      stream: true,
    });
    const chunks = await collect(stream);
    expect(textOf(chunks)).toBe('You said: hello');
    expect(chunks.every((chunk) => !chunk.usage && chunk.choices.length === 1)).toBe(true);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
  });

  it('stops a stream that is aborted, and goes on serving', async () => {
    const stream = await client().chat.completions.create({
      model: model(),
      messages: [user(longPrompt(4000))],
      stream: true,
    });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) {
      chunks.push(chunk);
      if (chunks.length === 3) stream.controller.abort();
    }
    expect(chunks.length).toBeLessThan(4000);
    const after = await client().chat.completions.create({
      model: model(),
      messages: [user('still there')],
    });
    expect(after.choices[0]?.message.content).toBe('You said: still there');
  });

  it('reports an error inside a stream', async () => {
    const stream = await client().chat.completions.create({
      model: faultModel(engine, 'error-mid-stream'),
      messages: [user('one two three four five')],
      stream: true,
    });
    await expect(collect(stream)).rejects.toBeInstanceOf(OpenAI.APIError);
  });
}

function describeTools(client: () => OpenAI, model: () => string, engine: EngineFamily): void {
  it('calls a tool and takes its result', async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [user('What is the weather in Oslo?')];
    const asked = await client().chat.completions.create({
      model: model(),
      messages,
      tools: [weatherTool],
    });
    const message = asked.choices[0]?.message;
    const call = message?.tool_calls?.[0];
    expect(asked.choices[0]?.finish_reason).toBe('tool_calls');
    expect(message?.content ?? null).toBe(null);
    if (message === undefined || call?.type !== 'function') throw new Error('no tool call came');
    expect(call.function.name).toBe('get_weather');
    expect(JSON.parse(call.function.arguments)).toEqual(weatherArguments('Oslo'));
    messages.push(message, { role: 'tool', tool_call_id: call.id, content: '3 degrees' });
    const told = await client().chat.completions.create({
      model: model(),
      messages,
      tools: [weatherTool],
    });
    expect(told.choices[0]?.message.content).toBe('The tool said: 3 degrees');
  });

  it.each(['', 'interleaved-tools'])('streams parallel tool calls %s', async (fault) => {
    const stream = client().chat.completions.stream({
      model: fault === '' ? model() : faultModel(engine, fault),
      messages: [user('Compare the weather in Oslo and Rome')],
      tools: [weatherTool],
      stream_options: { include_usage: true },
    });
    const reply = await stream.finalChatCompletion();
    const made = reply.choices[0]?.message.tool_calls ?? [];
    const calls = made.filter((call) => call.type === 'function');
    expect(reply.choices[0]?.finish_reason).toBe('tool_calls');
    expect(calls.map((call) => call.function.name)).toEqual(['get_weather', 'get_weather']);
    expect(calls.map((call) => JSON.parse(call.function.arguments) as unknown)).toEqual([
      weatherArguments('Oslo'),
      weatherArguments('Rome'),
    ]);
    expect(new Set(calls.map((call) => call.id)).size).toBe(2);
    expect(reply.usage?.completion_tokens).toBe(2);
  });

  it('keeps to one call, to none, and to the one named', async () => {
    const ask = async (
      options: Partial<OpenAI.ChatCompletionCreateParamsNonStreaming>,
    ): Promise<number> => {
      const reply = await client().chat.completions.create({
        model: model(),
        messages: [user('Weather in Oslo and Rome')],
        tools: [weatherTool],
        ...options,
      });
      return reply.choices[0]?.message.tool_calls?.length ?? 0;
    };
    expect(await ask({ parallel_tool_calls: false })).toBe(1);
    expect(await ask({ tool_choice: 'none' })).toBe(0);
    expect(await ask({ tool_choice: 'required', messages: [user('hi')] })).toBe(1);
    const named = { type: 'function' as const, function: { name: 'get_weather' } };
    expect(await ask({ tool_choice: named, messages: [user('hi')] })).toBe(1);
  });
}

function describeCompletions(client: () => OpenAI, model: () => string): void {
  it('completes a prompt, whole and streamed', async () => {
    const ask = { model: model(), prompt: 'once upon', max_tokens: 50 };
    const reply = await client().completions.create(ask);
    expect(reply.object).toBe('text_completion');
    expect(reply.choices[0]).toMatchObject({
      text: 'You said: once upon',
      finish_reason: 'stop',
      logprobs: null,
    });
    expect(reply.usage).toMatchObject({ prompt_tokens: 2, completion_tokens: 4 });
    const chunks = await collect(await client().completions.create({ ...ask, stream: true }));
    expect(chunks.map((chunk) => chunk.choices[0]?.text ?? '').join('')).toBe(
      'You said: once upon',
    );
  });
}

function describeFailures(
  client: () => OpenAI,
  getTarget: () => SdkTarget,
  engine: EngineFamily,
): void {
  it.each([400, 429, 500])('reports that the engine answered %i', async (status) => {
    const error: unknown = await client()
      .chat.completions.create({
        model: faultModel(engine, `error-${status}`),
        messages: [user('hi')],
      })
      .then(
        () => null,
        (reason: unknown) => reason,
      );
    if (!(error instanceof OpenAI.APIError)) throw new Error('no API error came');
    // A gateway may answer for its engine (502), or hand on what the engine said.
    expect([status, 502]).toContain(error.status);
    expect(error.message).toContain(`This model answers ${status}`);
  });

  it('reports cached tokens', async () => {
    expect(getTarget().key).not.toBe('');
    const reply = await client().chat.completions.create({
      model: faultModel(engine, 'cached'),
      messages: [user('a b c d e f')],
    });
    expect(reply.usage).toMatchObject({
      prompt_tokens: 6,
      prompt_tokens_details: { cached_tokens: 3 },
    });
  });
}

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of stream) all.push(one);
  return all;
}

const textOf = (chunks: OpenAI.ChatCompletionChunk[]): string =>
  chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');

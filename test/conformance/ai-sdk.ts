import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import {
  APICallError,
  embedMany,
  generateText,
  jsonSchema,
  Output,
  stepCountIs,
  streamText,
  tool,
  type LanguageModel,
} from 'ai';
import { describe, expect, it } from 'vitest';
import {
  engineFamilies,
  faultModel,
  longPrompt,
  modelOf,
  weatherSchema,
  type SdkTarget,
} from './target.ts';

type Provider = (target: SdkTarget, model: string) => LanguageModel;

const providers: Record<string, Provider> = {
  '@ai-sdk/openai': (target, model) =>
    createOpenAI({ baseURL: `${target.url}/v1`, apiKey: target.key }).chat(model),
  '@ai-sdk/openai-compatible': (target, model) =>
    createOpenAICompatible({
      name: 'tailrace',
      baseURL: `${target.url}/v1`,
      apiKey: target.key,
      includeUsage: true,
      supportsStructuredOutputs: true,
    })(model),
  '@ai-sdk/anthropic': (target, model) =>
    createAnthropic({ baseURL: `${target.url}/v1`, apiKey: target.key })(model),
};

/** The calls that programs make through the Vercel AI SDK, for each provider and engine family. */
export function aiSdkConformance(getTarget: () => SdkTarget): void {
  // The SDK warns of models that it does not know; these are names of a test.
  Reflect.set(globalThis, 'AI_SDK_LOG_WARNINGS', false);
  describe('Vercel AI SDK', () => {
    for (const [name, provider] of Object.entries(providers)) {
      for (const engine of engineFamilies) {
        describe(`${name} to a model of an ${engine} engine`, () => {
          describeCalls(
            () => provider(getTarget(), modelOf(getTarget(), engine)),
            (fault) => provider(getTarget(), faultModel(engine, fault)),
          );
        });
      }
    }

    it('embeds', async () => {
      const target = getTarget();
      const openai = createOpenAI({ baseURL: `${target.url}/v1`, apiKey: target.key });
      const { embeddings, usage } = await embedMany({
        model: openai.embeddingModel(target.modelOpenAiEngine),
        values: ['one two', 'three'],
        maxRetries: 0,
      });
      expect(embeddings.map((one) => one.length)).toEqual([8, 8]);
      expect(usage.tokens).toBe(3);
    });
  });
}

function describeCalls(model: () => LanguageModel, faulty: (fault: string) => LanguageModel): void {
  it('generates text', async () => {
    const { text, usage, finishReason } = await generateText({
      model: model(),
      instructions: 'Be brief.',
      prompt: 'hello there',
      maxRetries: 0,
    });
    expect(text).toBe('You said: hello there');
    expect(finishReason).toBe('stop');
    expect(usage).toMatchObject({ inputTokens: 4, outputTokens: 4 });
  });

  it('streams text', async () => {
    const result = streamText({ model: model(), prompt: 'hello there', maxRetries: 0 });
    const deltas: string[] = [];
    for await (const delta of result.textStream) deltas.push(delta);
    expect(deltas.length).toBeGreaterThan(1);
    expect(deltas.join('')).toBe('You said: hello there');
    expect(await result.usage).toMatchObject({ inputTokens: 2, outputTokens: 4 });
    expect(await result.finishReason).toBe('stop');
  });

  it('runs tools over several steps, two calls at once', async () => {
    const asked: string[] = [];
    const { text, steps } = await generateText({
      model: model(),
      prompt: 'Compare the weather in Oslo and Rome',
      tools: { get_weather: weatherTool(asked) },
      stopWhen: stepCountIs(3),
      maxRetries: 0,
    });
    expect(asked.sort()).toEqual(['Oslo', 'Rome']);
    expect(steps).toHaveLength(2);
    expect(text).toMatch(/^The tool said: .*cold in Oslo.* and .*cold in Rome/);
  });

  it('streams tools over several steps', async () => {
    const asked: string[] = [];
    const result = streamText({
      model: model(),
      prompt: 'What is the weather in Oslo?',
      tools: { get_weather: weatherTool(asked) },
      stopWhen: stepCountIs(3),
      maxRetries: 0,
    });
    let text = '';
    for await (const delta of result.textStream) text += delta;
    expect(asked).toEqual(['Oslo']);
    expect(text).toMatch(/^The tool said: .*cold in Oslo/);
  });

  it('makes an object', async () => {
    const schema = jsonSchema<{ n: number }>({
      type: 'object',
      properties: { n: { type: 'integer' } },
      required: ['n'],
      additionalProperties: false,
    });
    const { output } = await generateText({
      model: model(),
      prompt: 'a number',
      output: Output.object({ schema }),
      maxRetries: 0,
    });
    expect(output).toEqual({ n: 7 });
  });

  it('stops a stream that is aborted', async () => {
    const controller = new AbortController();
    const result = streamText({
      model: model(),
      prompt: longPrompt(4000),
      abortSignal: controller.signal,
      maxRetries: 0,
      onError: () => {},
    });
    let parts = 0;
    for await (const part of result.fullStream) {
      parts += part.type === 'text-delta' ? 1 : 0;
      if (parts === 3) controller.abort();
    }
    expect(parts).toBeGreaterThanOrEqual(3);
    expect(parts).toBeLessThan(4000);
  });

  it.each([429, 500])('reports that the engine answered %i', async (status) => {
    const error: unknown = await generateText({
      model: faulty(`error-${status}`),
      prompt: 'hi',
      maxRetries: 0,
    }).then(
      () => null,
      (reason: unknown) => reason,
    );
    if (!APICallError.isInstance(error)) throw new Error('no API error came');
    expect([status, 502]).toContain(error.statusCode);
    expect(error.message).toContain(`This model answers ${status}`);
  });
}

const weatherTool = (asked: string[]) =>
  tool({
    description: 'Weather of a city',
    inputSchema: jsonSchema<{ city: string }>(weatherSchema),
    execute: ({ city }) => {
      asked.push(city);
      return `cold in ${city}`;
    },
  });

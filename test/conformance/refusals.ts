import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { pixelBase64, type SdkTarget } from './target.ts';

/**
 * What a gateway has to refuse by name because the other dialect cannot say it (docs/dialects.md).
 */
export function refusalConformance(getTarget: () => SdkTarget): void {
  describe('refusals of a translating gateway', () => {
    const chatRefusals: Array<[string, Partial<OpenAI.ChatCompletionCreateParamsNonStreaming>]> = [
      ['n', { n: 2 }],
      ['logprobs', { logprobs: true }],
      ['logit_bias', { logit_bias: { '50256': -100 } }],
      ['frequency_penalty', { frequency_penalty: 0.5 }],
      ['response_format', { response_format: { type: 'json_object' } }],
      ['temperature', { temperature: 1.5 }],
    ];

    it.each(chatRefusals)('chat to an anthropic engine: %s', async (field, fields) => {
      const error = await failureOf(
        openai().chat.completions.create({
          model: getTarget().modelAnthropicEngine,
          messages: [{ role: 'user', content: 'hi' }],
          ...fields,
        }),
      );
      if (!(error instanceof OpenAI.BadRequestError)) throw new Error('no refusal came');
      expect([error.code, error.param]).toEqual(['TR_DIALECT_UNSUPPORTED', field]);
    });

    it.each([
      ['echo', { echo: true }],
      ['suffix', { suffix: 'x' }],
      ['best_of', { best_of: 2 }],
    ])('completion to an anthropic engine: %s', async (field, fields) => {
      const model = getTarget().modelAnthropicEngine;
      const error = await failureOf(
        openai().completions.create({ model, prompt: 'hi', ...fields }),
      );
      expect(error).toMatchObject({ code: 'TR_DIALECT_UNSUPPORTED', param: field });
    });

    it('embeddings of an anthropic engine', async () => {
      const model = getTarget().modelAnthropicEngine;
      const error = await failureOf(openai().embeddings.create({ model, input: 'hi' }));
      expect(error).toMatchObject({ status: 400, code: 'TR_DIALECT_UNSUPPORTED' });
    });

    it('a document for an openai engine', async () => {
      const source = { type: 'base64' as const, media_type: 'application/pdf' as const };
      const error = await failureOf(
        new Anthropic({
          apiKey: getTarget().key,
          baseURL: getTarget().url,
          maxRetries: 0,
        }).messages.create({
          model: getTarget().modelOpenAiEngine,
          max_tokens: 10,
          messages: [
            {
              role: 'user',
              content: [{ type: 'document', source: { ...source, data: pixelBase64 } }],
            },
          ],
        }),
      );
      if (!(error instanceof Anthropic.BadRequestError)) throw new Error('no refusal came');
      expect(error.message).toContain('TR_DIALECT_UNSUPPORTED');
      expect(error.message).toContain('messages[0].content[0].type');
    });

    const openai = (): OpenAI =>
      new OpenAI({ apiKey: getTarget().key, baseURL: `${getTarget().url}/v1`, maxRetries: 0 });
  });
}

const failureOf = (call: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(call).then(
    () => null,
    (reason: unknown) => reason,
  );

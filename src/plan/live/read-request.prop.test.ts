import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countTokens } from '../../records/token-count.ts';
import type { Reading } from './http-error.ts';
import { IMAGE_TOKENS, readChat, readCompletion, readEmbedding } from './read-request.ts';

const readers: Array<(body: unknown) => Reading<unknown>> = [
  readChat,
  readCompletion,
  readEmbedding,
];

function value<T>(reading: Reading<T>): T {
  if (!reading.ok) throw new Error(reading.error.message);
  return reading.value;
}

const words = fc
  .array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 20 })
  .map((all) => all.join(' '));

const tool = fc.record({
  type: fc.constant('function'),
  function: fc.record({ name: fc.constantFrom('f', 'g', ''), parameters: fc.jsonValue() }),
});

describe('request readers', () => {
  it('never throw: any JSON is read or refused with a message', () => {
    const shaped = fc.record(
      {
        model: fc.oneof(fc.string(), fc.jsonValue()),
        messages: fc.oneof(
          fc.array(fc.record({ role: fc.string(), content: fc.jsonValue() })),
          fc.jsonValue(),
        ),
        prompt: fc.jsonValue(),
        input: fc.jsonValue(),
        n: fc.jsonValue(),
        max_tokens: fc.jsonValue(),
        stream_options: fc.jsonValue(),
        tools: fc.oneof(fc.jsonValue(), fc.array(tool, { maxLength: 3 })),
        tool_choice: fc.oneof(fc.jsonValue(), fc.constantFrom('required', 'auto'), tool),
        response_format: fc.oneof(
          fc.jsonValue(),
          fc.jsonValue().map((schema) => ({ type: 'json_schema', json_schema: { schema } })),
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), shaped), fc.constantFrom(...readers), (body, read) => {
        const reading = read(body);
        if (reading.ok) return;
        expect(reading.error.status).toBe(400);
        expect(reading.error.message.length).toBeGreaterThan(0);
      }),
    );
  });

  it('count the text of every message and part, images by the stand-in, and tools', () => {
    fc.assert(
      fc.property(words, words, fc.nat(3), (system, user, images) => {
        const image = { type: 'image_url', image_url: { url: 'data:,' } };
        const tools = [{ type: 'function', function: { name: 'f' } }];
        const ask = value(
          readChat({
            model: 'm',
            tools,
            messages: [
              { role: 'system', content: system },
              {
                role: 'user',
                content: [
                  { type: 'text', text: user },
                  ...Array.from({ length: images }, () => image),
                ],
              },
              { role: 'assistant', content: null },
            ],
          }),
        );
        const text = countTokens(system) + countTokens(user) + countTokens(JSON.stringify(tools));
        expect(ask.prompts).toEqual([text + images * IMAGE_TOKENS]);
      }),
    );
  });

  it('take the newer name of the token limit first, and leave it open for chat', () => {
    const messages = [{ role: 'user', content: 'hi' }];
    const base = { model: 'm', messages };
    expect(value(readChat(base)).maxTokens).toBeNull();
    expect(value(readChat({ ...base, max_tokens: 5 })).maxTokens).toBe(5);
    const both = { ...base, max_tokens: 5, max_completion_tokens: 7 };
    expect(value(readChat(both)).maxTokens).toBe(7);
    expect(value(readCompletion({ model: 'm', prompt: 'x' })).maxTokens).toBe(16);
  });

  it('read token ids as they are: one list is one input, lists of lists are many', () => {
    const tokensOf = (input: unknown) =>
      value(readEmbedding({ model: 'm', input })).inputs.map((one) => one.tokens);
    expect(tokensOf([5, 6, 7])).toEqual([3]);
    expect(tokensOf([[5, 6, 7], [8]])).toEqual([3, 1]);
    expect(tokensOf('a b')).toEqual([2]);
    expect(value(readCompletion({ model: 'm', prompt: [[1, 2], [3]] })).prompts).toEqual([2, 1]);
  });

  it('bound what one request may ask for', () => {
    const chat = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
    expect(readChat({ ...chat, n: 129 }).ok).toBe(false);
    expect(readChat({ ...chat, max_tokens: 0 }).ok).toBe(false);
    const prompt = Array.from({ length: 65 }, () => 'x');
    expect(readCompletion({ model: 'm', prompt, n: 2 }).ok).toBe(false);
    const input = Array.from({ length: 2049 }, () => 'x');
    expect(readEmbedding({ model: 'm', input }).ok).toBe(false);
    expect(readEmbedding({ model: 'm', input: '' }).ok).toBe(false);
  });
});

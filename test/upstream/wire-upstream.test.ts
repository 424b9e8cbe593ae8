import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countWords, jsonPieces, wordPieces } from './script.ts';
import { startWireUpstream, type WireUpstream } from './wire-upstream.ts';

/** What the SDK suite does not ask of the upstream: its faults, and refusals of its own. */
let upstream: WireUpstream;

beforeAll(async () => {
  upstream = await startWireUpstream();
});
afterAll(() => upstream.close());

function post(path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  return fetch(upstream.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
}

const chat = (model: string, more: Record<string, unknown> = {}): Promise<Response> =>
  post('/v1/chat/completions', {
    model,
    messages: [{ role: 'user', content: 'one two three four five' }],
    ...more,
  });
const message = (model: string, more: Record<string, unknown> = {}): Promise<Response> =>
  post('/v1/messages', {
    model,
    max_tokens: 99,
    messages: [{ role: 'user', content: 'one two three four five' }],
    ...more,
  });

describe('faults on demand', () => {
  it.each([401, 429, 500, 529])('status %i in the shape of each provider', async (status) => {
    const error = await message(`x/error-${status}`);
    expect(error.status).toBe(status);
    expect(await error.json()).toMatchObject({
      type: 'error',
      error: { message: `This model answers ${status}.` },
    });
    const sent = await fetch(`${upstream.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: `error-${status}`, messages: [] }),
    });
    expect(sent.status).toBe(status);
    expect(await sent.json()).toMatchObject({ error: { code: `asked_for_${status}` } });
  });

  it('a body that is not JSON', async () => {
    const reply = await chat('error-invalid-json');
    expect(reply.status).toBe(200);
    await expect(reply.json()).rejects.toThrow(SyntaxError);
  });

  it('a stream that is cut after its beginning', async () => {
    const reply = await chat('cut-mid-stream', { stream: true });
    expect(reply.status).toBe(200);
    await expect(reply.text()).rejects.toThrow(/terminated/);
  });

  it('a stream of garbage, and garbage inside a stream', async () => {
    expect(await (await chat('garbage-stream', { stream: true })).text()).toMatch(/^garbage/);
    const text = await (await chat('garbage-mid-stream', { stream: true })).text();
    expect(text).toMatch(/^data: \{"id":"chatcmpl-/);
    expect(text).toMatch(/not json\n\n$/);
  });

  it('100 MB, as far as anybody reads it', async () => {
    const controller = new AbortController();
    const ask = { model: 'huge', messages: [], max_tokens: 1 };
    const reply = await post('/v1/messages', ask, controller.signal);
    const reader = reply.body?.getReader();
    let bytes = 0;
    while (bytes < 4_000_000) bytes += (await reader?.read())?.value?.length ?? Infinity;
    expect(bytes).toBeLessThan(Infinity);
    controller.abort();
  });

  it('nothing at all, until the client gives up', async () => {
    const controller = new AbortController();
    const call = post('/v1/messages', { model: 'stall' }, controller.signal);
    const rejected = expect(call).rejects.toThrow(/aborted/);
    const seen = (): boolean => upstream.requests.at(-1)?.body?.['model'] === 'stall';
    while (!seen()) await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort();
    await rejected;
    while (upstream.requests.at(-1)?.aborted !== true) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });

  it('leaves usage out', async () => {
    expect(await (await chat('no-usage')).json()).not.toHaveProperty('usage');
    const asked = { stream: true, stream_options: { include_usage: true } };
    expect(await (await chat('no-usage', asked)).text()).not.toContain('"usage"');
    expect(await (await message('no-usage', { stream: true })).text()).not.toContain('"usage"');
  });
});

describe('refusals of its own', () => {
  it.each<[string, Record<string, unknown>]>([
    ['Unrecognized request argument supplied: top_k', { top_k: 3 }],
    ["only allowed when 'stream' is enabled", { stream_options: { include_usage: true } }],
    ['must be a response to a preceeding message', { messages: [{ role: 'tool', content: 'x' }] }],
  ])('chat: %s', async (expected, more) => {
    const reply = await chat('m', more);
    expect(reply.status).toBe(400);
    expect(await reply.text()).toContain(expected);
  });

  it.each<[string, Record<string, unknown>]>([
    ['seed: Extra inputs are not permitted', { seed: 3 }],
    ['max_tokens: Field required', { max_tokens: undefined }],
    ['text content blocks must be non-empty', { messages: [{ role: 'user', content: '' }] }],
    [
      'unexpected `tool_use_id`',
      { messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'x' }] }] },
    ],
  ])('messages: %s', async (expected, more) => {
    const reply = await message('m', more);
    expect(reply.status).toBe(400);
    expect(await reply.text()).toContain(expected);
  });
});

describe('pieces', () => {
  it.each(['', 'a', ' a  b\n', 'one two', '   '])('of %j are the whole', (text) => {
    expect(wordPieces(text).join('')).toBe(text);
    expect(jsonPieces(text).join('')).toBe(text);
  });

  it('counts words', () => {
    expect([countWords(''), countWords(' a  b\nc ')]).toEqual([0, 3]);
  });
});

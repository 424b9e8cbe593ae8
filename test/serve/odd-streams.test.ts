import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { startWireUpstream } from '../upstream/wire-upstream.ts';
import { configOf, startHarness, type Harness } from './gateway-harness.ts';

/** Event streams as engines that are not OpenAI write them; each is valid by the standard, or an error in words. */
const closers: Array<() => unknown> = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** An engine that answers every request with these bytes, one write each. */
async function engineSaying(pieces: readonly Buffer[], type: string): Promise<string> {
  const server: Server = createServer((req, res) => {
    req.resume();
    req.on('end', async () => {
      res.writeHead(200, { 'content-type': type });
      for (const piece of pieces) {
        res.write(piece);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      res.end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closers.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

async function gatewayTo(
  pieces: readonly Buffer[],
  type: string,
  spareUrl: string | null = null,
): Promise<Harness> {
  const engines = [{ name: 'odd', url: await engineSaying(pieces, type) }];
  if (spareUrl !== null) engines.push({ name: 'spare', url: spareUrl });
  const fallback = spareUrl === null ? [] : ['spare'];
  const harness = await startHarness(configOf({ engines, fallback, models: ['m'] }));
  closers.push(() => harness.close());
  return harness;
}

const messages = [{ role: 'user', content: 'Say something about rivers.' }];
const events = 'text/event-stream';

const chunk = (delta: object, more: object = {}): string =>
  JSON.stringify({
    id: 'c',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta, finish_reason: null, ...more }],
  });
const finish = chunk({}, { finish_reason: 'stop' });
const usage = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 };
const usageFrame = JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices: [], usage });
const withUsage = (frame: string): string => JSON.stringify({ ...JSON.parse(frame), usage });
const wire = (frames: readonly string[], end = '\n\n'): string =>
  frames.map((frame) => `data: ${frame}${end}`).join('');
const text = 'Flüsse 🌊';

const streams: Record<string, string> = {
  'CRLF line ends': wire([chunk({ content: text }), finish, usageFrame, '[DONE]'], '\r\n\r\n'),
  'a byte-order mark': `\uFEFF${wire([chunk({ content: text }), finish, usageFrame, '[DONE]'])}`,
  'comments before and between': `: ping\n\n${wire([chunk({ content: text })])}: ping\n\n${wire([finish, usageFrame, '[DONE]'])}`,
  'no space after the colon': wire([
    chunk({ content: text }),
    finish,
    usageFrame,
    '[DONE]',
  ]).replaceAll('data: ', 'data:'),
  'event, id and retry': `retry: 10\nid: 7\nevent: message\n${wire([chunk({ content: text }), finish, usageFrame, '[DONE]'])}`,
  'usage on every chunk': wire([
    withUsage(chunk({ content: text })),
    withUsage(finish),
    usageFrame,
    '[DONE]',
  ]),
  'usage beside the finish reason': wire([chunk({ content: text }), withUsage(finish), '[DONE]']),
  'no blank line after the end': `${wire([chunk({ content: text }), finish, usageFrame])}data: [DONE]`,
};

const cases = Object.keys(streams).flatMap((name) => [
  [name, 7] as const,
  [name, 100_000] as const,
]);

const piecesOf = (bytes: Buffer, size: number): Buffer[] => {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
};

test.each(cases)(
  'a stream with %s in pieces of %i bytes reaches clients of both dialects',
  async (name, size) => {
    const pieces = piecesOf(Buffer.from(streams[name] ?? ''), size);
    const harness = await gatewayTo(pieces, events);
    for (const path of ['/v1/chat/completions', '/v1/messages']) {
      const reply = await harness.post(path, { model: 'm', stream: true, max_tokens: 9, messages });
      const body = await reply.text();
      const deltas = [...body.matchAll(/"(?:content|text)":("Fl[^"]*")/g)];
      expect(deltas.map(([, one]) => JSON.parse(one ?? ''))).toEqual([text]);
      const record = await harness.recordOf(reply.headers.get('x-request-id'));
      expect(record).toMatchObject({
        outcome: 'success',
        usageSource: 'engine',
        tokens: { in: 5, out: 2 },
      });
    }
  },
);

test.each([
  ['an object', { error: { message: 'CUDA out of memory', code: 500 } }],
  ['a text', { error: 'CUDA out of memory' }],
])('an error of %s as first frame is tried elsewhere', async (_form, error) => {
  const upstream = await startWireUpstream();
  closers.push(() => upstream.close());
  const bytes = Buffer.from(wire([JSON.stringify(error), '[DONE]']));
  const harness = await gatewayTo([bytes], events, `${upstream.url}/v1`);
  const reply = await harness.post('/v1/chat/completions', { model: 'm', stream: true, messages });
  expect(await reply.text()).toContain('[DONE]');
  const record = await harness.recordOf(reply.headers.get('x-request-id'));
  expect(record).toMatchObject({
    outcome: 'success',
    engine: 'spare',
    attempts: [{ engine: 'odd', errorCode: 'TR_UPSTREAM_ERROR' }, { engine: 'spare' }],
  });
});

test.each(['/v1/chat/completions', '/v1/messages'])(
  'an error that is a text, mid-stream, is on record for %s',
  async (path) => {
    const frames = [chunk({ content: text }), JSON.stringify({ error: 'out of memory' }), '[DONE]'];
    const harness = await gatewayTo([Buffer.from(wire(frames))], events);
    const reply = await harness.post(path, { model: 'm', stream: true, max_tokens: 9, messages });
    expect(await reply.text()).toContain('TR_UPSTREAM_ERROR');
    const record = await harness.recordOf(reply.headers.get('x-request-id'));
    expect(record).toMatchObject({ outcome: 'upstream_error', errorCode: 'TR_UPSTREAM_ERROR' });
  },
);

test.each(['/v1/chat/completions', '/v1/messages'])(
  'an error under status 200 is no success for %s',
  async (path) => {
    const body = Buffer.from(JSON.stringify({ error: { message: 'no such provider', code: 404 } }));
    const harness = await gatewayTo([body], 'application/json');
    const reply = await harness.post(path, { model: 'm', max_tokens: 9, messages });
    expect(reply.status).toBe(502);
    const said = await reply.text();
    expect(said).toContain('TR_UPSTREAM_ERROR');
    expect(said).toContain('no such provider');
    const record = await harness.recordOf(reply.headers.get('x-request-id'));
    expect(record).toMatchObject({ outcome: 'upstream_error', errorCode: 'TR_UPSTREAM_ERROR' });
  },
);

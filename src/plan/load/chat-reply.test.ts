import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createChatReply, failureOfBody, type ChatReply } from './chat-reply.ts';

const frame = (payload: unknown): string => `data: ${JSON.stringify(payload)}\n\n`;
const text = (content: string): string =>
  frame({ id: 'x', choices: [{ index: 0, delta: { content }, finish_reason: null }] });
const usage = frame({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 3 } });
const END = 'data: [DONE]\n\n';

function feed(parts: string[], reply: ChatReply = createChatReply()): ChatReply {
  let nowMs = 0;
  for (const part of parts) reply.push(Buffer.from(part), (nowMs += 10));
  return reply;
}

describe('a chat stream', () => {
  it('gives the times of first and last content and the usage', () => {
    const role = frame({ choices: [{ delta: { role: 'assistant', content: '' } }] });
    const reply = feed([role, text('a'), text('b'), text('c'), usage, END]);
    expect(reply.failure()).toBeNull();
    expect([reply.firstContentMs, reply.lastContentMs]).toEqual([20, 40]);
    expect([reply.inputTokens, reply.outputTokens]).toEqual([7, 3]);
  });

  it('reads usage that comes with text, comments, CRLF and data without a space', () => {
    const both = `data:${JSON.stringify({
      choices: [{ delta: { content: 'a' } }],
      usage: { prompt_tokens: 1, completion_tokens: 1 },
    })}\r\n\r\n`;
    const reply = feed([': ping\n\n', both, END]);
    expect(reply.failure()).toBeNull();
    expect([reply.firstContentMs, reply.outputTokens]).toEqual([20, 1]);
  });

  it('is incomplete without its end mark', () => {
    expect(feed([text('a'), usage]).failure()).toBe('incomplete');
  });

  it('fails by an error frame, with its code', () => {
    const error = frame({ error: { code: 'TR_TIMEOUT_INTER_TOKEN', message: 'm' } });
    expect(feed([text('a'), error]).failure()).toBe('TR_TIMEOUT_INTER_TOKEN');
  });

  it('fails by a frame that is no JSON or has negative usage', () => {
    expect(feed(['data: {"a":\n\n']).failure()).toBe('invalid_reply');
    const negative = frame({ choices: [], usage: { prompt_tokens: -1, completion_tokens: 0 } });
    expect(feed([negative, END]).failure()).toBe('invalid_reply');
  });

  it('stops at an endless line', () => {
    const reply = createChatReply();
    let pushes = 0;
    while (reply.push(Buffer.alloc(65_536, 'x'), 0) && pushes < 100) pushes += 1;
    expect(pushes).toBeLessThan(20);
    expect(reply.failure()).toBe('invalid_reply');
  });

  it('reads the same however the bytes are cut', () => {
    const bytes = Buffer.from(text('a\u00e9\u{1f600}') + text('b') + usage + END);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (places) => {
        const cuts = [0, ...places.toSorted((a, b) => a - b), bytes.length];
        const reply = createChatReply();
        for (const [i, at] of cuts.slice(1).entries()) reply.push(bytes.subarray(cuts[i], at), i);
        expect(reply.failure()).toBeNull();
        expect(reply.outputTokens).toBe(3);
        expect(reply.firstContentMs).not.toBeNull();
      }),
    );
  });

  it('survives any bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 8 }), (parts) => {
        const reply = createChatReply();
        for (const part of parts) reply.push(Buffer.from(part), 1);
        expect(typeof reply.failure()).toBe('string');
      }),
    );
  });
});

it('takes the code of an error body, else the status', () => {
  expect(failureOfBody(429, '{"error":{"code":"TR_QUEUE_FULL"}}')).toBe('TR_QUEUE_FULL');
  expect(failureOfBody(503, '<html>')).toBe('http_503');
  expect(failureOfBody(500, '{"error":{"code":"a b\\u0000"}}')).toBe('http_500');
});

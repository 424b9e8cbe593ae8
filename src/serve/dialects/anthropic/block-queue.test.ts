import { describe, expect, it } from 'vitest';
import { createSseParser } from '../sse.ts';
import { createBlockQueue } from './block-queue.ts';

/** Frames in short: `start 0 text`, `delta 0 …`, `stop 0`. */
function short(wire: string): string[] {
  return createSseParser(100_000)
    .push(Buffer.from(wire))
    .map(({ data }) => {
      const frame = JSON.parse(data) as {
        type: string;
        index: number;
        content_block?: { type: string; name?: string };
        delta?: { text?: string; partial_json?: string };
      };
      const kind = frame.type.replace('content_block_', '');
      const block = frame.content_block;
      const rest = block
        ? (block.name ?? block.type)
        : (frame.delta?.text ?? frame.delta?.partial_json);
      return [kind, frame.index, rest].join(' ').trim();
    });
}

describe('block queue', () => {
  it('writes text as it comes and closes it when a call begins', () => {
    const queue = createBlockQueue();
    expect(short(queue.text('a') + queue.text('b'))).toEqual([
      'start 0 text',
      'delta 0 a',
      'delta 0 b',
    ]);
    expect(short(queue.toolStart(0, 'id', 'f'))).toEqual(['stop 0', 'start 1 f']);
    expect(short(queue.finish())).toEqual(['stop 1']);
    expect(queue.finish()).toBe('');
  });

  it('goes on at once to the second call when the first is a whole object', () => {
    const queue = createBlockQueue();
    queue.toolStart(0, 'a', 'f');
    queue.toolArguments(0, '{"x":');
    queue.toolArguments(0, '1}');
    expect(short(queue.toolStart(1, 'b', 'g'))).toEqual(['stop 0', 'start 1 g']);
    expect(short(queue.toolArguments(1, '{'))).toEqual(['delta 1 {']);
  });

  it('holds the second call while the first may go on, then writes it whole', () => {
    const queue = createBlockQueue();
    queue.toolStart(0, 'a', 'f');
    queue.toolArguments(0, '{"x":');
    expect(queue.toolStart(1, 'b', 'g')).toBe('');
    expect(queue.toolArguments(1, '{"y"')).toBe('');
    expect(short(queue.toolArguments(0, '1}'))).toEqual(['delta 0 1}']);
    expect(queue.toolArguments(1, ':2}')).toBe('');
    expect(short(queue.finish())).toEqual(['stop 0', 'start 1 g', 'delta 1 {"y":2}', 'stop 1']);
  });

  it('holds text that comes between calls in its place', () => {
    const queue = createBlockQueue();
    queue.toolStart(0, 'a', 'f');
    expect(queue.text('later')).toBe('');
    queue.toolArguments(0, '{}');
    expect(short(queue.finish())).toEqual(['stop 0', 'start 1 text', 'delta 1 later', 'stop 1']);
  });

  it('refuses to add to a call that is complete, but not white space', () => {
    const queue = createBlockQueue();
    queue.toolStart(0, 'a', 'f');
    queue.toolArguments(0, '{}');
    queue.toolStart(1, 'b', 'g');
    expect(queue.toolArguments(0, ' \n')).toBe('');
    expect(() => queue.toolArguments(0, '{}')).toThrow(/complete or was not started/);
    expect(() => queue.toolArguments(9, '{}')).toThrow(/complete or was not started/);
  });

  it('has a bound on what it keeps', () => {
    const queue = createBlockQueue();
    queue.toolStart(0, 'a', 'f');
    const piece = 'x'.repeat(1_048_576);
    const write = (): void => {
      for (let i = 0; i < 17; i += 1) queue.toolArguments(0, piece);
    };
    expect(write).toThrow(/more than 16777216 characters/);
  });
});

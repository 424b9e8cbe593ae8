import { describe, expect, it } from 'vitest';
import type { ReplyEvent } from '../conversation.ts';
import { createToolCallReader } from './tool-call-stream.ts';

/** Deltas of servers that are not OpenAI, one array per chunk. */
function read(...chunks: unknown[][]): { events: string[]; problem: string | null } {
  const reader = createToolCallReader(0, () => 'chatcmpl-1');
  const events: ReplyEvent[] = [];
  let problem: string | null = null;
  for (const deltas of chunks) problem ??= reader.read(deltas, events);
  return { events: events.map(line), problem: problem ?? reader.finish() };
}

const line = (event: ReplyEvent): string => {
  if (event.type === 'tool-start') return `${event.index} start ${event.id} ${event.name}`;
  return event.type === 'tool-arguments' ? `${event.index} ${event.json}` : event.type;
};

const delta = (
  index: number | undefined,
  id: string | undefined,
  name?: string,
  json?: string,
) => ({
  ...(index === undefined ? {} : { index }),
  ...(id === undefined ? {} : { id }),
  type: 'function',
  function: { name, arguments: json },
});

describe('tool-call deltas', () => {
  it('whole calls that all have index 0 and their own ids', () => {
    expect(read([delta(0, 'a', 'f', '{}')], [delta(0, 'b', 'g', '{"x":1}')]).events).toEqual([
      '0 start a f',
      '0 {}',
      '1 start b g',
      '1 {"x":1}',
    ]);
  });

  it('no index: an id and a name begin a call, the rest continues it', () => {
    expect(
      read(
        [delta(undefined, 'a', 'f', '{"x"')],
        [delta(undefined, undefined, undefined, ':1}')],
        [delta(undefined, 'b', 'g', '{}')],
      ).events,
    ).toEqual(['0 start a f', '0 {"x"', '0 :1}', '1 start b g', '1 {}']);
  });

  it('a new id on every delta of one call', () => {
    expect(read([delta(0, 'a', 'f', '')], [delta(0, 'zzz', undefined, '{}')]).events).toEqual([
      '0 start a f',
      '0 {}',
    ]);
  });

  it('a name that comes after the id and the first arguments', () => {
    expect(read([delta(0, 'a', undefined, '{"x"')], [delta(0, undefined, 'f', ':1}')])).toEqual({
      events: ['0 start a f', '0 {"x":1}'],
      problem: null,
    });
  });

  it('no id at all: made from the reply and the position', () => {
    expect(read([delta(0, undefined, 'f', '{}')]).events).toEqual([
      '0 start call_chatcmpl-1_0 f',
      '0 {}',
    ]);
  });

  it('arguments as an object', () => {
    const whole = { index: 0, id: 'a', function: { name: 'f', arguments: { x: 1 } } };
    expect(read([whole]).events).toEqual(['0 start a f', '0 {"x":1}']);
  });

  it('wire indexes with gaps count from 0', () => {
    expect(read([delta(3, 'a', 'f', '{}')], [delta(7, 'b', 'g', '{}')]).events).toEqual([
      '0 start a f',
      '0 {}',
      '1 start b g',
      '1 {}',
    ]);
  });

  it('a call that never gets a name is a fault', () => {
    expect(read([delta(0, 'a', undefined, '{}')]).problem).toMatch(/without a name/);
  });

  it('more calls than can be kept are a fault', () => {
    const many = Array.from({ length: 1025 }, (_, i) => delta(i, `c${i}`, 'f', ''));
    expect(read(many).problem).toMatch(/more than 1024 tool calls/);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TailraceError } from '../../records/errors.ts';
import type { SseEvent } from './dialect.ts';
import { createSseParser, sseFrame } from './sse.ts';

/** Bytes that look like event streams often enough to reach every branch. */
const streamLike = fc
  .array(
    fc.oneof(
      fc.constantFrom('data', 'event', ':', ': ', '\n', '\r', '\r\n', '\n\n', '\uFEFF', 'id', '😀'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => Buffer.from(parts.join('')));
const anyBytes = fc.oneof(
  streamLike,
  fc.uint8Array({ maxLength: 120 }).map((bytes) => Buffer.from(bytes)),
);
const cuts = fc.array(fc.nat(200), { maxLength: 12 });

function chunked(bytes: Buffer, at: number[]): Buffer[] {
  const edges = [0, ...at.map((cut) => cut % (bytes.length + 1)), bytes.length];
  edges.sort((a, b) => a - b);
  return edges.slice(1).map((end, i) => bytes.subarray(edges[i], end));
}

/** Events up to the end or to the failure, and whether it failed. */
function readAll(chunks: Buffer[], maxFrameBytes: number): { events: SseEvent[]; code: string } {
  const parser = createSseParser(maxFrameBytes);
  const events: SseEvent[] = [];
  try {
    for (const chunk of chunks) events.push(...parser.push(chunk));
  } catch (error) {
    return { events, code: error instanceof TailraceError ? error.code : 'not a coded error' };
  }
  return { events, code: '' };
}

/** The standard's algorithm, written the slow and obvious way. */
function reference(bytes: Buffer): SseEvent[] {
  const text = new TextDecoder('utf-8').decode(bytes);
  const events: SseEvent[] = [];
  const lines = text.split(/\r\n|\n|\r/).slice(0, -1);
  let event = '';
  let data: string[] = [];
  for (const line of lines) {
    if (line === '') {
      if (data.length > 0) events.push({ event, data: data.join('\n') });
      event = '';
      data = [];
      continue;
    }
    const match = /^([^:]*)(?:: ?)?([^]*)$/.exec(line);
    if (match?.[1] === 'data') data.push(match[2] ?? '');
    if (match?.[1] === 'event') event = match[2] ?? '';
  }
  return events;
}

describe('SSE parser, any bytes', () => {
  it('reads what the standard says', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(readAll([bytes], 10_000)).toEqual({ events: reference(bytes), code: '' });
      }),
      { numRuns: 1000 },
    );
  });

  it('reads the same events however the bytes are cut', () => {
    fc.assert(
      fc.property(anyBytes, cuts, (bytes, at) => {
        expect(readAll(chunked(bytes, at), 10_000)).toEqual(readAll([bytes], 10_000));
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses the same streams however the bytes are cut, with the one code', () => {
    fc.assert(
      fc.property(anyBytes, cuts, fc.integer({ min: 0, max: 40 }), (bytes, at, limit) => {
        const whole = readAll([bytes], limit);
        const cut = readAll(chunked(bytes, at), limit);
        expect(cut.code).toBe(whole.code);
        expect(['', 'TR_UPSTREAM_TOO_LARGE']).toContain(cut.code);
        if (whole.code === '') expect(cut.events).toEqual(whole.events);
      }),
      { numRuns: 1000 },
    );
  });

  it('reads back what the writer wrote', () => {
    const oneLine = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n]/g, ' '));
    const written = fc.array(
      fc.record({
        event: fc.constantFrom('', 'message_start', 'error'),
        data: fc.array(oneLine, { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n')),
      }),
    );
    fc.assert(
      fc.property(written, cuts, (events, at) => {
        const bytes = Buffer.from(events.map((one) => sseFrame(one.event, one.data)).join(''));
        expect(readAll(chunked(bytes, at), 100_000)).toEqual({ events, code: '' });
      }),
    );
  });
});

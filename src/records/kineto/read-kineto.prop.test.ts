import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TailraceError } from '../errors.ts';
import { cell } from './event-table.ts';
import { readKineto } from './read-kineto.ts';

/** Text in pieces of a size, as a stream that splits anywhere does. */
async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const awkward = fc.oneof(
  fc.string(),
  fc.constantFrom('},{"ph":"X"', ']}', '"traceEvents": [', '\\"}, {', 'Kernel<a, b>(){}', 'µs ✓'),
);

const event = fc.record({
  ph: fc.constantFrom('X', 'X', 'X', 'i', 's', 'M'),
  cat: fc.constantFrom('kernel', 'Kernel', 'cpu_op', 'cuda_runtime', 'python_function', 'odd'),
  name: awkward,
  pid: fc.oneof(fc.nat(9), fc.constant('Spans')),
  tid: fc.nat(9),
  ts: fc.nat(1000),
  dur: fc.nat(100),
  args: fc.record({ stream: fc.nat(3), correlation: fc.nat(99), note: awkward }),
});

const device = {
  ph: 'X',
  cat: 'kernel',
  name: 'k',
  pid: 0,
  tid: 7,
  ts: 1,
  dur: 2,
  args: { stream: 7 },
};

describe('reader of Kineto traces', () => {
  test('keeps every complete event, however the text is written and split', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 30 }),
        awkward,
        fc.constantFrom(undefined, 1, 2),
        fc.integer({ min: 1, max: 4000 }),
        async (events, note, indent, size) => {
          const all = [...events, device];
          const text = JSON.stringify(
            { note, nested: { traceEvents: 1 }, traceEvents: all, after: { note } },
            null,
            indent,
          );
          const trace = await readKineto(pieces(text, size), { file: 'x' });
          const kept = all.filter(({ ph, cat }) => ph === 'X' && cat !== 'python_function');
          expect(trace.eventCount).toBe(all.length);
          expect(trace.events.length).toBe(kept.length);
          expect(trace.fields['after']).toEqual({ note });
          kept.forEach(({ name, ts, dur, args }, row) => {
            expect(trace.names[cell(trace.events.name, row)]).toBe(name);
            expect(trace.events.startUs[row]).toBe(ts);
            expect(trace.events.durationUs[row]).toBe(dur);
            expect(trace.events.stream[row]).toBe(args.stream);
          });
        },
      ),
    );
  });

  test('a text cut anywhere is refused with a code, never half read', async () => {
    const text = JSON.stringify({ traceEvents: [device, { ...device, name: 'b}, {' }], z: 1 });
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), async (length) => {
        await expect(codeOf(text.slice(0, length))).resolves.toMatch(
          /^TR_TRACE_(?:TRUNCATED|INVALID)$/,
        );
      }),
    );
  });

  test('more events than asked for are refused', async () => {
    const text = JSON.stringify({ traceEvents: [device, device, device] });
    const read = (maxEvents: number) => readKineto(pieces(text, 64), { file: 'x', maxEvents });
    await expect(read(2)).rejects.toMatchObject({ code: 'TR_BODY_TOO_LARGE' });
    expect((await read(3)).events.length).toBe(3);
  });

  test('any text at all ends in a trace or in a coded refusal', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((json) => `{"traceEvents":[${json}]}`),
        ),
        async (text) => {
          await expect(codeOf(text)).resolves.toMatch(/^TR_TRACE_/);
        },
      ),
    );
  });
});

async function codeOf(text: string): Promise<string> {
  try {
    await readKineto(pieces(text, 7), { file: 'x' });
    return 'read';
  } catch (error) {
    if (error instanceof TailraceError) return error.code;
    throw error;
  }
}

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TailraceError } from '../errors.ts';
import { readTrace } from './read-trace.ts';
import { MAX_TRACE_TOKENS, type TraceRow } from './trace-row.ts';

/** Cuts bytes at arbitrary places, as a file stream may. */
function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

async function read(bytes: Buffer, sizes: readonly number[]): Promise<TraceRow[]> {
  const rows: TraceRow[] = [];
  for await (const row of readTrace(cut(bytes, sizes), { file: 'f' })) rows.push(row);
  return rows;
}

const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
const tokens = fc.integer({ min: 1, max: MAX_TRACE_TOKENS });
const plainRows = fc.array(fc.tuple(fc.integer({ min: 0, max: 1e9 }), tokens, tokens), {
  minLength: 1,
  maxLength: 60,
});

it('what is written is read back in order of time, however it is cut and ended', async () => {
  const ends = fc.constantFrom('\n', '\r\n');
  await fc.assert(
    fc.asyncProperty(plainRows, cuts, ends, fc.boolean(), async (list, sizes, end, last) => {
      const lines = list.map(([s, input, output]) => `${s},${input},${output}`);
      const text = ['timestamp,input_tokens,output_tokens', ...lines].join(end) + (last ? end : '');
      const sorted = list.toSorted((a, b) => a[0] - b[0]);
      const startS = sorted[0]?.[0] ?? 0;
      const back = await read(Buffer.from(text), sizes);
      expect(back.map((row) => [row.atMs, row.inputTokens, row.outputTokens])).toEqual(
        sorted.map(([s, input, output]) => [s * 1000 - startS * 1000, input, output]),
      );
    }),
    { numRuns: 200 },
  );
});

/** Either rows that hold what TraceRow promises, or TR_TRACE_INVALID with a place; nothing else. */
async function honest(bytes: Buffer, sizes: readonly number[]): Promise<void> {
  try {
    let lastMs = 0;
    for (const row of await read(bytes, sizes)) {
      expect(row.atMs).toBeGreaterThanOrEqual(lastMs);
      lastMs = row.atMs;
      for (const count of [row.inputTokens, row.outputTokens]) {
        expect(Number.isInteger(count) && count >= 1 && count <= MAX_TRACE_TOKENS).toBe(true);
      }
    }
  } catch (error) {
    if (!(error instanceof TailraceError)) throw error;
    expect(error.code).toBe('TR_TRACE_INVALID');
    expect(error.message).toMatch(/^f: line \d+: ("[^"]*"|\w+): .+; .+/);
    expect(error.field).not.toBeNull();
  }
}

it('random bytes never crash the reader', async () => {
  const bytes = fc.uint8Array({ maxLength: 400 });
  await fc.assert(
    fc.asyncProperty(bytes, cuts, (raw, sizes) => honest(Buffer.from(raw), sizes)),
    { numRuns: 300 },
  );
});

const SEEDS = [
  'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,374,44\n',
  'timestamp,input_tokens,output_tokens\n0.5,3,4\n1,5,6\n2026-01-31T08:00:00Z,2,3\n',
  '{"timestamp": 0, "input_length": 600, "output_length": 5, "hash_ids": [0, 1]}\n',
];

const EDITS = Array.from(',-.eENn0159"{}[]: \n\r\u00e9');

it('damaged traces never crash the reader and never give a value out of range', async () => {
  const edit = fc.tuple(fc.nat(400), fc.nat(3), fc.constantFrom(...EDITS));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...SEEDS),
      fc.array(edit, { minLength: 1, maxLength: 6 }),
      cuts,
      async (seed, edits, sizes) => {
        let text = seed;
        for (const [place, removed, added] of edits) {
          const at = place % (text.length + 1);
          text = text.slice(0, at) + added + text.slice(at + removed);
        }
        await honest(Buffer.from(text), sizes);
      },
    ),
    { numRuns: 600 },
  );
});

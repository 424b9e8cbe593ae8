import { createReadStream } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TailraceError } from '../errors.ts';
import { MAX_LINE_BYTES } from './lines.ts';
import { readTrace, traceFormats } from './read-trace.ts';
import { SORT_WINDOW_ROWS } from './sort-rows.ts';
import type { TraceRow } from './trace-row.ts';

const FIXTURES = new URL('../../../test/fixtures/traces/', import.meta.url);

async function all(rows: AsyncIterable<TraceRow>): Promise<TraceRow[]> {
  const list: TraceRow[] = [];
  for await (const row of rows) list.push(row);
  return list;
}

async function rowsOf(text: string, limit?: number): Promise<TraceRow[]> {
  const options = limit === undefined ? { file: 't' } : { file: 't', limit };
  return all(readTrace([Buffer.from(text)], options));
}

async function rowsOfFile(name: string): Promise<{ rows: TraceRow[]; format: string }> {
  let format = '';
  const stream = createReadStream(new URL(name, FIXTURES));
  const onFormat = ({ id }: { id: string }): void => {
    format = id;
  };
  const rows = await all(readTrace(stream, { file: name, onFormat }));
  return { rows, format };
}

async function problemOf(text: string): Promise<string> {
  try {
    await rowsOf(text);
  } catch (error) {
    expect(error).toBeInstanceOf(TailraceError);
    if (error instanceof TailraceError) {
      expect(error.code).toBe('TR_TRACE_INVALID');
      return error.message;
    }
  }
  return 'no error';
}

describe('published traces', () => {
  it('reads the Azure conversation trace with its sub-millisecond times', async () => {
    const { rows, format } = await rowsOfFile('azure-conv-2000.csv');
    expect(format).toBe('azure-llm');
    expect(rows).toHaveLength(2000);
    expect(rows[0]).toEqual({ atMs: 0, inputTokens: 374, outputTokens: 44, blockIds: null });
    // 18:15:50.9951690 - 18:15:46.6805900
    expect(rows[1]?.atMs).toBeCloseTo(4314.579, 2);
    // Sums taken by awk over the same rows.
    expect(rows.reduce((sum, row) => sum + row.inputTokens, 0)).toBe(2209565);
    expect(rows.reduce((sum, row) => sum + row.outputTokens, 0)).toBe(529807);
  });

  it('reads the Mooncake conversation trace with its prompt blocks', async () => {
    const { rows, format } = await rowsOfFile('mooncake-conversation-200.jsonl');
    expect(format).toBe('mooncake');
    expect(rows).toHaveLength(200);
    expect(rows[0]?.inputTokens).toBe(6758);
    expect(rows[0]?.blockIds).toEqual(Array.from({ length: 14 }, (_, i) => i));
  });

  it('reads the plain form in seconds', async () => {
    const { rows, format } = await rowsOfFile('plain.csv');
    expect(format).toBe('plain-csv');
    expect(rows.map((row) => row.atMs)).toEqual([0, 250, 1500]);
  });
});

const PLAIN = 'timestamp,input_tokens,output_tokens\n';
const AZURE = 'TIMESTAMP,ContextTokens,GeneratedTokens\n';

describe('what is accepted', () => {
  it('takes ISO times, with and without a zone', async () => {
    const rows = await rowsOf(
      `${PLAIN}2026-01-31T08:00:00Z,1,1\n2026-01-31 09:00:01.5+01:00,1,1\n2026-01-31T08:00:02,1,1`,
    );
    expect(rows.map((row) => row.atMs)).toEqual([0, 1500, 2000]);
  });

  it('takes a byte-order mark, CRLF, blank lines and a missing last newline', async () => {
    const rows = await rowsOf(`\uFEFF${PLAIN.trim()}\r\n\r\n1,2,3\r\n2,3,4`);
    expect(rows).toHaveLength(2);
  });

  it('sorts rows that are a little late and keeps the order of equal times', async () => {
    const rows = await rowsOf(`${PLAIN}2,1,1\n1,2,1\n2,3,1\n1,4,1\n`);
    expect(rows.map((row) => [row.atMs, row.inputTokens])).toEqual([
      [0, 2],
      [0, 4],
      [1000, 1],
      [1000, 3],
    ]);
  });

  it('stops at the limit', async () => {
    expect(await rowsOf(`${PLAIN}1,1,1\n2,1,1\n3,1,1\n`, 2)).toHaveLength(2);
  });
});

describe('what is refused', () => {
  const bad: Array<[string, string, string]> = [
    ['an empty file', '', 't: line 1: file: holds no request'],
    ['a header alone', PLAIN, 't: line 1: file: holds no request'],
    ['an unknown header', 'a,b,c\n1,2,3', 'line 1: header: "a,b,c" begins no known format'],
    ['NaN tokens', `${PLAIN}1,NaN,3`, 'line 2: input_tokens: "NaN" is not a whole number'],
    ['empty tokens', `${PLAIN}1,,3`, 'line 2: input_tokens: "" is not a whole number'],
    ['negative tokens', `${PLAIN}1,2,-3`, 'line 2: output_tokens: "-3" is out of range'],
    ['zero tokens', `${PLAIN}1,0,3`, 'line 2: input_tokens: "0" is out of range'],
    ['huge tokens', `${PLAIN}1,9999999,3`, 'line 2: input_tokens: "9999999" is out of range'],
    ['decimals', `${PLAIN}1,2.5,3`, 'line 2: input_tokens: "2.5" is not a whole number'],
    ['a missing field', `${PLAIN}1,2`, 'line 2: row: 2 fields instead of 3'],
    ['an extra field', `${PLAIN}1,2,3,4`, 'line 2: row: 4 fields instead of 3'],
    ['a negative time', `${PLAIN}-1,2,3`, 'line 2: timestamp: "-1" is not a time'],
    ['mixed times', `${PLAIN}1,2,3\n2026-01-31T08:00:00Z,2,3`, 'line 3: timestamp: "2026-01-31'],
    ['a day that is none', `${AZURE}2023-02-30 00:00:00,1,1`, 'line 2: TIMESTAMP: "2023-02-30'],
    ['an hour that is none', `${AZURE}2023-02-20 24:00:00,1,1`, 'TIMESTAMP: "2023-02-20 24'],
    ['a cut JSON row', '{"timestamp": 0, "hash_ids": [', 'line 1: row: not valid JSON'],
    [
      'too few block ids',
      '{"timestamp":0,"input_length":513,"output_length":1,"hash_ids":[1]}',
      'line 1: hash_ids: not a list of that length; give one id for each 512 tokens of input_length (2)',
    ],
    [
      'a block id that is none',
      '{"timestamp":0,"input_length":5,"output_length":1,"hash_ids":["a"]}',
      'line 1: hash_ids: "a" is not a block id',
    ],
    [
      'text for a length',
      '{"timestamp":0,"input_length":"5","output_length":1,"hash_ids":[1]}',
      'line 1: input_length: "5" is not a whole number',
    ],
    [
      'an unknown field',
      '{"timestamp":0,"input_length":5,"output_length":1,"hash_ids":[1],"x":1}',
      'line 1: "x": not a field of this format',
    ],
  ];

  it.each(bad)('%s', async (_, text, message) => {
    expect(await problemOf(text)).toContain(message);
  });

  it('bytes that are not UTF-8', async () => {
    const chunks = [Buffer.from(PLAIN), Buffer.from([0x31, 0xff, 0x0a])];
    const reading = all(readTrace(chunks, { file: 't' }));
    await expect(reading).rejects.toThrow('t: line 2: text: not valid UTF-8');
  });

  it('an endless line, before it is held in memory', async () => {
    let given = 0;
    function* endless(): Generator<Uint8Array> {
      for (;;) {
        given += 65_536;
        yield Buffer.alloc(65_536, 'x');
      }
    }
    await expect(all(readTrace(endless(), { file: 't' }))).rejects.toThrow(
      `t: line 1: text: longer than ${MAX_LINE_BYTES} bytes`,
    );
    expect(given).toBeLessThan(MAX_LINE_BYTES * 2);
  });

  it('a row that comes too late to be sorted', async () => {
    const later = Array.from({ length: SORT_WINDOW_ROWS + 1 }, (_, i) => `${i + 10},1,1\n`).join(
      '',
    );
    const problem = await problemOf(`${PLAIN}${later}5,1,1\n`);
    expect(problem).toContain(`line ${SORT_WINDOW_ROWS + 3}: timestamp: earlier than rows`);
  });
});

it('no first line is claimed by two formats', () => {
  for (const line of [PLAIN.trim(), AZURE.trim(), '{"timestamp": 1, "hash_ids": []}']) {
    expect(traceFormats.filter((format) => format.detect(line))).toHaveLength(1);
  }
});

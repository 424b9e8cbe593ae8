import { BLOCK_TOKENS, checkTokens, shown, traceError, type TimedRow } from './trace-row.ts';
import { checkTimeMs } from './trace-time.ts';
import type { TraceFormat } from './trace-format.ts';

/**
 * Mooncake trace (kvcache-ai/Mooncake, FAST '25), one JSON object a line:
 * `{"timestamp": 27, "input_length": 600, "output_length": 52, "hash_ids": [46, 47]}`.
 * Milliseconds; each hash id names a 512-token block of the prompt together with all before it.
 */
export const mooncake: TraceFormat = {
  id: 'mooncake',
  name: 'Mooncake trace (JSONL)',
  hasHeader: false,
  detect: (firstLine) => firstLine.startsWith('{') && firstLine.includes('"hash_ids"'),
  rowParser: () => parseRow,
};

const FIELDS = ['timestamp', 'input_length', 'output_length', 'hash_ids'];

function parseRow(line: number, text: string): TimedRow {
  const row = parseObject(line, text);
  const atMs = checkTimeMs(line, 'timestamp', numberIn(row, 'timestamp'), row['timestamp']);
  const inputTokens = tokensIn(line, row, 'input_length');
  const outputTokens = tokensIn(line, row, 'output_length');
  return { line, atMs, inputTokens, outputTokens, blockIds: blockIds(line, row, inputTokens) };
}

function parseObject(line: number, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw traceError(line, 'row', 'not valid JSON', 'write one JSON object a line');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw traceError(line, 'row', 'not a JSON object', 'write one JSON object a line');
  }
  const unknown = Object.keys(value).find((key) => !FIELDS.includes(key));
  if (unknown !== undefined) {
    const fix = `the fields are ${FIELDS.join(', ')}`;
    throw traceError(line, shown(unknown), 'not a field of this format', fix);
  }
  return Object.fromEntries(Object.entries(value));
}

function numberIn(row: Record<string, unknown>, field: string): number {
  const value = row[field];
  return typeof value === 'number' ? value : Number.NaN;
}

function tokensIn(line: number, row: Record<string, unknown>, field: string): number {
  return checkTokens(line, field, numberIn(row, field), row[field]);
}

function blockIds(line: number, row: Record<string, unknown>, inputTokens: number): number[] {
  const value: unknown = row['hash_ids'];
  const wanted = Math.ceil(inputTokens / BLOCK_TOKENS);
  if (!Array.isArray(value) || value.length !== wanted) {
    const fix = `give one id for each ${BLOCK_TOKENS} tokens of input_length (${wanted})`;
    throw traceError(line, 'hash_ids', 'not a list of that length', fix);
  }
  return value.map((id: unknown) => {
    if (typeof id === 'number' && Number.isSafeInteger(id) && id >= 0) return id;
    throw traceError(line, 'hash_ids', `${shown(id)} is not a block id`, 'ids are whole numbers');
  });
}

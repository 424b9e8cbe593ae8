import { parseTokens, shown, traceError, type TimedRow } from './trace-row.ts';
import { checkTimeMs, parseDateTime } from './trace-time.ts';
import type { TraceFormat } from './trace-format.ts';

const HEADER = 'timestamp,input_tokens,output_tokens';

/**
 * The simple form people write themselves: `timestamp,input_tokens,output_tokens`. The timestamp
 * is seconds (from any start, decimals allowed) or an ISO 8601 time (UTC without a zone); the
 * first row decides which, and all rows must keep to it.
 */
export const plainCsv: TraceFormat = {
  id: 'plain-csv',
  name: 'plain CSV',
  hasHeader: true,
  detect: (firstLine) => firstLine === HEADER,
  rowParser() {
    let kind: TimeKind | null = null;
    return (line, text) => {
      const fields = text.split(',', 5);
      const [time, input, output] = fields;
      if (fields.length !== 3 || time === undefined || input === undefined) {
        throw traceError(line, 'row', `${fields.length} fields instead of 3`, `write ${HEADER}`);
      }
      kind ??= SECONDS.test(time) ? 'seconds' : 'date';
      return row(line, parseTime(line, time, kind), input, output ?? '');
    };
  },
};

type TimeKind = 'seconds' | 'date';

const SECONDS = /^\d{1,12}(\.\d{1,9})?$/;

function parseTime(line: number, text: string, kind: TimeKind): number {
  if (kind === 'seconds') {
    const seconds = SECONDS.test(text) ? Number(text) : Number.NaN;
    return checkTimeMs(line, 'timestamp', seconds * 1000, text);
  }
  const atMs = parseDateTime(text);
  if (atMs === null) {
    const fix = 'write seconds (12.5) or an ISO time (2026-01-31T08:00:00Z), the same in all rows';
    throw traceError(line, 'timestamp', `${shown(text)} is not a time`, fix);
  }
  return atMs;
}

function row(line: number, atMs: number, input: string, output: string): TimedRow {
  const inputTokens = parseTokens(line, 'input_tokens', input);
  const outputTokens = parseTokens(line, 'output_tokens', output);
  return { line, atMs, inputTokens, outputTokens, blockIds: null };
}

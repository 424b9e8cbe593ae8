import { TailraceError } from '../errors.ts';
import { azureLlm } from './azure-llm.ts';
import { readLines, type Line } from './lines.ts';
import { mooncake } from './mooncake.ts';
import { plainCsv } from './plain-csv.ts';
import { sortRows } from './sort-rows.ts';
import type { TraceFormat } from './trace-format.ts';
import { shown, traceError, type TimedRow, type TraceRow } from './trace-row.ts';

/** Every format that is read, in the order in which a file's first line is tried. */
export const traceFormats: readonly TraceFormat[] = [azureLlm, plainCsv, mooncake];

export interface ReadTraceOptions {
  /** As messages name it. */
  file: string;
  /** Rows after which reading stops; default: none. */
  limit?: number;
  /** Told once, when the first line has shown what the file is. */
  onFormat?: (format: TraceFormat) => void;
}

/**
 * Reads a trace of any known format as a stream, in order of time, the first row at 0 ms. Memory
 * is bounded (one line, one sort window). Throws TR_TRACE_INVALID naming file, line, field and fix.
 * Cost: about 1 us per CSV row.
 */
export async function* readTrace(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: ReadTraceOptions,
): AsyncGenerator<TraceRow, void, undefined> {
  const limit = options.limit ?? Number.POSITIVE_INFINITY;
  let startMs: number | null = null;
  let count = 0;
  try {
    for await (const row of sortRows(parseRows(readLines(chunks), options))) {
      if (count >= limit) return;
      startMs ??= row.atMs;
      count += 1;
      const { inputTokens, outputTokens, blockIds } = row;
      yield { atMs: row.atMs - startMs, inputTokens, outputTokens, blockIds };
    }
  } catch (error) {
    throw withFile(error, options.file);
  }
  if (count === 0 && limit > 0) {
    throw withFile(traceError(1, 'file', 'holds no request', KNOWN_FORMATS), options.file);
  }
}

async function* parseRows(
  lines: AsyncIterable<Line>,
  options: ReadTraceOptions,
): AsyncGenerator<TimedRow, void, undefined> {
  let parse: ((line: number, text: string) => TimedRow) | null = null;
  for await (const { number, text } of lines) {
    if (text.trim() === '') continue;
    if (parse === null) {
      const format = traceFormats.find((one) => one.detect(text.trim()));
      if (format === undefined) throw unknownFormat(number, text);
      options.onFormat?.(format);
      parse = format.rowParser();
      if (format.hasHeader) continue;
    }
    yield parse(number, text);
  }
}

const KNOWN_FORMATS =
  'known are Azure LLM CSV (TIMESTAMP,ContextTokens,GeneratedTokens), Mooncake JSONL (timestamp, ' +
  'input_length, output_length, hash_ids) and CSV (timestamp,input_tokens,output_tokens)';

function unknownFormat(line: number, text: string): TailraceError {
  return traceError(line, 'header', `${shown(text)} begins no known format`, KNOWN_FORMATS);
}

function withFile(error: unknown, file: string): unknown {
  if (!(error instanceof TailraceError) || error.code !== 'TR_TRACE_INVALID') return error;
  const field = error.field === null ? {} : { field: error.field };
  return new TailraceError(error.code, `${file}: ${error.message}`, field);
}

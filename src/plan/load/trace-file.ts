import { createReadStream } from 'node:fs';
import { fail, ok, TailraceError, type Result } from '../../records/errors.ts';
import { readTrace } from '../../records/traces/read-trace.ts';
import type { TraceRow } from '../../records/traces/trace-row.ts';

/** What a trace holds, known after it was read once. */
export interface TraceFacts {
  format: string;
  rows: number;
  /** Time of the last row, milliseconds after the first. */
  spanMs: number;
  inputTokens: number;
  outputTokens: number;
}

/** The rows of a trace file, read as they are asked for. Throws TR_TRACE_INVALID. */
export async function* traceRows(
  path: string,
  file: string,
  limit: number,
): AsyncGenerator<TraceRow, void, undefined> {
  yield* readTrace(createReadStream(path), { file, limit });
}

/**
 * Reads a trace through without sending anything: a bad row is found now and not an hour into the
 * replay. `file` is the name that messages give.
 */
export async function scanTrace(
  path: string,
  file: string,
  limit: number,
): Promise<Result<TraceFacts>> {
  const facts = { format: '', rows: 0, spanMs: 0, inputTokens: 0, outputTokens: 0 };
  const options = {
    file,
    limit,
    onFormat: ({ name }: { name: string }) => {
      facts.format = name;
    },
  };
  try {
    for await (const row of readTrace(createReadStream(path), options)) {
      facts.rows += 1;
      facts.spanMs = row.atMs;
      facts.inputTokens += row.inputTokens;
      facts.outputTokens += row.outputTokens;
    }
  } catch (error) {
    if (error instanceof TailraceError) return { ok: false, error };
    const reason = error instanceof Error ? error.message : String(error);
    return fail('TR_TRACE_INVALID', `${file}: cannot be read: ${reason}`, { field: 'TRACE' });
  }
  return ok(facts);
}

import { readLines } from '../traces/lines.ts';
import { TailraceError } from '../errors.ts';
import { stepLogError } from './step-log-error.ts';
import { stepRecord, type StepRecord } from './step-record.ts';

/** A record is some 250 bytes; a line beyond this is something else. */
const MAX_LINE_BYTES = 65_536;

const FIX =
  'write {"ts": s, "rank": n, "step": n, "phaseMs": {"data": ms, ...}, "tokens": n}, one a line';

/** Whether the first line of a file is a step record, by its fields. */
export function looksLikeStepLog(firstLine: string): boolean {
  try {
    const value: unknown = JSON.parse(firstLine);
    return typeof value === 'object' && value !== null && 'phaseMs' in value && 'step' in value;
  } catch {
    return false;
  }
}

/**
 * Reads a step log (JSONL) as a stream, in the order of the file; memory is one line. Throws
 * TR_STEPS_INVALID naming file, line and field. A last line without its end is what a crash of the
 * job leaves: it is left out and told to `onCutEnd`. Cost: about 3 us per record.
 */
export async function* readStepLog(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: { file: string; onCutEnd?: (line: number) => void },
): AsyncGenerator<StepRecord, void, undefined> {
  const { file } = options;
  // One line behind, so that the last one is known to be the last.
  let broken: { line: number; error: TailraceError } | null = null;
  let seen = 0;
  for await (const { number, text } of decoded(chunks, file)) {
    if (broken !== null) throw broken.error;
    if (text.trim() === '') continue;
    const parsed = parseStep(text, { file, line: number });
    if (parsed instanceof TailraceError) {
      broken = { line: number, error: parsed };
      if (isWholeJson(text)) throw parsed;
      continue;
    }
    seen += 1;
    yield parsed;
  }
  if (broken !== null) {
    if (seen === 0) throw broken.error;
    options.onCutEnd?.(broken.line);
  }
  if (seen === 0 && broken === null) {
    throw stepLogError({ file, line: 1 }, 'file', 'holds no step', FIX);
  }
}

async function* decoded(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  file: string,
): AsyncGenerator<{ number: number; text: string }, void, undefined> {
  try {
    yield* readLines(chunks, MAX_LINE_BYTES);
  } catch (error) {
    if (!(error instanceof TailraceError) || error.code !== 'TR_TRACE_INVALID') throw error;
    throw new TailraceError('TR_STEPS_INVALID', `${file}: ${error.message}`, { field: 'text' });
  }
}

function parseStep(
  text: string,
  place: { file: string; line: number },
): StepRecord | TailraceError {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return stepLogError(place, 'JSON', 'not valid JSON', FIX);
  }
  const parsed = stepRecord.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue === undefined || issue.path.length === 0 ? 'record' : issue.path.join('.');
  return stepLogError(place, field, issue?.message ?? 'not valid', FIX);
}

function isWholeJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

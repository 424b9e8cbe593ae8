import { parse } from 'csv-parse/sync';
import { fail, ok, type Result } from '../../../records/errors.ts';

/** One line of a `perf_model.csv` as splitwise-sim publishes it; power is a share of TDP. */
export interface PerfRow {
  model: string;
  hardware: string;
  tensorParallel: number;
  promptTokens: number;
  batch: number;
  outputTokens: number;
  promptMs: number;
  /** Time between tokens of the decode phase. */
  tokenMs: number;
  /** Null where it was not measured, which files write as 0 or leave empty. */
  averagePowerShare: number | null;
}

/** Columns that are read; `peak_power` and the inconsistent `e2e_time` are not. */
const NAMES = ['model', 'hardware'] as const;
const COUNTS = ['tensor_parallel', 'prompt_size', 'batch_size', 'token_size'] as const;
const TIMES = ['prompt_time', 'token_time'] as const;
const POWER = 'average_power';

/** A larger table is no table of measurements. */
const MAX_ROWS = 200_000;

type Fields = Readonly<Record<string, string>>;

/**
 * Reads the measured prompt and token times of splitwise-sim's format: one header line, then one
 * measured run a line, repeats included. TR_PLAN_INVALID names line, field and fix.
 */
export function readPerfModel(text: string, file: string): Result<PerfRow[]> {
  try {
    const records = parse(text, {
      bom: true,
      columns: (header: string[]) => checkHeader(header, file),
      info: true,
      skip_empty_lines: true,
      to: MAX_ROWS,
    }) as unknown as Array<{ record: Fields; info: { lines: number } }>;
    return ok(records.map(({ record, info }) => toRow(record, `${file}: line ${info.lines}`)));
  } catch (error) {
    if (error instanceof FieldError) {
      return fail('TR_PLAN_INVALID', error.message, { field: error.field });
    }
    const reason = error instanceof Error ? error.message : String(error);
    return fail('TR_PLAN_INVALID', `${file}: is not a CSV table: ${reason}`, { field: 'file' });
  }
}

/** Carries the place out of the parser; becomes a TailraceError above. */
class FieldError extends Error {
  readonly field: string;
  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

function checkHeader(header: string[], file: string): string[] {
  const missing = [...NAMES, ...COUNTS, ...TIMES, POWER].find((name) => !header.includes(name));
  if (missing === undefined) return header;
  throw new FieldError(missing, `${file}: line 1: there is no column ${missing}: add it`);
}

function toRow(fields: Fields, place: string): PerfRow {
  const [model, hardware] = NAMES.map((name) => textOf(fields, name, place));
  const [tensorParallel, promptTokens, batch, outputTokens] = COUNTS.map((name) =>
    numberOf(fields, name, place, (value) => Number.isSafeInteger(value) && value > 0),
  );
  const [promptMs, tokenMs] = TIMES.map((name) => numberOf(fields, name, place, (v) => v > 0));
  const power =
    fields[POWER]?.trim() === '' ? 0 : numberOf(fields, POWER, place, (value) => value >= 0);
  return {
    model: model ?? '',
    hardware: hardware ?? '',
    tensorParallel: tensorParallel ?? 0,
    promptTokens: promptTokens ?? 0,
    batch: batch ?? 0,
    outputTokens: outputTokens ?? 0,
    promptMs: promptMs ?? 0,
    tokenMs: tokenMs ?? 0,
    averagePowerShare: power === 0 ? null : power,
  };
}

function textOf(fields: Fields, name: string, place: string): string {
  const text = fields[name]?.trim() ?? '';
  if (text !== '') return text;
  throw new FieldError(name, `${place}: ${name} is empty: write the name of the ${name}`);
}

function numberOf(
  fields: Fields,
  name: string,
  place: string,
  valid: (value: number) => boolean,
): number {
  const text = fields[name]?.trim() ?? '';
  const value = text === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value) && valid(value)) return value;
  const kind = (COUNTS as readonly string[]).includes(name) ? 'a count above 0' : 'a time above 0';
  const wanted = name === POWER ? 'a share of TDP, or 0 where it was not measured' : kind;
  throw new FieldError(name, `${place}: ${name}: "${text.slice(0, 40)}" is not ${wanted}`);
}

import { readCsvRows, type CsvRow } from '../../../records/cluster-trace/csv-rows.ts';
import { traceError } from '../../../records/traces/trace-row.ts';
import type { OperatorCurve, OperatorTable } from './operator-table.ts';

/** Texts of the files of one `profiler/<hardware>/<model>/<variant>/tp<N>` folder. */
export interface ProfileFiles {
  attention: string;
  dense: string;
  perSequence: string;
  /** Mixtures of experts only. */
  moe: string | null;
  skewFit: string | null;
}

/** How often an operator runs: the layers of Llama and Qwen3 decoders; everything else once per layer. */
const ONCE_PER_STEP: ReadonlySet<string> = new Set(['embedding', 'final_layernorm']);
const TWICE_PER_LAYER: ReadonlySet<string> = new Set(['layernorm']);

/**
 * Reads a profile of LLMServingSim (casys-kaist/LLMServingSim, docs "Output bundle"): microseconds of one layer. Throws
 * TR_TRACE_INVALID with the line and column of a value that is not a number, and when a file has no row.
 */
export function readLlmServingSimProfile(
  files: ProfileFiles,
  about: Pick<OperatorTable, 'model' | 'hardware' | 'tensorParallel' | 'engine' | 'source'>,
): OperatorTable {
  return {
    ...about,
    numberFormat: 'bf16',
    dense: curves(files.dense, 'tokens', (name) =>
      ONCE_PER_STEP.has(name) ? 0 : TWICE_PER_LAYER.has(name) ? 2 : 1,
    ),
    perSequence: curves(files.perSequence, 'sequences', () => 0),
    attention: readAttention(files.attention),
    moe: files.moe === null ? null : readMoe(files.moe),
    skew: files.skewFit === null ? null : readSkew(files.skewFit),
  };
}

function curves(text: string, rows: string, calls: (name: string) => number): OperatorCurve[] {
  const byName = new Map<string, Array<{ x: number; timeUs: number }>>();
  for (const row of readCsvRows(text).rows) {
    const name = row.text('layer') ?? '';
    const points = byName.get(name) ?? [];
    points.push({ x: numberOf(row, rows), timeUs: numberOf(row, 'time_us') });
    byName.set(name, points);
  }
  return [...byName].map(([name, points]) => {
    points.sort((a, b) => a.x - b.x);
    return {
      name,
      callsPerLayer: calls(name),
      rows: points.map(({ x }) => x),
      timesUs: points.map(({ timeUs }) => timeUs),
    };
  });
}

function readAttention(text: string): OperatorTable['attention'] {
  const { rows } = readCsvRows(text);
  const columns = ['prefill_chunk', 'kv_prefill', 'n_decode', 'kv_decode'] as const;
  const { axes, timesUs } = gridOf(rows, columns);
  const [prefillTokens = [], prefillContext = [], decodes = [], decodeContext = []] = axes;
  return { prefillTokens, prefillContext, decodes, decodeContext, timesUs };
}

function readMoe(text: string): OperatorTable['moe'] {
  const { axes, timesUs } = gridOf(readCsvRows(text).rows, ['tokens', 'activated_experts']);
  const [tokens = [], experts = []] = axes;
  return { tokens, experts, timesUs };
}

function gridOf(rows: readonly CsvRow[], columns: readonly string[]) {
  const axes = columns.map((column) =>
    [...new Set(rows.map((row) => numberOf(row, column)))].sort((a, b) => a - b),
  );
  const indexes = axes.map((axis) => new Map(axis.map((value, i) => [value, i])));
  const size = axes.reduce((product, axis) => product * axis.length, 1);
  if (size > MAX_CELLS) {
    throw traceError(1, columns.join(','), `${size} cells`, 'measure on a regular grid');
  }
  const timesUs: Array<number | null> = Array.from({ length: size }, () => null);
  for (const row of rows) {
    let cell = 0;
    for (const [i, column] of columns.entries()) {
      cell = cell * (axes[i]?.length ?? 1) + (indexes[i]?.get(numberOf(row, column)) ?? 0);
    }
    timesUs[cell] = numberOf(row, 'time_us');
  }
  return { axes, timesUs };
}

/** 60 times the largest published grid. */
const MAX_CELLS = 1_000_000;

/** Labels such as `n<=128`, `sr<=15%`, `kvB<=16k`, `kp=0`, `sr>70%`. */
const LABEL = /^[A-Za-z]+(<=|=|>)(\d+)(%|k)?$/;

function readSkew(text: string): number[][] {
  return readCsvRows(text).rows.map((row) => [
    numberOf(row, 'pc'),
    upperEnd(row, 'n_label'),
    upperEnd(row, 'skew_rate_label'),
    upperEnd(row, 'kv_big_label'),
    upperEnd(row, 'kp_label'),
    numberOf(row, 'alpha', Number.NEGATIVE_INFINITY),
  ]);
}

function upperEnd(row: CsvRow, column: string): number {
  const match = LABEL.exec(row.text(column) ?? '');
  const [, comparison, digits, unit] = match ?? [];
  if (digits === undefined) {
    throw traceError(row.line, column, 'not a label such as n<=128', 'write name<=number');
  }
  if (comparison === '>') return unit === '%' ? 1 : 1e9;
  return Number(digits) * (unit === '%' ? 0.01 : unit === 'k' ? 1024 : 1);
}

function numberOf(row: CsvRow, column: string, least = 0): number {
  const text = row.text(column);
  const value = text === null ? Number.NaN : Number(text);
  if (!Number.isFinite(value) || value < least) {
    throw traceError(row.line, column, `"${text ?? ''}" is not a number from ${least}`, 'give one');
  }
  return value;
}

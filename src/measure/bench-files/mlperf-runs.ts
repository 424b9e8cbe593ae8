import { csvHeader, csvRecords } from '../../records/step-log/csv-records.ts';
import { benchError } from './bench-error.ts';
import { wallAuOf } from './dlio-summary.ts';

/** One run of a table of MLPerf Storage results. AU and wall AU are shares. */
export interface MlperfRun {
  line: number;
  /** Submitter and system, as far as the table has them. */
  name: string;
  workload: string;
  accelerators: number;
  batchSize: number;
  computeS: number;
  samplesPerS: number;
  ioMbPerS: number | null;
  perAcceleratorMbPerS: number | null;
  au: number;
  auThreshold: number;
  meetsThreshold: boolean;
  /** Compute over all wall time, first step included. */
  wallAu: number;
  hiddenShare: number;
}

const NEEDED = [
  'workload',
  'emulated_accelerators',
  'batch_size',
  'computation_time_s',
  'au_threshold',
  'au_mean_pct',
  'samples_per_s',
] as const;

const FIX = `give a CSV with the columns ${NEEDED.join(', ')}`;

/** Whether the first line of a file heads a table of runs. */
export const looksLikeMlperfRuns = (header: string): boolean =>
  hasNeeded(csvHeader(header.trimEnd()));

const hasNeeded = (names: readonly string[]): boolean =>
  NEEDED.every((name) => names.includes(name));

/** Reads a table of runs. TR_BENCH_INVALID names line and column; runs without an AU are left out. */
export function parseMlperfRuns(text: string, file: string): MlperfRun[] {
  const split = csvRecords(text);
  if (!split.ok) throw benchError(file, `line ${split.fault.line}`, split.fault.problem, FIX);
  const [head, ...records] = split.records;
  const names = head?.fields.map((name) => name.trim()) ?? [];
  if (!hasNeeded(names)) throw benchError(file, 'line 1', 'lacks columns', FIX);
  return records.flatMap(({ line, fields }) => {
    if (fields.length !== names.length) {
      const problem = `${fields.length} fields under ${names.length} columns`;
      throw benchError(file, `line ${line}`, problem, FIX);
    }
    const row = new Map(names.map((name, at) => [name, fields[at] ?? '']));
    return row.get('au_mean_pct') === '' ? [] : [readRun(row, { file, line })];
  });
}

function readRun(
  row: ReadonlyMap<string, string>,
  place: { file: string; line: number },
): MlperfRun {
  const number = (name: string): number => {
    const value = Number(row.get(name));
    if (row.get(name) !== '' && Number.isFinite(value) && value > 0) return value;
    const problem = `"${(row.get(name) ?? '').slice(0, 30)}" is not a number above 0`;
    throw benchError(place.file, `line ${place.line}: ${name}`, problem, FIX);
  };
  const accelerators = number('emulated_accelerators');
  const batchSize = number('batch_size');
  const computeS = number('computation_time_s');
  const samplesPerS = number('samples_per_s');
  const au = number('au_mean_pct') / 100;
  const auThreshold = number('au_threshold');
  const wallAu = wallAuOf(samplesPerS / accelerators, computeS, batchSize);
  const ioMbPerS = (row.get('io_MBps') ?? '') === '' ? null : number('io_MBps');
  return {
    line: place.line,
    name: [row.get('submitter'), row.get('system')].filter((part) => part).join(' '),
    workload: row.get('workload') ?? '',
    accelerators,
    batchSize,
    computeS,
    samplesPerS,
    ioMbPerS,
    perAcceleratorMbPerS: ioMbPerS === null ? null : ioMbPerS / accelerators,
    au,
    auThreshold,
    meetsThreshold: au >= auThreshold,
    wallAu,
    hiddenShare: au - wallAu,
  };
}

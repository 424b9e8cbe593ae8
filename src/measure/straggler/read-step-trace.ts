import { DuckDBInstance } from '@duckdb/node-api';
import { TailraceError } from '../../records/errors.ts';
import type { Operation, StepTrace } from './step-trace.ts';

const COLUMNS = [
  'dp_rank',
  'stage',
  'rank',
  'step',
  'optype',
  'start_ts',
  'duration',
  'seq_id',
  'mc',
  'gmc',
] as const;

/** More operations than this do not fit in the memory that an analysis may take. */
const MAX_OPERATIONS = 20_000_000;

/** Reads a Parquet file of operations. Throws TR_TRACE_INVALID. */
export async function readStepTrace(path: string, file: string): Promise<StepTrace> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const source = `read_parquet('${path.replaceAll("'", "''")}')`;
  try {
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
    const present = new Set(described.getRowsJS().map(([name]) => name));
    const missing = COLUMNS.filter((name) => !present.has(name));
    if (missing.length > 0) throw invalid(file, `has no column ${missing.join(', ')}`);
    const read = await connection.runAndReadAll(
      `SELECT dp_rank::INT, stage::INT, rank::INT, step::DOUBLE, optype::VARCHAR, start_ts::DOUBLE,
         duration::DOUBLE, seq_id::INT, coalesce(mc, -1)::INT, coalesce(gmc, -1)::INT
       FROM ${source} ORDER BY step, rank, optype, seq_id, start_ts LIMIT ${MAX_OPERATIONS + 1}`,
    );
    const rows = read.getRowsJS();
    if (rows.length > MAX_OPERATIONS) throw invalid(file, `has more than ${MAX_OPERATIONS} rows`);
    if (rows.length === 0) throw invalid(file, 'has no rows');
    return { file, operations: rows.map((row, i) => operationOf(row, file, i)) };
  } catch (error) {
    if (error instanceof TailraceError) throw error;
    throw invalid(file, `cannot be read: ${error instanceof Error ? error.message : 'unknown'}`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function operationOf(row: readonly unknown[], file: string, index: number): Operation {
  const number = (column: number): number => {
    const value = row[column];
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    const names = ['dp_rank', 'stage', 'rank', 'step', 'optype', 'start_ts', 'duration', 'seq_id'];
    throw invalid(file, `has no number in ${names[column] ?? 'mc or gmc'} of row ${index + 1}`);
  };
  const opType = row[4];
  if (typeof opType !== 'string') throw invalid(file, `has no optype in row ${index + 1}`);
  return {
    dpRank: number(0),
    stage: number(1),
    rank: number(2),
    step: number(3),
    opType,
    startS: number(5),
    durationS: number(6),
    sequence: number(7),
    chunk: number(8),
    globalChunk: number(9),
  };
}

const invalid = (file: string, why: string): TailraceError =>
  new TailraceError('TR_TRACE_INVALID', `${file}: is no trace of step operations: it ${why}`, {
    field: 'FILE',
  });

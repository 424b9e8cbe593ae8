import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { findAccelerator } from '../../../catalog/accelerators.ts';
import { readCsvRows, type CsvRow } from '../../../records/cluster-trace/csv-rows.ts';
import { TailraceError } from '../../../records/errors.ts';
import { OPERATIONS, type MeasuredExchange, type Operation } from './exchange.ts';

/** Bytes of one element; AIConfigurator's tables count messages in elements. */
const ELEMENT_BYTES: Readonly<Record<string, number>> = { half: 2, bfloat16: 2, int8: 1, float: 4 };

/**
 * Measured exchanges of AIConfigurator's tables, `<dir>/<system>/comm/{nccl,vllm}/<version>/*.parquet`: all ranks in one
 * node. Systems that the catalog does not have, and rows that are no measurement, are left out.
 */
export async function readAiconfiguratorComm(dir: string): Promise<MeasuredExchange[]> {
  const files = filesUnder(dir, /^[^/]+\/comm\/(nccl|vllm)\/.*\.parquet$/);
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    const rows: MeasuredExchange[] = [];
    for (const file of files) {
      const reader = await connection.runAndReadAll('SELECT * FROM read_parquet($file)', {
        file: join(dir, file),
      });
      const system = file.slice(0, file.indexOf('/'));
      for (const row of reader.getRowObjectsJson()) {
        const read = exchangeOf(new Map(Object.entries(row)), system);
        if (read !== null) rows.push(read);
      }
    }
    return rows;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function exchangeOf(row: ReadonlyMap<string, unknown>, system: string): MeasuredExchange | null {
  const text = (name: string): string => {
    const value = row.get(name);
    return typeof value === 'string' ? value : '';
  };
  const accelerator = findAccelerator(system.replaceAll('_', '-'));
  const dtype = text('nccl_dtype') || text('allreduce_dtype');
  const operation = operationOf(text('op_name'));
  const ranks = Number(row.get('num_gpus'));
  const bytes = Number(row.get('message_size')) * (ELEMENT_BYTES[dtype] ?? Number.NaN);
  const ms = Number(row.get('latency'));
  const link = accelerator?.scaleUpGbPerS ?? null;
  if (accelerator === null || link === null || operation === null) return null;
  if (!(bytes > 0) || !(ms > 0) || !(ranks > 1)) return null;
  return {
    software: text('backend') || text('kernel_source').toLowerCase(),
    operation,
    dtype,
    ranks,
    ranksPerNode: ranks,
    accelerator: accelerator.id,
    linkGbPerS: link / 2,
    bytes,
    ms,
  };
}

const operationOf = (name: string): Operation | null =>
  OPERATIONS.find((one) => one === name) ?? null;

/**
 * Measured exchanges of Vidur's `network/<machine>/{all_reduce,send_recv}.csv` (median over repeats). `machine` names
 * the accelerator before its first underscore. Throws TR_TRACE_INVALID with the line for a row without figures.
 */
export function readVidurNetwork(dir: string): MeasuredExchange[] {
  return filesUnder(dir, /^[^/]+\/(all_reduce|send_recv)\.csv$/).flatMap((file) => {
    const machine = file.slice(0, file.indexOf('_'));
    const accelerator = findAccelerator(machine);
    const link = accelerator?.scaleUpGbPerS ?? null;
    if (accelerator === null || link === null) return [];
    return readCsvRows(readFileSync(join(dir, file), 'utf8')).rows.map((row): MeasuredExchange => {
      const operation = operationOf(row.text('collective') ?? '') ?? 'all_reduce';
      return {
        software: 'torch',
        operation,
        dtype: 'half',
        ranks: figure(row, 'num_workers'),
        ranksPerNode: figure(row, 'devices_per_node'),
        accelerator: accelerator.id,
        linkGbPerS: link / 2,
        bytes: figure(row, 'size'),
        ms: figure(row, `time_stats.${operation}.median`),
      };
    });
  });
}

function figure(row: CsvRow, column: string): number {
  const value = Number(row.text(column) ?? 'nothing');
  if (value > 0) return value;
  throw new TailraceError(
    'TR_TRACE_INVALID',
    `line ${row.line}: ${column} is not a number above 0: correct or remove the row`,
    { field: column },
  );
}

/** Paths below a folder that match, with `/`, in order; none when the folder does not exist. */
function filesUnder(dir: string, pattern: RegExp): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => pattern.test(path))
    .sort();
}

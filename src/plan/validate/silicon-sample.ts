import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findAccelerator } from '../../catalog/accelerators.ts';
import { findModel, type ModelShape } from '../../catalog/models.ts';
import { readCsvRows, type CsvRow } from '../../records/cluster-trace/csv-rows.ts';
import { TailraceError } from '../../records/errors.ts';
import type { Quantization } from '../../catalog/footprint.ts';
import type { ClosedLoopQuery, ParallelLayout } from '../time/fitted/closed-loop-query.ts';
import type { KeyedRun } from '../time/fitted/fit-file.ts';

export interface SiliconSample {
  /** The key of a row is its `id`. */
  rows: KeyedRun[];
  /** Rows that no catalog entry describes: line and why. */
  undescribed: string[];
  /** Rows without a measured time, which cannot be scored: line and column. */
  unmeasured: string[];
}

const QUANTIZATIONS: readonly Quantization[] = ['bf16', 'fp8', 'int8', 'int4', 'fp4'];

const TIMES = ['silicon_ttft_ms', 'silicon_tpot_ms'] as const;

/**
 * Reads AIConfigurator's `silicon_sample.csv` (columns in the data's README). Rows of models or accelerators that the catalog
 * does not have, and rows without a time, are reported, not dropped silently. Throws TR_TRACE_INVALID with the line for a row that is not
 * a measurement.
 */
export function readSiliconSample(text: string): SiliconSample {
  const sample: SiliconSample = { rows: [], undescribed: [], unmeasured: [] };
  for (const row of readCsvRows(text).rows) {
    const empty = TIMES.find((column) => optional(row, column) === null);
    if (empty !== undefined) {
      sample.unmeasured.push(`line ${row.line}: ${empty} is empty or 0, not scored`);
      continue;
    }
    const model = modelOf(row.text('model_path') ?? '');
    const accelerator = findAccelerator((row.text('system') ?? '').replaceAll('_', '-'));
    const precision = row.text('precision') ?? 'bf16';
    const quantization = QUANTIZATIONS.find((one) => one === precision);
    const missing =
      model === null
        ? `model_path ${row.text('model_path')}`
        : accelerator === null
          ? `system ${row.text('system')}`
          : quantization === undefined
            ? `precision ${precision}`
            : null;
    if (missing !== null || model === null || accelerator === null || quantization === undefined) {
      sample.undescribed.push(`line ${row.line}: the catalog has no ${missing}`);
      continue;
    }
    sample.rows.push(siliconRow(row, { model, accelerator, quantization }));
  }
  return sample;
}

/** The sample of a folder laid out like the source's. Throws TR_FILE_UNREADABLE when it has none. */
export function readSiliconFolder(dir: string): SiliconSample {
  const path = join(dir, 'silicon_sample.csv');
  if (!existsSync(path)) {
    throw new TailraceError(
      'TR_FILE_UNREADABLE',
      `${path}: there is no such file: give a folder with aiconfigurator/silicon_sample.csv`,
      { field: 'data' },
    );
  }
  return readSiliconSample(readFileSync(path, 'utf8'));
}

/** Suffixes of repository names that say how weights are stored or tuned, not what shape they have. */
const SUFFIX =
  /-(instruct|chat|base|it|hf|thinking|dynamic|v\d+|fp8|fp4|nvfp4|mxfp4|int4|int8|w8a8|w4a16|awq|gptq|bf16|\d{4})$/i;

/** The catalog's shape for a hub name; names that differ by storage or tuning alone share one. */
export function modelOf(path: string): ModelShape | null {
  const found = findModel(path);
  if (found !== null) return found;
  const bare = path.includes('/') ? path.slice(path.indexOf('/') + 1) : path;
  const shorter = bare.replace(SUFFIX, '');
  if (shorter !== bare) return modelOf(shorter);
  return bare === path ? null : findModel(bare);
}

function siliconRow(
  row: CsvRow,
  what: Pick<ClosedLoopQuery, 'model' | 'accelerator' | 'quantization'>,
): KeyedRun {
  const split = row.text('mode') === 'disagg';
  const ttftMs = positive(row, 'silicon_ttft_ms');
  const tpotMs = positive(row, 'silicon_tpot_ms');
  const query: ClosedLoopQuery = {
    ...what,
    engine: row.text('backend') ?? 'unknown',
    inputTokens: positive(row, 'isl'),
    outputTokens: positive(row, 'osl'),
    concurrency: concurrencyOf(row, split),
    layout: layoutOf(row, split ? 'decode_' : ''),
    prefillLayout: split ? layoutOf(row, 'prefill_') : null,
  };
  return { key: row.text('id') ?? `line ${row.line}`, query, ttftMs, tpotMs };
}

/**
 * Per attention rank. Aggregated rows say it as batch_size; many disaggregated ones only as the total in the source's
 * `silicon_concurrency=N`, which their decode instances share.
 */
function concurrencyOf(row: CsvRow, split: boolean): number {
  const batch = optional(row, split ? 'decode_batch_size' : 'batch_size');
  if (batch !== null) return batch;
  const found = /silicon_concurrency=(\d+)/.exec(row.text('silicon_data_source') ?? '');
  const total = found === null ? Number.NaN : Number(found[1]);
  if (!(total > 0)) {
    throw invalid(row, split ? 'decode_batch_size' : 'batch_size', 'is empty');
  }
  const ranks = split
    ? (optional(row, 'decode_num_workers') ?? 1) * (optional(row, 'decode_attention_dp_size') ?? 1)
    : (optional(row, 'attention_dp_size') ?? 1);
  return Math.max(1, total / ranks);
}

/**
 * tp is the attention's, tp x dp = moe_tp x moe_ep accelerators. Rows where tp, dp and the square root of the expert width
 * are one number come from runs with "data-parallel attention on tp accelerators": one accelerator a rank.
 */
function layoutOf(row: CsvRow, prefix: '' | 'decode_' | 'prefill_'): ParallelLayout {
  const tensor = optional(row, `${prefix}tp_size`) ?? 1;
  const expert = optional(row, `${prefix}moe_ep_size`) ?? 1;
  const width = expert * (optional(row, `${prefix}moe_tp_size`) ?? 1);
  const data = optional(row, `${prefix}attention_dp_size`) ?? Math.max(1, width / tensor);
  const pipeline = optional(row, `${prefix}pp_size`) ?? 1;
  const expertParallel = expert > 1;
  if (data > 1 && tensor === data && width === tensor * data) {
    return { tensor: 1, pipeline, data, expertParallel };
  }
  return { tensor, pipeline, data, expertParallel };
}

/** A number above zero; 0 and empty both mean "not given" in this file. */
function optional(row: CsvRow, column: string): number | null {
  const text = row.text(column);
  if (text === null) return null;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw invalid(row, column, `is "${text}"`);
  return value === 0 ? null : value;
}

function positive(row: CsvRow, column: string): number {
  const value = optional(row, column);
  if (value === null) throw invalid(row, column, 'is empty or 0');
  return value;
}

const invalid = (row: CsvRow, column: string, problem: string): TailraceError =>
  new TailraceError(
    'TR_TRACE_INVALID',
    `line ${row.line}: ${column} ${problem}: give a number above 0 or leave the row out`,
    { field: column },
  );

import { csvHeader, csvRecords, type CsvRecord } from './csv-records.ts';
import type { MetricPoint, MetricSeries } from './metric-series.ts';
import { stepLogError } from './step-log-error.ts';

type Layout = 'tensorboard' | 'wandb';

const FIX =
  'export again: TensorBoard gives "Wall time,Step,Value", W&B gives "Step" or "_step" and metrics';

/** Which export the header line belongs to; null when it is none. */
export const metricCsvLayout = (header: string): Layout | null =>
  layoutOf(csvHeader(header.trimEnd()));

function layoutOf(names: readonly string[]): Layout | null {
  if (names.join(',') === 'Wall time,Step,Value') return 'tensorboard';
  const others = names.filter((name) => !isReserved(name));
  return names.some((name) => isStep(name)) && others.length > 0 ? 'wandb' : null;
}

const isStep = (name: string): boolean => name === '_step' || name === 'Step';
const isTime = (name: string): boolean => name === '_timestamp' || name === 'Wall time';
const isReserved = (name: string): boolean => isStep(name) || isTime(name) || name.startsWith('_');

/** W&B's chart export adds the range that a smoothed line was drawn from. */
const isRange = (name: string): boolean => name.endsWith('__MIN') || name.endsWith('__MAX');

/**
 * Reads a scalar CSV of TensorBoard (`Wall time,Step,Value`) or a W&B-like table (`_step` or `Step`,
 * `_timestamp`, one column per metric, empty where a step did not log it). Throws TR_STEPS_INVALID
 * naming line and column. `name` titles TensorBoard's one series, which has none inside.
 */
export function readMetricCsv(text: string, file: string, name: string): MetricSeries[] {
  const split = csvRecords(text);
  if (!split.ok)
    throw stepLogError({ file, line: split.fault.line }, 'row', split.fault.problem, FIX);
  const [head, ...rows] = split.records;
  const columns = head?.fields.map((column) => column.trim()) ?? [];
  const layout = layoutOf(columns);
  if (layout === null) {
    throw stepLogError({ file, line: 1 }, 'header', 'begins no known export', FIX);
  }
  const metrics = metricColumns(columns).map((at) => ({
    at,
    series: { name: layout === 'wandb' ? (columns[at] ?? '') : name, points: [] as MetricPoint[] },
  }));
  for (const row of rows) addRow(row, columns, metrics, file);
  const kept = metrics.map((one) => one.series).filter(({ points }) => points.length > 0);
  if (kept.length === 0) throw stepLogError({ file, line: 1 }, 'file', 'holds no value', FIX);
  return kept;
}

const metricColumns = (columns: readonly string[]): number[] =>
  columns.flatMap((column, at) => (isReserved(column) || isRange(column) ? [] : [at]));

function addRow(
  { line, fields }: CsvRecord,
  columns: readonly string[],
  metrics: ReadonlyArray<{ at: number; series: MetricSeries }>,
  file: string,
): void {
  const place = { file, line };
  if (fields.length !== columns.length) {
    const problem = `${fields.length} fields under ${columns.length} columns`;
    throw stepLogError(place, 'row', problem, FIX);
  }
  const timeAt = columns.findIndex(isTime);
  const step = parseStep(fields[columns.findIndex(isStep)] ?? '', place);
  const atMs = timeAt === -1 ? null : parseTimeMs(fields[timeAt] ?? '', place);
  for (const { at, series } of metrics) {
    const field = (fields[at] ?? '').trim();
    if (field === '' || field === 'null') continue;
    const value = parseValue(field);
    // Text columns of a table (a run's name, a histogram) are no series.
    if (value !== undefined) series.points.push({ step, atMs, value });
  }
}

const NUMBER = /^-?(?:\d{1,18}(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

function parseStep(field: string, place: { file: string; line: number }): number {
  const step = NUMBER.test(field.trim()) ? Number(field) : Number.NaN;
  if (Number.isInteger(step) && step >= 0) return step;
  throw stepLogError(place, 'Step', `"${field.slice(0, 30)}" is not a step`, FIX);
}

function parseTimeMs(field: string, place: { file: string; line: number }): number | null {
  if (field.trim() === '') return null;
  const seconds = NUMBER.test(field.trim()) ? Number(field) : Number.NaN;
  if (seconds >= 0 && seconds < 4e9) return seconds * 1000;
  const problem = `"${field.slice(0, 30)}" is not a time in Unix seconds`;
  throw stepLogError(place, 'Wall time', problem, FIX);
}

/** Undefined for text; null for what was recorded but is no finite number. */
function parseValue(field: string): number | null | undefined {
  if (NUMBER.test(field)) {
    const value = Number(field);
    return Number.isFinite(value) ? value : null;
  }
  return /^-?(?:nan|inf|infinity)$/i.test(field) ? null : undefined;
}

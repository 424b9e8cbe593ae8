import { fail, ok, type Result } from '../../records/errors.ts';
import type { DeviceProgram } from './program-source.ts';
import type { Reading } from './series-tracker.ts';

/**
 * Fields that are asked for, and the name that dcgm-exporter has for the same figure: what follows need not know that
 * there was no exporter. `nvidia-smi --help-query-gpu` defines them. No SM or tensor activity: nvidia-smi has none.
 */
const FIELDS: ReadonlyArray<[field: string, name: string]> = [
  ['utilization.gpu', 'DCGM_FI_DEV_GPU_UTIL'],
  ['utilization.memory', 'DCGM_FI_DEV_MEM_COPY_UTIL'],
  ['memory.used', 'DCGM_FI_DEV_FB_USED'],
  ['memory.free', 'DCGM_FI_DEV_FB_FREE'],
  ['memory.total', 'DCGM_FI_DEV_FB_TOTAL'],
  ['power.draw', 'DCGM_FI_DEV_POWER_USAGE'],
  ['enforced.power.limit', 'DCGM_FI_DEV_ENFORCED_POWER_LIMIT'],
  ['clocks.sm', 'DCGM_FI_DEV_SM_CLOCK'],
  ['clocks.mem', 'DCGM_FI_DEV_MEM_CLOCK'],
  ['temperature.gpu', 'DCGM_FI_DEV_GPU_TEMP'],
  ['temperature.memory', 'DCGM_FI_DEV_MEMORY_TEMP'],
  ['ecc.errors.uncorrected.volatile.total', 'DCGM_FI_DEV_ECC_DBE_VOL_TOTAL'],
  ['clocks_throttle_reasons.active', 'DCGM_FI_DEV_CLOCK_THROTTLE_REASONS'],
];
const IDENTITY = ['index', 'uuid', 'name'] as const;

const nvidiaSmiArguments: readonly string[] = [
  `--query-gpu=${[...IDENTITY, ...FIELDS.map(([field]) => field)].join(',')}`,
  '--format=csv,nounits',
];

/**
 * Reads `nvidia-smi --query-gpu=... --format=csv` with its heading, with or without units. `[N/A]`, `[Not Supported]`
 * and the like are unknown and make no reading. Errors (TR_UPSTREAM_INVALID) name line and column.
 */
function parseNvidiaSmi(text: string): Result<Reading[]> {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const heading = (lines[0] ?? '').split(',').map((cell) => cell.trim().replace(/ \[.*\]$/, ''));
  if (!heading.includes('uuid')) {
    return fail('TR_UPSTREAM_INVALID', `nvidia-smi, line 1: no column uuid: ${lines[0] ?? ''}`);
  }
  const readings: Reading[] = [];
  for (const [at, line] of lines.slice(1).entries()) {
    const cells = line.split(',').map((cell) => cell.trim());
    if (cells.length !== heading.length) {
      const message = `nvidia-smi, line ${at + 2}: ${cells.length} columns, the heading has ${heading.length}`;
      return fail('TR_UPSTREAM_INVALID', message);
    }
    const device = new Map(heading.map((column, i) => [column, cells[i] ?? '']));
    const row = readDevice(device);
    if (!row.ok) {
      return fail('TR_UPSTREAM_INVALID', `nvidia-smi, line ${at + 2}: ${row.error.message}`);
    }
    readings.push(...row.value);
  }
  return ok(readings);
}

function readDevice(device: ReadonlyMap<string, string>): Result<Reading[]> {
  const labels = new Map([
    ['gpu', device.get('index') ?? ''],
    ['UUID', device.get('uuid') ?? ''],
    ['modelName', device.get('name') ?? ''],
  ]);
  const readings: Reading[] = [];
  for (const [field, name] of FIELDS) {
    const cell = device.get(field) ?? device.get(RENAMED.get(field) ?? '');
    if (cell === undefined || cell === '' || /^\[.*\]$|^N\/A$/i.test(cell)) continue;
    const value = Number(/^(0x[0-9a-f]+|[+-]?[\d.]+)(?: \S+)?$/i.exec(cell)?.[1] ?? 'x');
    if (Number.isNaN(value)) {
      return fail('TR_UPSTREAM_INVALID', `column ${field} is no number: ${cell.slice(0, 64)}`);
    }
    readings.push({ name, labels, value, timestampMs: null });
  }
  return ok(readings);
}

/** Columns that newer drivers head with another name. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['clocks_throttle_reasons.active', 'clocks_event_reasons.active'],
  ['clocks.sm', 'clocks.current.sm'],
  ['clocks.mem', 'clocks.current.memory'],
]);

export const nvidiaSmi: DeviceProgram = { arguments: nvidiaSmiArguments, parse: parseNvidiaSmi };

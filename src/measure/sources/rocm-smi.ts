import { z } from 'zod';
import { fail, ok, type Result } from '../../records/errors.ts';
import type { DeviceProgram } from './program-source.ts';
import type { Reading } from './series-tracker.ts';

/** The names under which AMD's exporter has the same figures; a key of rocm-smi is matched by its beginning. */
const FIELDS: ReadonlyArray<[key: string, name: string, scale: number]> = [
  ['GPU use (%)', 'gpu_gfx_activity', 1],
  ['GPU Memory Read/Write Activity (%)', 'gpu_umc_activity', 1],
  ['Average Graphics Package Power (W)', 'gpu_average_package_power', 1],
  ['Current Socket Graphics Package Power (W)', 'gpu_package_power', 1],
  ['Temperature (Sensor junction) (C)', 'gpu_junction_temperature', 1],
  ['Temperature (Sensor memory) (C)', 'gpu_memory_temperature', 1],
  ['VRAM Total Memory (B)', 'gpu_total_vram', 1 / 1_048_576],
  ['VRAM Total Used Memory (B)', 'gpu_used_vram', 1 / 1_048_576],
];

const rocmSmiArguments: readonly string[] = [
  '--showuniqueid',
  '--showproductname',
  '--showuse',
  '--showmemuse',
  '--showpower',
  '--showtemp',
  '--showmeminfo',
  'vram',
  '--json',
];

const page = z.record(z.string(), z.record(z.string(), z.unknown()));

/**
 * Reads what `rocm-smi ... --json` prints: an object per `cardN`, values as text. Keys that a version lacks, and `N/A`,
 * are unknown. Warnings may stand before the object. TR_UPSTREAM_INVALID names card and key.
 */
function parseRocmSmi(text: string): Result<Reading[]> {
  const start = text.indexOf('{');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.slice(Math.max(0, start)));
  } catch (cause) {
    return fail('TR_UPSTREAM_INVALID', 'rocm-smi did not print JSON', { cause });
  }
  const cards = page.safeParse(parsed);
  if (!cards.success) {
    return fail('TR_UPSTREAM_INVALID', 'rocm-smi printed something else than an object per card');
  }
  const readings: Reading[] = [];
  for (const [card, fields] of Object.entries(cards.data)) {
    const index = /^card(\d+)$/.exec(card)?.[1];
    if (index === undefined) continue;
    const row = readCard(card, index, fields);
    if (!row.ok) return row;
    readings.push(...row.value);
  }
  return ok(readings);
}

function readCard(
  card: string,
  index: string,
  fields: Readonly<Record<string, unknown>>,
): Result<Reading[]> {
  const known = (key: string): string | null => {
    const value = fields[key];
    if (typeof value !== 'string' && typeof value !== 'number') return null;
    return /^\s*(?:n\/a|none|unknown|)\s*$/i.test(`${value}`) ? null : `${value}`;
  };
  const labels = new Map([['gpu_id', index]]);
  const unique = known('Unique ID');
  if (unique !== null) labels.set('gpu_uuid', unique);
  const model = known('Card Series') ?? known('Card Model') ?? known('Card model');
  if (model !== null) labels.set('card_model', model);
  const readings: Reading[] = [];
  for (const [key, name, scale] of FIELDS) {
    const cell = known(key);
    if (cell === null) continue;
    const value = Number(cell);
    if (Number.isNaN(value)) {
      return fail(
        'TR_UPSTREAM_INVALID',
        `rocm-smi, ${card}: ${key} is no number: ${cell.slice(0, 64)}`,
      );
    }
    readings.push({ name, labels, value: value * scale, timestampMs: null });
  }
  return ok(readings);
}

export const rocmSmi: DeviceProgram = { arguments: rocmSmiArguments, parse: parseRocmSmi };

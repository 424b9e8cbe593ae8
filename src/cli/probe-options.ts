import { typicalRental } from '../catalog/rental.ts';
import type { Option, OptionValues } from './command.ts';
import { positiveOption, usage } from './load-options.ts';
import { textValue } from './option-values.ts';

/** Options that all probes share. */
export const probeOptions: Record<string, Option> = {
  'skip-record': {
    type: 'boolean',
    description: 'do not keep the result in the state folder, nor compare with the last run',
  },
  json: { type: 'boolean', description: 'print the result as JSON' },
};

export const priceOption: Record<string, Option> = {
  'usd-per-hour': {
    type: 'string',
    value: 'N',
    description: 'price of one accelerator-hour (default: median rental of the catalog)',
  },
};

export interface Price {
  usdPerHour: number;
  source: string;
}

const MAX_USD = 1000;
/** Catalog entries of the two accelerators that MLPerf Storage emulates. */
const CATALOG_ID: Readonly<Record<string, string>> = { a100: 'a100-sxm', h100: 'h100-sxm' };

/** What an accelerator-hour costs, and who says so; null when nobody does. */
export function priceOf(values: OptionValues, accelerator: string): Price | null {
  const given = positiveOption(values, 'usd-per-hour', MAX_USD);
  if (given !== null) return { usdPerHour: given, source: '--usd-per-hour' };
  const rental = typicalRental(CATALOG_ID[accelerator] ?? accelerator);
  if (rental === null) return null;
  const source = `median on-demand rental of ${rental.points.length} providers, ${rental.asOf}`;
  return { usdPerHour: rental.medianUsdPerHour, source };
}

const UNIT_BYTES: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9, TB: 1e12 };

/** A size such as `500MB` or `2GB`, in bytes (MB are 1e6). */
export function sizeOption(values: OptionValues, name: string, fallback: string): number {
  const text = textValue(values, name) ?? fallback;
  const match = /^(\d{1,6}(?:\.\d{1,3})?)(MB|GB|TB)$/i.exec(text);
  const bytes = Number(match?.[1] ?? 0) * (UNIT_BYTES[(match?.[2] ?? '').toUpperCase()] ?? 0);
  if (bytes >= 1e6) return bytes;
  throw usage(name, `takes a size of at least 1MB such as 500MB or 2GB, not "${text}"`);
}

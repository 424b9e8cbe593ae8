import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { findAccelerator } from '../../catalog/accelerators.ts';
import { TailraceError } from '../../records/errors.ts';
import type { OperatorTable } from '../time/operator-table/operator-table.ts';
import { readLlmServingSimProfile } from '../time/operator-table/read-llmservingsim-profile.ts';
import { findShippedTable } from '../time/operator-table/shipped-tables.ts';
import { modelOf } from './silicon-sample.ts';

const metaSchema = z.object({
  vllm_version: z.union([z.string(), z.number()]).optional(),
  skew_fit: z
    .object({
      enabled: z.boolean().default(false),
      per_tp: z.record(z.string(), z.object({ alpha_default: z.number().optional() })).optional(),
    })
    .optional(),
});

/** A measured table, and the share of skew where it has no bucket. */
export interface Profile {
  table: OperatorTable;
  skewDefault: number;
  /** Where it is from, in words. */
  from: string;
}

interface Wanted {
  hardware: string;
  model: string;
  tensorParallel: number;
  /** Number formats of weights and KV cache. */
  formats: { weights: string; cache: string };
}

/** The skew share of profiles that do not say their own; they lie between 0.054 and 0.075. */
const SKEW_DEFAULT = 0.06;

/**
 * The profile of a model on an accelerator under `<dir>/profiler`, in the number format that was run or the next plainer
 * one; where the folder has none, the operator table that comes with the product. The skew
 * correction is used where the profile's own `meta.yaml` enables it. Throws TR_TRACE_INVALID that names what is missing.
 */
export async function readProfile(dir: string, wanted: Wanted): Promise<Profile> {
  const root = join(dir, 'profiler', wanted.hardware, wanted.model);
  const degree = `tp${wanted.tensorParallel}`;
  const variants = foldersOf(root).toSorted(
    (a, b) => strangeness(a, wanted) - strangeness(b, wanted) || a.localeCompare(b),
  );
  const variant = variants.find((name) => existsSync(join(root, name, degree)));
  if (variant !== undefined) return readVariant(join(root, variant), wanted);
  const shipped = await shippedTable(wanted);
  if (shipped !== null) {
    return { table: shipped, skewDefault: SKEW_DEFAULT, from: 'the table that the product ships' };
  }
  const [first] = variants;
  if (first === undefined) throw missing(root, 'no profile of this model on this accelerator');
  const measured = variants.flatMap((name) => foldersOf(join(root, name)));
  const others = [...new Set(measured)].join(', ');
  throw missing(join(root, first, degree), `not measured; ${others || 'nothing'} is`);
}

function readVariant(root: string, wanted: Wanted): Profile {
  const { hardware, model, tensorParallel } = wanted;
  const folder = join(root, `tp${tensorParallel}`);
  const metaText = optional(join(root, 'meta.yaml'));
  const meta = metaSchema.safeParse(metaText === null ? {} : parse(metaText));
  const fit = meta.success ? meta.data.skew_fit : undefined;
  const table = inFolder(folder, () =>
    readLlmServingSimProfile(
      {
        attention: textOf(join(folder, 'attention.csv')),
        dense: textOf(join(folder, 'dense.csv')),
        perSequence: textOf(join(folder, 'per_sequence.csv')),
        moe: optional(join(folder, 'moe.csv')),
        skewFit: fit?.enabled === true ? optional(join(folder, 'skew_fit.csv')) : null,
      },
      {
        hardware,
        model,
        tensorParallel,
        engine: `vLLM ${meta.success ? (meta.data.vllm_version ?? 'unknown') : 'unknown'}`,
        source: { repository: '', commit: '', path: folder, licence: '', note: '' },
      },
    ),
  );
  const skewDefault = fit?.per_tp?.[String(tensorParallel)]?.alpha_default ?? 0;
  return { table, skewDefault, from: `tables of its own profile (${basename(root)})` };
}

/** Names the folder in what a reader says of a text. */
function inFolder<T>(folder: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TailraceError)) throw error;
    throw new TailraceError(
      error.code,
      `${folder}: ${error.message}`,
      error.field === null ? {} : { field: error.field },
    );
  }
}

/** 0 for a variant of the very formats that were run; more for each that differs. */
function strangeness(variant: string, { formats }: Wanted): number {
  const [weights = '', cache = 'bf16'] = variant.toLowerCase().split(/[-_]?kv[-_]?/);
  const differs = (said: string, ran: string): number => (said.includes(ran) ? 0 : 1);
  return 2 * differs(weights, formats.weights) + differs(cache, formats.cache);
}

async function shippedTable(wanted: Wanted): Promise<OperatorTable | null> {
  const model = modelOf(wanted.model);
  const accelerator = findAccelerator(wanted.hardware);
  if (model === null || accelerator === null) return null;
  return await findShippedTable({
    model: model.id,
    hardware: accelerator.id,
    numberFormat: wanted.formats.weights,
    tensorParallel: wanted.tensorParallel,
  });
}

function foldersOf(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

const optional = (file: string): string | null => (existsSync(file) ? textOf(file) : null);

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw missing(file, 'cannot be read');
  }
}

const missing = (place: string, problem: string): TailraceError =>
  new TailraceError(
    'TR_TRACE_INVALID',
    `${place}: ${problem}; add profiler/<hardware>/<model>/<variant>/tp<N>`,
    { field: place },
  );

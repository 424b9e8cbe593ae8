import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { TailraceError } from '../../records/errors.ts';
import type { OperatorTable } from '../time/operator-table/operator-table.ts';
import { readLlmServingSimProfile } from '../time/operator-table/read-llmservingsim-profile.ts';

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
}

/**
 * The profile of a model on an accelerator under `<dir>/profiler`, of the plainest number format there is. The skew
 * correction is used where the profile's own `meta.yaml` enables it. Throws TR_TRACE_INVALID that names what is missing.
 */
export function readProfile(
  dir: string,
  wanted: { hardware: string; model: string; tensorParallel: number },
): Profile {
  const root = join(dir, 'profiler', wanted.hardware, wanted.model);
  const variant = existsSync(root) ? readdirSync(root).sort()[0] : undefined;
  if (variant === undefined) throw missing(root, 'no profile of this model on this accelerator');
  const folder = join(root, variant, `tp${wanted.tensorParallel}`);
  const meta = metaSchema.safeParse(parse(textOf(join(root, variant, 'meta.yaml'))));
  const fit = meta.success ? meta.data.skew_fit : undefined;
  const table = readLlmServingSimProfile(
    {
      attention: textOf(join(folder, 'attention.csv')),
      dense: textOf(join(folder, 'dense.csv')),
      perSequence: textOf(join(folder, 'per_sequence.csv')),
      moe: optional(join(folder, 'moe.csv')),
      skewFit: fit?.enabled === true ? optional(join(folder, 'skew_fit.csv')) : null,
    },
    {
      ...wanted,
      engine: `vLLM ${meta.success ? (meta.data.vllm_version ?? 'unknown') : 'unknown'}`,
      source: { repository: '', commit: '', path: folder, licence: '', note: '' },
    },
  );
  const skewDefault = fit?.per_tp?.[String(wanted.tensorParallel)]?.alpha_default ?? 0;
  return { table, skewDefault };
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

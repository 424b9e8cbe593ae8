import { z } from 'zod';
import { benchError, parseJson, schemaError } from './bench-error.ts';

const seconds = z.number().nonnegative().max(1e7);
const steps = z.record(z.string(), z.array(seconds).max(5_000_000));
const figures = z.record(z.string(), z.number().nonnegative());

/** One epoch of one rank: by block name, seconds of each step; throughput in samples per second. */
const epochSchema = z.looseObject({
  load: steps,
  proc: steps,
  compute: steps,
  throughput: figures,
  /** Percent, as the benchmark computed it itself. */
  au: figures.optional(),
});
export type DlioEpoch = z.infer<typeof epochSchema>;

/** Epoch number to its figures, for one rank; other keys of the file (host facts) are left out. */
export type DlioRank = Readonly<Record<string, DlioEpoch>>;

/** Rank number to its epochs. */
export interface DlioRaw {
  ranks: Readonly<Record<string, DlioRank>>;
}

const FIX = 'give RANK_output.json of DLIO, or such files merged as {"ranks": {"0": …}}';
const object = z.record(z.string(), z.unknown());
const merged = z.looseObject({ ranks: object });

/** Whether JSON that was read is the raw output of a DLIO run: epochs by number, or ranks of them. */
export function looksLikeDlioRaw(value: unknown): boolean {
  const one = object.safeParse(value);
  if (!one.success) return false;
  const ranks = object.safeParse(one.data['ranks']);
  const rank = ranks.success ? Object.values(ranks.data)[0] : one.data;
  const epochs = object.safeParse(rank);
  if (!epochs.success) return false;
  const first = Object.entries(epochs.data).find(([key]) => isEpoch(key))?.[1];
  return object.safeParse(first).data?.['compute'] !== undefined;
}

const isEpoch = (key: string): boolean => /^\d{1,6}$/.test(key);

/**
 * Reads `N_output.json` of one rank, or several merged under `ranks`. TR_BENCH_INVALID names the
 * field; steps of load, proc and compute must be equally many in every block.
 */
export function parseDlioRaw(text: string, file: string): DlioRaw {
  const value = parseJson(text, file, FIX);
  const many = merged.safeParse(value);
  const source: Record<string, unknown> = many.success ? many.data.ranks : { 0: value };
  const ranks = Object.entries(source).map(([rank, one]) => [rank, parseRank(one, file, rank)]);
  if (ranks.length === 0) throw schemaProblem(file, 'ranks', 'holds no rank');
  return { ranks: Object.fromEntries(ranks) };
}

function parseRank(value: unknown, file: string, rank: string): DlioRank {
  const fields = object.safeParse(value);
  if (!fields.success) throw schemaProblem(file, `ranks.${rank}`, 'is not an object');
  const epochs = Object.entries(fields.data).filter(([key]) => isEpoch(key));
  if (epochs.length === 0) throw schemaProblem(file, `ranks.${rank}`, 'holds no epoch');
  return Object.fromEntries(
    epochs.map(([key, epoch]) => {
      const parsed = epochSchema.safeParse(epoch);
      if (!parsed.success)
        throw schemaError(`${file}: rank ${rank}, epoch ${key}`, parsed.error, FIX);
      checkSteps(parsed.data, file, `ranks.${rank}.${key}`);
      return [key, parsed.data];
    }),
  );
}

function checkSteps(epoch: DlioEpoch, file: string, place: string): void {
  for (const [block, compute] of Object.entries(epoch.compute)) {
    const counts = [epoch.load[block], epoch.proc[block]].map((list) => list?.length);
    if (counts.some((count) => count !== compute.length)) {
      const problem = `load, proc and compute of ${block} have ${counts.join(', ')} and ${compute.length} steps`;
      throw schemaProblem(file, place, problem);
    }
  }
}

const schemaProblem = (file: string, place: string, problem: string) =>
  benchError(file, place, problem, FIX);

import { busFactor, collectivesOfRow, type Collective } from './nccl-collectives.ts';
import type { NcclRun } from './nccl-log.ts';
import { cellsOf } from './nccl-row.ts';

type Known = 'log' | 'inferred' | 'unknown';

/** Which collective over how many ranks, and how that is known; factor: bus over algorithm bandwidth. */
export interface NcclShape {
  collective: Collective | null;
  collectiveBasis: Known;
  ranks: number | null;
  ranksBasis: Known;
  factor: number | null;
}

/**
 * Which collective over how many ranks. What the log leaves out is inferred from the ratio of bus to
 * algorithm bandwidth in the row with most digits: 1.75 with a reduction is all_reduce over 8.
 */
export function shapeOf(run: NcclRun): NcclShape {
  const ratio = bestRatio(run);
  const [first] = run.rows;
  const candidates =
    run.collective === null
      ? collectivesOfRow(first?.redop ?? null, first?.root ?? null)
      : [run.collective];
  const collective = candidates.find((one) => fits(one, run.ranks, ratio)) ?? run.collective;
  const collectiveBasis = basis(run.collective !== null, collective !== null);
  if (collective === null) {
    const ranksBasis = basis(run.ranks !== null, false);
    return { collective, collectiveBasis, ranks: run.ranks, ranksBasis, factor: null };
  }
  const ranks = run.ranks ?? (ratio === null ? null : ranksOf(collective, ratio));
  return {
    collective,
    collectiveBasis,
    ranks,
    ranksBasis: basis(run.ranks !== null, ranks !== null),
    factor: ranks === null ? fixedFactor(collective) : busFactor(collective, ranks),
  };
}

const basis = (logged: boolean, known: boolean): Known =>
  logged ? 'log' : known ? 'inferred' : 'unknown';

/** Broadcast, reduce and sendrecv have factor 1 over any ranks. */
const fixedFactor = (collective: Collective): number | null =>
  busFactor(collective, 2) === 1 && busFactor(collective, 3) === 1 ? 1 : null;

interface Ratio {
  value: number;
  tolerance: number;
}

function bestRatio(run: NcclRun): Ratio | null {
  const best = run.rows
    .flatMap(cellsOf)
    .filter((cell) => cell.algGbPerS > 0)
    .toSorted((a, b) => b.busGbPerS / b.busRoundingGbPerS - a.busGbPerS / a.busRoundingGbPerS)[0];
  if (best === undefined) return null;
  const value = best.busGbPerS / best.algGbPerS;
  const tolerance = value * (best.busRoundingGbPerS / best.busGbPerS + 0.005 / best.algGbPerS);
  return { value, tolerance };
}

function fits(collective: Collective, ranks: number | null, ratio: Ratio | null): boolean {
  if (ratio === null) return true;
  const candidates = ranks ?? ranksOf(collective, ratio);
  const factor = candidates === null ? fixedFactor(collective) : busFactor(collective, candidates);
  return factor !== null && Math.abs(factor - ratio.value) <= ratio.tolerance;
}

/** Ranks whose factor is the ratio within its rounding; null when none or more than one is. */
function ranksOf(collective: Collective, ratio: Ratio): number | null {
  if (fixedFactor(collective) !== null) return null;
  const scale = collective === 'all_reduce' ? 2 : 1;
  const ranks = Math.round(scale / (scale - ratio.value));
  if (!Number.isFinite(ranks) || ranks < 2 || ranks > 1_000_000) return null;
  const near = (n: number): boolean =>
    n >= 2 && Math.abs(busFactor(collective, n) - ratio.value) <= ratio.tolerance;
  return near(ranks) && !near(ranks - 1) && !near(ranks + 1) ? ranks : null;
}

import type { FillPoint, FillRun } from './fill-cluster.ts';
import { meanAndSd, pairedGain, type PairedGain } from './paired-gain.ts';
import type { PlacementName } from './placement/placements.ts';

/** One policy at one share of arrivals, over all seeds. Standard deviations: null for one seed. */
export interface FillSummaryRow {
  policy: PlacementName;
  arrivedPct: number;
  allocatedPctMean: number;
  allocatedPctSd: number | null;
  fragmentedPctMean: number;
  fragmentedPctSd: number | null;
  fragmentedOfFreePctMean: number;
  fragmentedOfFreePctSd: number | null;
  seeds: number;
}

/** Means and deviations at every whole percent that arrivals passed in all runs, from 1. */
export function summarizeFill(policy: PlacementName, runs: readonly FillRun[]): FillSummaryRow[] {
  const last = Math.min(...runs.map(({ points }) => points.at(-1)?.arrivedPct ?? 0));
  return Array.from({ length: last }, (_, i) => summaryRow(policy, runs, i + 1)).filter(
    ({ seeds }) => seeds === runs.length,
  );
}

function summaryRow(
  policy: PlacementName,
  runs: readonly FillRun[],
  arrivedPct: number,
): FillSummaryRow {
  const at = runs.flatMap((run) => pointAt(run.points, arrivedPct) ?? []);
  const allocated = meanAndSd(at.map((point) => point.allocatedPct));
  const fragmented = meanAndSd(at.map((point) => point.fragmentedPct));
  const ofFree = meanAndSd(at.map((point) => point.fragmentedOfFreePct));
  return {
    policy,
    arrivedPct,
    allocatedPctMean: allocated.mean,
    allocatedPctSd: allocated.sd,
    fragmentedPctMean: fragmented.mean,
    fragmentedPctSd: fragmented.sd,
    fragmentedOfFreePctMean: ofFree.mean,
    fragmentedOfFreePctSd: ofFree.sd,
    seeds: at.length,
  };
}

/** A pod can carry arrivals past a whole percent of a small cluster: then the nearest by one. */
function pointAt(points: readonly FillPoint[], pct: number): FillPoint | null {
  const at = (wanted: number): FillPoint | undefined =>
    points.find(({ arrivedPct }) => arrivedPct === wanted);
  return at(pct) ?? at(pct - 1) ?? at(pct + 1) ?? null;
}

/** Which placement fills the cluster furthest, and what it gains over the one in use. */
export interface FillAdvice {
  policy: PlacementName;
  baseline: PlacementName;
  /** Percent of all cards more allocated at the end of the arrivals. */
  gainPct: PairedGain;
  gainGpus: number;
  /** Null without a price. */
  gainUsdPerYear: number | null;
  /** True when the interval of the gain lies above zero. */
  certain: boolean;
}

const HOURS_PER_YEAR = 8760;

/** Picks by the mean allocation at the end; ties go to the earlier policy. Null with one policy. */
export function adviseFill(
  byPolicy: ReadonlyMap<PlacementName, readonly FillRun[]>,
  baseline: PlacementName,
  gpus: number,
  usdPerGpuHour: number | null,
): FillAdvice | null {
  const ends = [...byPolicy].map(([policy, runs]) => ({ policy, values: runs.map(endAllocation) }));
  const base = ends.find(({ policy }) => policy === baseline);
  if (base === undefined || ends.length < 2) return null;
  const best = ends.reduce((a, b) => (meanAndSd(b.values).mean > meanAndSd(a.values).mean ? b : a));
  const gainPct = pairedGain(best.values, base.values);
  const gainGpus = (gainPct.mean / 100) * gpus;
  return {
    policy: best.policy,
    baseline,
    gainPct,
    gainGpus,
    gainUsdPerYear: usdPerGpuHour === null ? null : gainGpus * usdPerGpuHour * HOURS_PER_YEAR,
    certain: gainPct.interval !== null && gainPct.interval.low > 0,
  };
}

const endAllocation = ({ points }: FillRun): number => points.at(-1)?.allocatedPct ?? 0;

import { coveredMs, STEP_PHASES, type StepPhase, type StepRecord } from './step-record.ts';

export interface PhaseSummary {
  phase: StepPhase | 'unexplained';
  totalMs: number;
  /** Of the time of all steps of all ranks. */
  share: number;
}

/** A step log in figures. Times are milliseconds; null is not recorded. */
export interface StepSummary {
  steps: number;
  ranks: number;
  records: number;
  /** Median over steps of the slowest rank's step. */
  medianStepMs: number;
  meanStepMs: number;
  /** Largest share of steps in which one rank was the slowest, and which. */
  slowestRank: { rank: number; share: number } | null;
  phases: PhaseSummary[];
  tokensPerS: number | null;
  samplesPerS: number | null;
}

/**
 * Sums a step log. A step's time is its `stepMs`, or what its phases cover where that is larger or
 * alone known; the first step of each rank is left out (it holds start-up), unless it is the only one.
 * Null for no records. O(records) memory for the step times only.
 */
export function summarizeSteps(records: Iterable<StepRecord>): StepSummary | null {
  const kept = withoutFirst([...records]);
  if (kept.length === 0) return null;
  const byStep = Map.groupBy(kept, (one) => `${one.job ?? ''}/${one.step}`);
  const slowest = [...byStep.values()].map(
    (ranks) => ranks.toSorted((a, b) => stepTimeMs(b) - stepTimeMs(a))[0] ?? kept[0],
  );
  const times = slowest
    .flatMap((one) => (one === undefined ? [] : [stepTimeMs(one)]))
    .toSorted((a, b) => a - b);
  const totalMs = kept.reduce((sum, one) => sum + stepTimeMs(one), 0);
  const wallS = times.reduce((sum, ms) => sum + ms, 0) / 1000;
  const ranks = new Set(kept.map((one) => one.rank));
  return {
    steps: byStep.size,
    ranks: ranks.size,
    records: kept.length,
    medianStepMs: median(times),
    meanStepMs: (wallS * 1000) / times.length,
    slowestRank: ranks.size < 2 ? null : mostOften(slowest.flatMap((one) => one?.rank ?? [])),
    phases: phasesOf(kept, totalMs),
    tokensPerS: rate(kept, 'tokens', wallS),
    samplesPerS: rate(kept, 'samples', wallS),
  };
}

const stepTimeMs = (one: StepRecord): number => Math.max(one.stepMs ?? 0, coveredMs(one));

function withoutFirst(records: readonly StepRecord[]): readonly StepRecord[] {
  const firsts = new Map<string, number>();
  for (const { job, rank, step } of records) {
    const key = `${job ?? ''}/${rank}`;
    firsts.set(key, Math.min(firsts.get(key) ?? step, step));
  }
  const rest = records.filter((one) => firsts.get(`${one.job ?? ''}/${one.rank}`) !== one.step);
  return rest.length > 0 ? rest : records;
}

function phasesOf(records: readonly StepRecord[], totalMs: number): PhaseSummary[] {
  const share = (ms: number): number => (totalMs === 0 ? 0 : ms / totalMs);
  const phases = STEP_PHASES.map((phase) => {
    const ms = records.reduce((sum, one) => sum + (one.phaseMs[phase] ?? 0), 0);
    return { phase, totalMs: ms, share: share(ms) };
  });
  const coveredTotalMs = phases.reduce((sum, one) => sum + one.totalMs, 0);
  const restMs = Math.max(0, totalMs - coveredTotalMs);
  return [...phases, { phase: 'unexplained', totalMs: restMs, share: share(restMs) }];
}

function rate(
  records: readonly StepRecord[],
  unit: 'tokens' | 'samples',
  wallS: number,
): number | null {
  const counts = records.flatMap((one) => one[unit] ?? []);
  if (counts.length < records.length || wallS === 0) return null;
  return counts.reduce((a, b) => a + b, 0) / wallS;
}

function mostOften(ranks: readonly number[]): { rank: number; share: number } | null {
  const counts = [...Map.groupBy(ranks, (rank) => rank)].map(([rank, all]) => ({
    rank,
    share: all.length / ranks.length,
  }));
  return counts.toSorted((a, b) => b.share - a.share)[0] ?? null;
}

function median(sorted: readonly number[]): number {
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  const high = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return (low + high) / 2;
}

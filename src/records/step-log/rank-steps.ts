import { STEP_PHASES, type StepRecord } from './step-record.ts';

/** Work of every rank in every step. Times are milliseconds; null is not recorded. */
export interface RankSteps {
  /** Ascending. */
  ranks: number[];
  /** Ascending, the newest of the log. */
  steps: number[];
  /**
   * `workMs[i][j]`: what rank i did itself in step j: its phases without `comm`, which holds the wait for
   * the slowest. With a fabric fault no rank's own work stands out; then look at `commMs`.
   */
  workMs: Array<Array<number | null>>;
  commMs: Array<Array<number | null>>;
  /** Median over the ranks of each step; null where no rank recorded it. */
  medianWorkMs: Array<number | null>;
  /** Ranks by how much their own work delays the rest: mean of work over the step's median - 1, largest first. */
  slowest: Array<{ rank: number; excessShare: number }>;
}

/**
 * Lays step records out by rank and step, the last `maxSteps` steps. A step that a rank wrote twice (a restart) counts as
 * the later record. O(records) time and memory.
 */
export function rankSteps(records: readonly StepRecord[], maxSteps: number): RankSteps {
  const steps = [...new Set(records.map((one) => one.step))]
    .toSorted((a, b) => a - b)
    .slice(-maxSteps);
  const ranks = [...new Set(records.map((one) => one.rank))].toSorted((a, b) => a - b);
  const latest = new Map<string, StepRecord>();
  for (const record of records) {
    const key = `${record.rank} ${record.step}`;
    const known = latest.get(key);
    if (known === undefined || record.ts >= known.ts) latest.set(key, record);
  }
  const table = (of: (record: StepRecord) => number): Array<Array<number | null>> =>
    ranks.map((rank) =>
      steps.map((step) => {
        const record = latest.get(`${rank} ${step}`);
        return record === undefined ? null : of(record);
      }),
    );
  const workMs = table(ownWorkMs);
  const medianWorkMs = steps.map((_, j) => median(workMs.flatMap((row) => row[j] ?? [])));
  return {
    ranks,
    steps,
    workMs,
    commMs: table((record) => record.phaseMs.comm ?? 0),
    medianWorkMs,
    slowest: slowestOf(ranks, workMs, medianWorkMs),
  };
}

const ownWorkMs = ({ phaseMs }: StepRecord): number =>
  STEP_PHASES.reduce((sum, phase) => (phase === 'comm' ? sum : sum + (phaseMs[phase] ?? 0)), 0);

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

function slowestOf(
  ranks: readonly number[],
  workMs: RankSteps['workMs'],
  medians: RankSteps['medianWorkMs'],
): RankSteps['slowest'] {
  return ranks
    .flatMap((rank, i) => {
      const excesses = (workMs[i] ?? []).flatMap((ms, j) => {
        const middle = medians[j] ?? 0;
        return ms === null || middle === 0 ? [] : [ms / middle - 1];
      });
      if (excesses.length === 0) return [];
      const excessShare = excesses.reduce((sum, one) => sum + one, 0) / excesses.length;
      return [{ rank, excessShare }];
    })
    .toSorted((a, b) => b.excessShare - a.excessShare || a.rank - b.rank);
}

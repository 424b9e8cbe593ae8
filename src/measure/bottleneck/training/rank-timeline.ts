import {
  STEP_PHASES,
  coveredMs,
  type StepPhase,
  type StepRecord,
} from '../../../records/step-log/step-record.ts';

/** One step of one rank on the job's common clock, Unix milliseconds; phases fill the interval or less. */
export interface RankStep {
  rank: number;
  step: number;
  /** How often this step was begun before, after a restart: 0 for the first time. */
  attempt: number;
  startMs: number;
  endMs: number;
  phaseMs: Record<StepPhase, number>;
  hasComm: boolean;
  tokens: number | null;
  samples: number | null;
  /** Done again later from a checkpoint: its work was lost. */
  rolledBack: boolean;
  /** Time since the rank's step before in which nothing was recorded, and whether a restart explains it. */
  gapMs: number;
  isRestart: boolean;
}

/** All ranks of a job. `offsetsMs`: how far a rank's clock was ahead of the others, taken out. */
export interface JobTimeline {
  ranks: Map<number, RankStep[]>;
  duplicates: number;
  offsetsMs: Map<number, number>;
}

/** Two writers of one rank, or two records of one step, share most of their time. */
const DUPLICATE_OVERLAP = 0.5;
/** Clocks that differ by less cannot be told from steps that end one after another. */
const LEAST_OFFSET_MS = 1_000;

/**
 * Puts step records on one clock and in order. A step's interval ends at its `ts` and is `stepMs` long, or what its phases
 * cover where that is longer. Ranks of a synchronous job end a step together, so a constant difference between ranks is
 * their clocks'. Two intervals of one rank that overlap by half are one step told twice (a pod that runs twice): the
 * first stays. A step number that comes back later is a restart: what had been done since is rolled back.
 */
export function jobTimeline(records: readonly StepRecord[]): JobTimeline {
  const byRank = Map.groupBy(records, ({ rank }) => rank);
  const offsetsMs = clockOffsets(byRank);
  const ranks = new Map<number, RankStep[]>();
  let duplicates = 0;
  for (const [rank, own] of byRank) {
    const built = rankSteps(own, offsetsMs.get(rank) ?? 0);
    duplicates += built.duplicates;
    ranks.set(rank, built.steps);
  }
  return { ranks, duplicates, offsetsMs };
}

function rankSteps(
  records: readonly StepRecord[],
  offsetMs: number,
): { steps: RankStep[]; duplicates: number } {
  const steps: RankStep[] = [];
  const attempts = new Map<number, number>();
  let duplicates = 0;
  const sorted = records
    .map((one) => toStep(one, offsetMs))
    .toSorted((a, b) => a.endMs - b.endMs || a.startMs - b.startMs);
  for (const one of sorted) {
    const before = steps.at(-1);
    if (before !== undefined) {
      const overlapMs = before.endMs - one.startMs;
      const lengthMs = one.endMs - one.startMs;
      if (overlapMs > DUPLICATE_OVERLAP * lengthMs || isTold(before, one)) {
        duplicates += 1;
        continue;
      }
      if (overlapMs > 0) cutStart(one, before.endMs);
      one.gapMs = one.startMs - before.endMs;
      if (one.step <= before.step) {
        one.isRestart = true;
        for (const lost of steps) if (lost.step >= one.step) lost.rolledBack = true;
      }
    }
    one.attempt = attempts.get(one.step) ?? 0;
    attempts.set(one.step, one.attempt + 1);
    steps.push(one);
  }
  return { steps, duplicates };
}

/** The same step at the same time, however short: nothing passed between the two. */
const isTold = (before: RankStep, one: RankStep): boolean =>
  before.step === one.step && before.endMs === one.endMs;

function toStep(record: StepRecord, offsetMs: number): RankStep {
  const covered = coveredMs(record);
  const endMs = record.ts * 1000 - offsetMs;
  const phases = STEP_PHASES.map((phase) => [phase, record.phaseMs[phase] ?? 0]);
  return {
    rank: record.rank,
    step: record.step,
    attempt: 0,
    startMs: endMs - Math.max(record.stepMs ?? 0, covered),
    endMs,
    phaseMs: Object.fromEntries(phases) as Record<StepPhase, number>,
    hasComm: record.phaseMs.comm !== undefined,
    tokens: record.tokens ?? null,
    samples: record.samples ?? null,
    rolledBack: false,
    gapMs: 0,
    isRestart: false,
  };
}

/** Leaves out the beginning of a step, its phases and its work in proportion. */
export function cutStart(one: RankStep, fromMs: number): void {
  keepShare(one, (one.endMs - fromMs) / (one.endMs - one.startMs));
  one.startMs = fromMs;
}

/** The part of a step that lies in a window; null for none. */
export function clipped(one: RankStep, window: { fromMs: number; toMs: number }): RankStep | null {
  const startMs = Math.max(one.startMs, window.fromMs);
  const endMs = Math.min(one.endMs, window.toMs);
  if (endMs <= startMs) return null;
  if (startMs === one.startMs && endMs === one.endMs) return one;
  const part = { ...one, startMs, endMs, phaseMs: { ...one.phaseMs } };
  keepShare(part, (endMs - startMs) / (one.endMs - one.startMs));
  return part;
}

function keepShare(one: RankStep, share: number): void {
  for (const phase of STEP_PHASES) one.phaseMs[phase] *= share;
  if (one.tokens !== null) one.tokens *= share;
  if (one.samples !== null) one.samples *= share;
}

/** Median over steps of how much later than the middle rank each rank says a step ended. */
function clockOffsets(byRank: ReadonlyMap<number, readonly StepRecord[]>): Map<number, number> {
  const byStep = new Map<number, Map<number, number>>();
  for (const [rank, records] of byRank) {
    for (const { step, ts } of records) {
      const ends = byStep.get(step) ?? new Map<number, number>();
      // A step that was done twice is no measure: the later one counts for all ranks alike.
      ends.set(rank, ts * 1000);
      byStep.set(step, ends);
    }
  }
  const late = new Map<number, number[]>();
  for (const ends of byStep.values()) {
    if (ends.size < 2) continue;
    const middle = lowerMedian([...ends.values()]);
    for (const [rank, endMs] of ends) {
      const all = late.get(rank) ?? [];
      all.push(endMs - middle);
      late.set(rank, all);
    }
  }
  const offsets = [...late].map(([rank, all]): [number, number] => [rank, lowerMedian(all)]);
  return new Map(offsets.filter(([, offsetMs]) => Math.abs(offsetMs) >= LEAST_OFFSET_MS));
}

function lowerMedian(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

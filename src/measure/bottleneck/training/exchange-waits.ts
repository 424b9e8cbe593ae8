import type { RankStep } from './rank-timeline.ts';

/** Milliseconds of one rank's `comm` phase by what they were spent on; they sum to the phase. */
export interface ExchangeSplit {
  /** Exchange that every rank takes, at the pace of the best steps. */
  communicationMs: number;
  /** Exchange beyond that pace, and waits for ranks that computed longer. */
  networkMs: number;
  /** Waits for a rank that waited for its data, wrote a checkpoint, evaluated. */
  dataMs: number;
  checkpointMs: number;
  evaluationMs: number;
}

/** Too few steps tell no pace. */
const LEAST_STEPS = 20;
/** The pace of the best tenth of the steps counts as what the exchange takes. */
const BEST_SHARE = 0.1;

const key = (one: RankStep): string => `${one.step}/${one.attempt}`;

/**
 * Splits exposed communication. In a synchronous step the rank that arrives last waits least: its `comm` is the exchange
 * itself, what the others spend beyond it is waiting for that rank, and goes to what kept it (the phases in which it was
 * longer, in proportion). The exchange beyond the pace of the best tenth of `all` steps is waiting for the network. The
 * idea of comparing operations across ranks is that of "Understanding Stragglers in Large Model Training Using What-if
 * Analysis" (arXiv 2505.05713). Ranks without `comm` leave all of it as communication.
 */
export function exchangeSplits(all: readonly RankStep[]): {
  splitOf(one: RankStep): ExchangeSplit;
  paceMs: number | null;
  lastRank: { rank: number; share: number } | null;
} {
  const groups = Map.groupBy(
    all.filter((one) => one.hasComm),
    key,
  );
  const lasts = new Map<string, RankStep>();
  for (const [name, ranks] of groups) {
    const last = ranks.reduce((a, b) => (b.phaseMs.comm < a.phaseMs.comm ? b : a));
    lasts.set(name, last);
  }
  const paceMs = paceOf([...lasts.values()].map((one) => one.phaseMs.comm));
  return {
    paceMs,
    lastRank: oftenLast(groups, lasts),
    splitOf(one) {
      const last = lasts.get(key(one));
      return splitStep(one, last ?? one, paceMs);
    },
  };
}

function splitStep(one: RankStep, last: RankStep, paceMs: number | null): ExchangeSplit {
  const commMs = one.phaseMs.comm;
  const sharedMs = Math.min(commMs, last.phaseMs.comm);
  const communicationMs = Math.min(sharedMs, paceMs ?? sharedMs);
  const split = {
    communicationMs,
    networkMs: sharedMs - communicationMs,
    dataMs: 0,
    checkpointMs: 0,
    evaluationMs: 0,
  };
  const waitMs = commMs - sharedMs;
  if (waitMs <= 0) return split;
  const kept = excesses(last, one);
  const whole = kept.data + kept.checkpoint + kept.evaluation + kept.other;
  const part = (ms: number): number => (whole === 0 ? 0 : (waitMs * ms) / whole);
  split.dataMs = part(kept.data);
  split.checkpointMs = part(kept.checkpoint);
  split.evaluationMs = part(kept.evaluation);
  split.networkMs += waitMs - split.dataMs - split.checkpointMs - split.evaluationMs;
  return split;
}

/** How much longer the last rank was in each phase before the exchange. */
function excesses(
  last: RankStep,
  one: RankStep,
): { data: number; checkpoint: number; evaluation: number; other: number } {
  const more = (...phases: Array<keyof RankStep['phaseMs']>): number =>
    phases.reduce((sum, p) => sum + Math.max(0, last.phaseMs[p] - one.phaseMs[p]), 0);
  return {
    data: more('data'),
    checkpoint: more('checkpoint'),
    evaluation: more('eval'),
    other: more('h2d', 'forward', 'backward', 'optimizer'),
  };
}

function paceOf(exchangesMs: readonly number[]): number | null {
  if (exchangesMs.length < LEAST_STEPS) return null;
  const sorted = exchangesMs.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * BEST_SHARE)] ?? null;
}

/** One rank in turn is chance; one that is last in most steps is a straggler. */
function oftenLast(
  groups: ReadonlyMap<string, readonly RankStep[]>,
  lasts: ReadonlyMap<string, RankStep>,
): { rank: number; share: number } | null {
  const several = [...groups].filter(([, ranks]) => ranks.length > 1);
  if (several.length === 0) return null;
  const counts = Map.groupBy(
    several.flatMap(([name]) => lasts.get(name)?.rank ?? []),
    (rank) => rank,
  );
  const [rank, times] = [...counts].reduce((a, b) => (b[1].length > a[1].length ? b : a));
  return { rank, share: times.length / several.length };
}

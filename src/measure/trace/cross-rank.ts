import { KIND } from '../../records/kineto/event-kind.ts';
import { cell } from '../../records/kineto/event-table.ts';
import type { KinetoTrace } from '../../records/kineto/kineto-trace.ts';
import type { DeviceWork } from './device-work.ts';
import { isCommunication } from './kernel-category.ts';
import { median } from './median.ts';

/** Ranks of one job against each other. Null fields: the ranks' collectives do not pair. */
export interface CrossRank {
  ranks: RankSkew[];
  /** Collectives that all ranks ran, paired by their order; 0 when the ranks' counts differ. */
  pairedCollectives: number;
  /** Rank that is last to the most collectives' time; null without pairs or without a clear one. */
  straggler: number | null;
  notes: string[];
}

export interface RankSkew {
  rank: number;
  medianStepMs: number | null;
  /** Time in collectives, of which `transferMs` is the shortest any rank needed, the rest waiting. */
  collectiveMs: number;
  transferMs: number | null;
  waitingMs: number | null;
  /** Share of collectives that this rank spent the least time in: the others waited for it. */
  lastShare: number | null;
}

export interface RankTrace {
  rank: number;
  trace: KinetoTrace;
  work: DeviceWork;
  medianStepMs: number | null;
}

/** A rank is called the straggler when it is last this much more often than an even share. */
const CLEAR_FACTOR = 1.5;

/**
 * A collective ends for all when it ends; a rank that starts late spends the least time in it. So
 * the shortest duration over ranks is the transfer and the rest is waiting (as TraceLens's NCCL
 * analysis and NVIDIA's Inspector take it). No common clock is needed. Linear in kernels.
 */
export function crossRank(ranks: readonly RankTrace[]): CrossRank {
  const collectives = ranks.map(durations);
  const counts = new Set(collectives.map((list) => list.length));
  const count = counts.size === 1 ? (collectives[0]?.length ?? 0) : 0;
  const shortest = Array.from({ length: count }, (_, i) =>
    Math.min(...collectives.map((list) => list[i] ?? Infinity)),
  );
  const transferMs = count === 0 ? null : shortest.reduce((sum, us) => sum + us, 0) / 1000;
  const skews = ranks.map(({ rank, medianStepMs }, index): RankSkew => {
    const own = collectives[index] ?? [];
    const collectiveMs = own.reduce((sum, us) => sum + us, 0) / 1000;
    const last = own.filter((us, i) => us === shortest[i]).length;
    return {
      rank,
      medianStepMs,
      collectiveMs,
      transferMs,
      waitingMs: transferMs === null ? null : collectiveMs - transferMs,
      lastShare: count === 0 ? null : last / count,
    };
  });
  return {
    ranks: skews,
    pairedCollectives: count,
    straggler: stragglerOf(skews),
    notes:
      counts.size > 1
        ? ['ranks ran different numbers of collectives: transfer and waiting are unknown']
        : [],
  };
}

function durations({ trace: { events, names }, work: { rows } }: RankTrace): number[] {
  const collective = names.map(isCommunication);
  return Array.from(rows)
    .filter(
      (row) => events.kind[row] === KIND.kernel && collective[cell(events.name, row)] === true,
    )
    .map((row) => cell(events.durationUs, row));
}

/** The rank that waits least, when it clearly does. */
function stragglerOf(skews: readonly RankSkew[]): number | null {
  const [first] = skews.toSorted((a, b) => (b.lastShare ?? 0) - (a.lastShare ?? 0));
  if (first?.lastShare == null || skews.length < 2) return null;
  const typicalWaitMs = median(skews.map(({ waitingMs }) => waitingMs ?? 0)) ?? 0;
  const clear = first.lastShare >= Math.min(1, CLEAR_FACTOR / skews.length);
  return clear && (first.waitingMs ?? 0) < typicalWaitMs ? first.rank : null;
}

import { crossRank } from './cross-rank.ts';
import { htaView } from './hta-view.ts';
import type { RankAnalysis } from './rank-analysis.ts';

/**
 * What `tailrace analyze --json` prints for a trace. `steps`, `losses` and `counterfactual` beside
 * `ranks` are those of the first rank.
 */
export function traceJson(ranks: readonly RankAnalysis[]): Record<string, unknown> {
  const [first] = ranks;
  const { steps, losses, counterfactual } = first === undefined ? {} : rankJson(first);
  return {
    kind: 'kineto',
    steps,
    losses,
    counterfactual,
    ranks: ranks.map(rankJson),
    crossRank: ranks.length > 1 ? crossRank(ranks) : null,
    views: views(ranks),
  };
}

function rankJson(one: RankAnalysis) {
  const { trace, exact } = one;
  return {
    rank: one.rank,
    file: trace.file,
    declaredRank: trace.rank,
    worldSize: trace.worldSize,
    device: trace.devices[0]?.name ?? null,
    eventCount: trace.eventCount,
    steps: {
      count: one.steps.length,
      medianMs: one.medianStepMs,
      meanMs: one.meanStepMs,
      each: one.steps.map(({ name, totalUs, lanesUs }) => ({ name, totalUs, ...lanesUs })),
    },
    losses: one.losses,
    counterfactual:
      one.dataLoadingFix === null ? null : { cause: 'data-loading', ...one.dataLoadingFix },
    idleCauses: exact.idleCauses,
    kernels: one.kernels,
    copies: one.copies,
    launches: one.launches,
    phases: one.phases,
    roofline: one.roofline,
    criticalPath: one.criticalPaths.map(({ name, totalUs, partsUs }) => ({
      name,
      totalUs,
      ...partsUs,
    })),
  };
}

/** Each peer's figures in the names that it prints; `exact` uses HTA's names with our arithmetic. */
function views(ranks: readonly RankAnalysis[]): Record<string, unknown> {
  return {
    exact: {
      temporal_breakdown: ranks.map(({ exact }) => exact.temporal),
      comm_comp_overlap: ranks.map(({ rank, exact }) => ({
        rank,
        comp_comm_overlap_pctg: exact.overlapPct,
      })),
      idle_time_breakdown: ranks.flatMap(({ exact }) => exact.idle),
    },
    hta: htaView(ranks),
    tbPlugin: Object.fromEntries(ranks.map(({ rank, tbPlugin }) => [rank, tbPlugin])),
    traceLens:
      ranks.length === 1
        ? ranks[0]?.traceLens
        : Object.fromEntries(ranks.map(({ rank, traceLens }) => [rank, traceLens])),
  };
}

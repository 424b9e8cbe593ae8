import type { RankAnalysis } from './rank-analysis.ts';

/** The largest loss, and what fixing it gives, in a few lines. */
export function traceVerdict(ranks: readonly RankAnalysis[]): string {
  return ranks.map(rankVerdict).join('\n');
}

/** Above this share of launches without work, idle time says nothing. */
const MAX_WITHOUT_WORK = 0.5;

function rankVerdict(one: RankAnalysis): string {
  const { rank, losses, medianStepMs, dataLoadingFix: fix, launches } = one;
  if (launches.withoutWork > MAX_WITHOUT_WORK * launches.launchCount) {
    return [
      `rank ${rank}: no verdict: ${launches.withoutWork} of ${launches.launchCount} launches have no work in the trace`,
      '  a graph was being captured, or the profiler missed the accelerator; profile a replay instead',
    ].join('\n');
  }
  const [first] = losses;
  const step = medianStepMs === null ? 'unknown' : `${medianStepMs.toFixed(1)} ms`;
  if (first === undefined) return `rank ${rank}: median step ${step}, all of it computation`;
  const share = `${(100 * first.share).toFixed(1)} %`;
  const lines = [
    `rank ${rank}: median step ${step}; largest loss: ${first.cause}, ${share} of step time`,
    `  ${first.explanation}`,
    `  fix: ${first.fix}`,
  ];
  if (fix === null) {
    lines.push(`  bound: mean step at least ${first.boundMeanStepMs.toFixed(1)} ms without it`);
  } else {
    const [low, high] = fix.interval90Ms.map((value) => value.toFixed(1));
    lines.push(
      `  predicted median step with a parallel loader: ${fix.predictedMedianStepMs.toFixed(1)} ms ` +
        `(90 %: ${low} to ${high}), with at least ${fix.minWorkers} worker(s)`,
    );
  }
  return lines.join('\n');
}

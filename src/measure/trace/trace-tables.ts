import type { AnalysisTable } from '../analyze/analyzer.ts';
import type { RankAnalysis } from './rank-analysis.ts';
import { LANES } from './step-lanes.ts';

const SHOWN_STEPS = 12;
const SHOWN_KERNELS = 8;
const NAME_COLUMNS = 72;

/** Tables of one rank for a terminal. */
export function traceTables(one: RankAnalysis): AnalysisTable[] {
  return [lossTable(one), stepTable(one), kernelTable(one)];
}

function lossTable({ rank, losses }: RankAnalysis): AnalysisTable {
  return {
    title: `rank ${rank}: where step time goes besides computation`,
    header: ['cause', 'share', 'ms per step', 'fix'],
    rows: losses.map(({ cause, share, meanPerStepMs, fix }) => [
      cause,
      percent(share),
      meanPerStepMs.toFixed(2),
      fix,
    ]),
  };
}

function stepTable({ rank, steps }: RankAnalysis): AnalysisTable {
  const more = steps.length > SHOWN_STEPS ? `, first ${SHOWN_STEPS} of ${steps.length}` : '';
  return {
    title: `rank ${rank}: steps, milliseconds (each moment counts once)${more}`,
    header: ['step', 'total', ...LANES],
    rows: steps
      .slice(0, SHOWN_STEPS)
      .map(({ name, totalUs, lanesUs }) =>
        [name, ms(totalUs)].concat(LANES.map((lane) => ms(lanesUs[lane]))),
      ),
  };
}

function kernelTable({ rank, kernels }: RankAnalysis): AnalysisTable {
  return {
    title: `rank ${rank}: kernels that take most`,
    header: ['share', 'ms', 'calls', 'category', 'kernel'],
    rows: kernels.top
      .slice(0, SHOWN_KERNELS)
      .map(({ share, totalMs, count, category, name }) => [
        percent(share),
        totalMs.toFixed(2),
        String(count),
        category,
        name.length > NAME_COLUMNS ? `${name.slice(0, NAME_COLUMNS - 1)}…` : name,
      ]),
  };
}

const ms = (us: number): string => (us / 1000).toFixed(2);

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

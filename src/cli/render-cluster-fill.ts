import type { FillAdvice, FillSummaryRow } from '../plan/cluster-replay/fill-summary.ts';
import type { FillReplay } from '../plan/cluster-replay/replay-fill.ts';
import { count, usd } from './answer-units.ts';
import { plot } from './plot.ts';
import { textTable } from './text-table.ts';

/** Shares of arrivals that the table shows; those that arrivals did not reach are left out. */
const SHOWN_PCT: ReadonlySet<number> = new Set([50, 80, 90, 100, 110, 120, 130, 150, 200]);
const PLOT_ROWS = 12;
const MARKS = 'abcdefghijklmnopqrstuvwxyz';

/** A filled cluster on one screen: the table, the curves of fragmentation, the advice. Pure. */
export function renderClusterFill(replay: FillReplay, columns: number): string {
  const { nodes, gpus, pods, seeds, policies, points, targetKinds } = replay;
  const plotted = plot(
    policies.map((policy, i) => ({
      mark: MARKS[i] ?? '?',
      points: points
        .filter((point) => point.policy === policy)
        .map(({ arrivedPct, fragmentedPctMean }) => ({ x: arrivedPct, y: fragmentedPctMean })),
    })),
    {
      columns: Math.max(20, Math.min(100, columns - 16)),
      rows: PLOT_ROWS,
      title: 'cards free but of no use to the workload, of all cards, over requests arrived',
      xUnit: '%',
      yUnit: '%',
    },
  );
  const lines = [
    `${count(nodes)} nodes, ${count(gpus)} cards; ${count(pods)} pods, shuffled, never leaving, ` +
      `${count(seeds.length)} seed${seeds.length === 1 ? '' : 's'}; fragmentation against ` +
      `${count(targetKinds)} kinds of pods`,
    '',
    table(points).trimEnd(),
    '',
    ...plotted,
    `  ${policies.map((policy, i) => `${MARKS[i] ?? '?'} ${policy}`).join('  ')}  * several`,
    ...adviceLines(replay.advice),
  ];
  return `${lines.join('\n')}\n`;
}

function table(points: readonly FillSummaryRow[]): string {
  return textTable(
    ['policy', 'arrived', 'allocated', 'fragmented', 'of the free'],
    points
      .filter(({ arrivedPct }) => SHOWN_PCT.has(arrivedPct))
      .map((row) => [
        row.policy,
        `${row.arrivedPct} %`,
        figure(row.allocatedPctMean, row.allocatedPctSd),
        figure(row.fragmentedPctMean, row.fragmentedPctSd),
        figure(row.fragmentedOfFreePctMean, row.fragmentedOfFreePctSd),
      ]),
  );
}

/** `95.23 +- 0.10 %`: mean and standard deviation over the seeds. */
const figure = (mean: number, sd: number | null): string =>
  `${mean.toFixed(2)}${sd === null ? '' : ` +- ${sd.toFixed(2)}`} %`;

function adviceLines(advice: FillAdvice | null): string[] {
  if (advice === null) return [];
  const { policy, baseline, gainPct, gainGpus, gainUsdPerYear, certain } = advice;
  if (policy === baseline) return ['', `${baseline} fills the cluster furthest of these.`];
  const interval =
    gainPct.interval === null
      ? 'one seed: no interval'
      : `95 % ${gainPct.interval.low.toFixed(2)} to ${gainPct.interval.high.toFixed(2)}`;
  const money =
    gainUsdPerYear === null
      ? 'give --price for the money'
      : `${usd(gainUsdPerYear)} a year at the price given`;
  return [
    '',
    `Use ${policy}: ${gainPct.mean.toFixed(2)} % of all cards more in use than ${baseline} at the end ` +
      `(${interval}), ${count(gainGpus)} cards, ${money}.` +
      (certain ? '' : ' This may be chance: run more seeds.'),
  ];
}

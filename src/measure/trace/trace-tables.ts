import type { AnalysisTable } from '../analyze/analyzer.ts';
import type { RankAnalysis } from './rank-analysis.ts';
import { PATH_PARTS } from './critical-path.ts';
import { crossRank } from './cross-rank.ts';
import { LANES } from './step-lanes.ts';

const SHOWN_STEPS = 12;
const SHOWN_KERNELS = 8;
const NAME_COLUMNS = 72;

/** Above this many ranks only the first is shown in full; `--json` has all. */
const SHOWN_RANKS = 4;

/** Tables of a job for a terminal: ranks against each other, then each. */
export function traceTables(ranks: readonly RankAnalysis[]): AnalysisTable[] {
  const shown = ranks.length > SHOWN_RANKS ? ranks.slice(0, 1) : ranks;
  return [...(ranks.length > 1 ? [skewTable(ranks)] : []), ...shown.flatMap(rankTables)];
}

function skewTable(ranks: readonly RankAnalysis[]): AnalysisTable {
  const { ranks: skews, pairedCollectives, straggler } = crossRank(ranks);
  const ms = (value: number | null): string => (value === null ? 'unknown' : value.toFixed(2));
  const named = straggler === null ? 'no clear straggler' : `rank ${straggler} is the straggler`;
  return {
    title: `ranks against each other, ${pairedCollectives} collectives paired: ${named}`,
    header: ['rank', 'median step ms', 'in collectives ms', 'transfer ms', 'waiting ms', 'last'],
    rows: skews.map((skew) => [
      String(skew.rank),
      ms(skew.medianStepMs),
      ms(skew.collectiveMs),
      ms(skew.transferMs),
      ms(skew.waitingMs),
      skew.lastShare === null ? 'unknown' : percent(skew.lastShare),
    ]),
  };
}

function rankTables(one: RankAnalysis): AnalysisTable[] {
  return [
    lossTable(one),
    stepTable(one),
    pathTable(one),
    kernelTable(one),
    ...copyTables(one),
    ...rooflineTables(one),
  ];
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

function pathTable({ rank, criticalPaths, phases }: RankAnalysis): AnalysisTable {
  const totalUs = criticalPaths.reduce((sum, path) => sum + path.totalUs, 0);
  const deviceMs = Object.values(phases.deviceMs).reduce((sum, value) => sum + value, 0);
  return {
    title: `rank ${rank}: critical path of all steps, and device time by phase of training`,
    header: ['part', 'share'],
    rows: [
      ...PATH_PARTS.map((part) => {
        const us = criticalPaths.reduce((sum, { partsUs }) => sum + partsUs[part], 0);
        return [`path: ${part}`, percent(totalUs === 0 ? 0 : us / totalUs)];
      }),
      ...Object.entries(phases.deviceMs).map(([phase, value]) => [
        `device: ${phase}`,
        percent(deviceMs === 0 ? 0 : value / deviceMs),
      ]),
    ].filter(([, share]) => share !== percent(0)),
  };
}

function copyTables({ rank, copies }: RankAnalysis): AnalysisTable[] {
  if (copies.length === 0) return [];
  return [
    {
      title: `rank ${rank}: copies and fills`,
      header: ['kind', 'count', 'ms', 'exposed ms', 'GB/s'],
      rows: copies
        .slice(0, SHOWN_KERNELS)
        .map(({ kind, count, totalMs, exposedMs, bytesPerS }) => [
          kind,
          String(count),
          totalMs.toFixed(2),
          exposedMs.toFixed(2),
          bytesPerS === null ? 'unknown' : (bytesPerS / 1e9).toFixed(1),
        ]),
    },
  ];
}

function rooflineTables({ rank, roofline: { accelerator, rows } }: RankAnalysis): AnalysisTable[] {
  if (rows.length === 0) return [];
  return [
    {
      title: `rank ${rank}: operators with shapes against the roofs of ${accelerator ?? 'an accelerator not in the catalog'}`,
      header: [
        'operator',
        'shapes',
        'type',
        'calls',
        'ms',
        'TFLOP/s',
        'FLOP/B',
        'bound',
        'of roof',
      ],
      rows: rows
        .slice(0, SHOWN_KERNELS)
        .map((row) => [
          row.operator,
          row.shapes,
          row.type,
          String(row.calls),
          row.deviceMs.toFixed(3),
          row.tflopsPerS.toFixed(1),
          row.flopsPerByte.toFixed(1),
          row.bound ?? 'unknown',
          row.roofShare === null ? 'unknown' : percent(row.roofShare),
        ]),
    },
  ];
}

const ms = (us: number): string => (us / 1000).toFixed(2);

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

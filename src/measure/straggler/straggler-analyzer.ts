import { ok, TailraceError, type Result } from '../../records/errors.ts';
import type { Analysis, Analyzer, AnalysisTable, FileHead } from '../analyze/analyzer.ts';
import { readStepTrace } from './read-step-trace.ts';
import { DP_TYPES } from './step-trace.ts';
import { stragglerJson } from './straggler-json.ts';
import { whatIf, type Contribution, type Explained, type WhatIf } from './what-if.ts';

/** Parquet files of operations per step, stage and data-parallel rank. */
export const stragglerAnalyzer: Analyzer = {
  kind: 'straggler',
  title: 'step operations (Parquet: dp_rank, stage, rank, step, optype, start_ts, duration, ...)',
  files: 'each',
  recognises: ({ bytes }) => String.fromCodePoint(...bytes.subarray(0, 4)) === 'PAR1',
  analyze,
};

async function analyze([head]: readonly FileHead[]): Promise<Result<Analysis>> {
  try {
    const trace = await readStepTrace(head?.path ?? '', head?.name ?? '');
    const dataParallel = trace.operations.some(({ opType }) => DP_TYPES.has(opType));
    const result = whatIf(trace, dataParallel);
    return ok({
      kind: 'straggler',
      verdict: verdictOf(result),
      tables: tablesOf(result),
      notes: [
        'ideal: computation takes the mean of its type over steps, stages and ranks, communication the median',
        'a slowdown by group: only that group keeps its real times, all else is ideal',
        `launch delays that the operations do not explain: ${percent(result.launchSlowdown - 1)} of step time`,
      ],
      json: stragglerJson(result),
    });
  } catch (error) {
    if (error instanceof TailraceError) return { ok: false, error };
    throw error;
  }
}

function verdictOf(result: WhatIf): string {
  const { slowdown, lastStage, slowestWorkers, byStage, byType } = result;
  const wasted = percent(Math.max(0, 1 - 1 / slowdown));
  const seconds = (value: number): string => `${value.toFixed(3)} s`;
  return [
    `stragglers slow this job ${slowdown.toFixed(3)} times: ${wasted} of accelerator time is lost`,
    `  mean step ${seconds(lastStage.tori)}, ideal ${seconds(lastStage.tideal)}`,
    `  first: stage ${byStage[0]?.key ?? 'unknown'} (alone ${factor(byStage[0])}), operation ${byType[0]?.key ?? 'unknown'} (alone ${factor(byType[0])})`,
    `  fixing the last stage removes ${shareOf(lastStage)} of the slowdown, the slowest worker(s) ${slowestWorkers.ranks.join(', ')} ${shareOf(slowestWorkers)}`,
  ].join('\n');
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const factor = (one: Contribution | undefined): string => `${one?.slowdown.toFixed(3) ?? '?'}x`;
const shareOf = ({ rem }: Explained): string => (rem === null ? 'unknown' : percent(rem));

function tablesOf({ byStage, byDpRank, byType, workers }: WhatIf): AnalysisTable[] {
  const table = (title: string, list: readonly Contribution[]): AnalysisTable => ({
    title,
    header: ['group', 'slowdown alone'],
    rows: list.slice(0, 16).map(({ key, slowdown }) => [key, slowdown.toFixed(4)]),
  });
  return [
    table('by pipeline stage', byStage),
    table('by data-parallel rank', byDpRank),
    table('by operation', byType),
    {
      title: 'by worker (at most)',
      header: ['rank', 'stage', 'data-parallel rank', 'slowdown'],
      rows: workers
        .slice(0, 16)
        .map(({ rank, stage, dpRank, score }) => [
          String(rank),
          String(stage),
          String(dpRank),
          score.toFixed(4),
        ]),
    },
  ];
}

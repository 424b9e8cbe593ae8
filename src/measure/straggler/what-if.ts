import { mean, median } from '../trace/median.ts';
import { operationTable, ownTimes, type Lanes, type OperationTable } from './operation-table.ts';
import { pipelineGraph } from './pipeline-graph.ts';
import { schedule, simulateSteps } from './simulate-steps.ts';
import { COMMUNICATION_TYPES, type StepTrace } from './step-trace.ts';

/** A worker of the job: one data-parallel rank of one stage. */
interface Worker {
  rank: number;
  dpRank: number;
  stage: number;
  /** Slowdown that it alone explains, at most. */
  score: number;
}

/** How much of the slowdown some operations explain; names of the published `ms-` and `mw-` files. */
export interface Explained {
  trem: number;
  tadd: number;
  tori: number;
  tideal: number;
  /** Share of the slowdown that goes when these operations take their ideal times. */
  rem: number | null;
  /** Share of it that comes when only these take their real times. */
  add: number | null;
}

export interface WhatIf {
  table: OperationTable;
  /** Seconds per step as measured, without launch delays, and if no operation straggled. */
  baseS: Float64Array;
  noDelayS: Float64Array;
  idealS: Float64Array;
  launchSlowdown: number;
  slowdown: number;
  /** Slowdown when only one group keeps its real times; with the ratio of each step. */
  byType: Contribution[];
  byDpRank: Contribution[];
  byStage: Contribution[];
  workers: Worker[];
  lastStage: Explained;
  slowestWorkers: Explained & { ranks: number[] };
}

export interface Contribution {
  key: string;
  slowdown: number;
  perStep: Float64Array;
}

/** The published analysis calls the slowest 3 % of workers, rounded up, the slowest. */
const SLOWEST_PERCENT = 3;

/** Types that the published analysis counts together. */
const MERGED_TYPES: Readonly<Record<string, string>> = {
  'forward-send': 'forward-pp-comm',
  'forward-recv': 'forward-pp-comm',
  'backward-send': 'backward-pp-comm',
  'backward-recv': 'backward-pp-comm',
};

/**
 * What a job would take if no operation were slower than its like (ByteDance, arXiv 2505.05713):
 * computation takes the mean of its type over all steps, stages and ranks, communication the
 * median. `dataParallel` says whether gradients are exchanged. Throws TR_TRACE_INVALID.
 */
export function whatIf(trace: StepTrace, dataParallel: boolean): WhatIf {
  const table = operationTable(trace);
  const template = trace.operations.filter(
    ({ step, dpRank }) => step === table.steps[0] && dpRank === 0,
  );
  const graph = pipelineGraph(template, { dataParallel, file: trace.file });
  const plan = schedule(graph, trace.file);
  const real = ownTimes(table, graph);
  const ideal = idealTimes(table, real);
  const simulate = (times: ReadonlyMap<string, Lanes>): Float64Array =>
    simulateSteps(plan, times, table);
  const noDelayS = simulate(real);
  const idealS = simulate(ideal);
  const mix = mixer(table, simulate);
  const contributions = (keyOf: KeyOf): Contribution[] =>
    keysOf(table, keyOf)
      .map((key) => {
        const stepS = mix(ideal, real, (...at) => keyOf(...at) === key);
        return {
          key,
          slowdown: ratio(stepS, idealS),
          perStep: stepS.map((s, i) => s / (idealS[i] ?? 1)),
        };
      })
      .sort((a, b) => b.slowdown - a.slowdown);
  const byDpRank = contributions((_, lane) => String(lane % table.dpSize));
  const byStage = contributions(({ stage }) => String(stage));
  const workers = workersOf(table, byDpRank, byStage);
  const slowest = workers.slice(0, Math.ceil((workers.length * SLOWEST_PERCENT) / 100));
  const explain = (chosen: Choose): Explained => {
    const [tori, tideal] = [average(noDelayS), average(idealS)];
    const trem = average(mix(real, ideal, chosen));
    const tadd = average(mix(ideal, real, chosen));
    const lost = tori - tideal;
    const share = (part: number): number | null => (lost === 0 ? null : part / lost);
    return { trem, tadd, tori, tideal, rem: share(tori - trem), add: share(tadd - tideal) };
  };
  const baseS = measuredSteps(table);
  return {
    table,
    baseS,
    noDelayS,
    idealS,
    launchSlowdown: ratio(baseS, noDelayS),
    slowdown: ratio(noDelayS, idealS),
    byType: contributions(({ opType }) => MERGED_TYPES[opType] ?? opType),
    byDpRank,
    byStage,
    workers,
    lastStage: explain(({ stage }) => stage === table.stageCount - 1),
    slowestWorkers: {
      ...explain(({ stage }, lane) =>
        slowest.some((one) => one.stage === stage && one.dpRank === lane % table.dpSize),
      ),
      ranks: slowest.map(({ rank }) => rank),
    },
  };
}

interface At {
  opType: string;
  stage: number;
}
type KeyOf = (entry: At, lane: number) => string;
type Choose = (entry: At, lane: number) => boolean;

const average = (values: Float64Array): number => mean(Array.from(values)) ?? 0;

const ratio = (a: Float64Array, b: Float64Array): number => average(a) / average(b);

/** From the first start to the last end of each step, as recorded. */
function measuredSteps({ entries, steps, dpSize }: OperationTable): Float64Array {
  return Float64Array.from(steps, (_, step) => {
    let first = Infinity;
    let last = -Infinity;
    for (const { startS, durationS } of entries.values()) {
      for (let lane = step * dpSize; lane < (step + 1) * dpSize; lane++) {
        first = Math.min(first, startS[lane] ?? 0);
        last = Math.max(last, (startS[lane] ?? 0) + (durationS[lane] ?? 0));
      }
    }
    return last - first;
  });
}

function idealTimes(
  { entries, laneCount }: OperationTable,
  real: ReadonlyMap<string, Lanes>,
): Map<string, Lanes> {
  const ideal = new Map<string, Lanes>();
  for (const [opType, list] of Map.groupBy(entries.values(), (entry) => entry.opType)) {
    const all = list.flatMap(({ name }) => Array.from(real.get(name) ?? []));
    const seconds = (COMMUNICATION_TYPES.has(opType) ? median(all) : mean(all)) ?? 0;
    for (const { name } of list) ideal.set(name, new Float64Array(laneCount).fill(seconds));
  }
  return ideal;
}

/** Simulates `base` with the chosen operations taking their times from `other`. */
function mixer(
  { entries }: OperationTable,
  simulate: (times: ReadonlyMap<string, Lanes>) => Float64Array,
) {
  return (
    base: ReadonlyMap<string, Lanes>,
    other: ReadonlyMap<string, Lanes>,
    chosen: Choose,
  ): Float64Array => {
    const times = new Map<string, Lanes>();
    for (const entry of entries.values()) {
      const from = other.get(entry.name);
      const own = base.get(entry.name) ?? new Float64Array();
      times.set(
        entry.name,
        own.map((value, lane) => (chosen(entry, lane) ? (from?.[lane] ?? value) : value)),
      );
    }
    return simulate(times);
  };
}

function keysOf({ entries, dpSize }: OperationTable, keyOf: KeyOf): string[] {
  const keys = new Set<string>();
  for (const entry of entries.values()) {
    for (let lane = 0; lane < dpSize; lane++) keys.add(keyOf(entry, lane));
  }
  return [...keys];
}

/** A worker explains at most what its rank and what its stage explain; the slowest first. */
function workersOf(
  { entries, dpSize }: OperationTable,
  byDpRank: readonly Contribution[],
  byStage: readonly Contribution[],
): Worker[] {
  const slowdown = (list: readonly Contribution[], key: number): number =>
    list.find((one) => one.key === String(key))?.slowdown ?? 1;
  const workers = new Map<number, Worker>();
  for (const { stage, ranks } of entries.values()) {
    for (let dpRank = 0; dpRank < dpSize; dpRank++) {
      const rank = ranks[dpRank] ?? 0;
      if (workers.has(rank)) continue;
      const score = Math.min(slowdown(byDpRank, dpRank), slowdown(byStage, stage));
      workers.set(rank, { rank, dpRank, stage, score });
    }
  }
  return [...workers.values()].sort((a, b) => b.score - a.score || a.rank - b.rank);
}

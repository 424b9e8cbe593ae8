import type { Contribution, Explained, WhatIf } from './what-if.ts';

/** The published analysis decomposes only what is slower than this. */
const DECOMPOSE_FROM = 1.03;

/** The what-if in the names of the published result, `ms-` and `mw-` files; times in seconds. */
export function stragglerJson(result: WhatIf): Record<string, unknown> {
  const { table, baseS, noDelayS, idealS, slowdown, byType, byDpRank, byStage } = result;
  const perStep = (values: Float64Array): Record<string, number> =>
    Object.fromEntries(table.steps.map((step, i) => [step, values[i] ?? 0]));
  const slowdowns = (a: Float64Array, b: Float64Array): Record<string, number> =>
    perStep(a.map((value, i) => value / (b[i] ?? 1)));
  const groups = (list: readonly Contribution[]): Record<string, number> | null =>
    slowdown < DECOMPOSE_FROM
      ? null
      : Object.fromEntries(list.map((one) => [one.key, one.slowdown]));
  const groupsPerStep = (list: readonly Contribution[]): Record<string, unknown> | null =>
    slowdown < DECOMPOSE_FROM
      ? null
      : Object.fromEntries(
          table.steps.map((step, i) => [
            step,
            Object.fromEntries(list.map((one) => [one.key, one.perStep[i] ?? null])),
          ]),
        );
  return {
    kind: 'straggler',
    job: { dpSize: table.dpSize, stages: table.stageCount, steps: table.steps.length },
    step_t_base: perStep(baseS),
    step_t_nodelay: perStep(noDelayS),
    step_t_noblk: perStep(idealS),
    launch_slowdown: result.launchSlowdown,
    blocking_slowdown: slowdown,
    lostShare: Math.max(0, 1 - 1 / slowdown),
    launch_step_slowdown: slowdowns(baseS, noDelayS),
    blocking_step_slowdown: slowdowns(noDelayS, idealS),
    blocking_decompose_by_dp_rank: groups(byDpRank),
    blocking_decompose_by_stage: groups(byStage),
    blocking_decompose_by_optype: groups(byType),
    blocking_decompose_by_dp_rank_per_step: groupsPerStep(byDpRank),
    blocking_decompose_by_stage_per_step: groupsPerStep(byStage),
    blocking_decompose_by_optype_per_step: groupsPerStep(byType),
    workers: result.workers,
    ms: { ...explained(result.lastStage), Ms: result.lastStage.rem },
    mw: {
      ...explained(result.slowestWorkers),
      Mw: result.slowestWorkers.rem,
      ranks: result.slowestWorkers.ranks,
    },
  };
}

const explained = ({ trem, tadd, tori, tideal, rem, add }: Explained): Explained => ({
  trem,
  tadd,
  tori,
  tideal,
  rem,
  add,
});

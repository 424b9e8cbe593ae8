import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TailraceError } from '../../records/errors.ts';
import { batchFits } from '../time/phase-table/kv-fit.ts';
import {
  buildPhaseTable,
  configKey,
  groupKey,
  mergePhaseTables,
  type PhaseGroup,
  type PhasePoint,
  phaseRowKey,
  type PhaseTable,
  withoutPoints,
} from '../time/phase-table/phase-table.ts';
import { type PhasePrediction, predictPhase } from '../time/phase-table/predict-phase.ts';
import { AXES, type Axis, sweepThrough } from '../time/phase-table/predict-within-group.ts';
import { readPerfModel } from '../time/phase-table/read-perf-model.ts';
import { shippedPhaseTable } from '../time/phase-table/shipped-table.ts';
import {
  BOTH_LEFT_OUT,
  type Comparison,
  EXTRAPOLATED,
  splitwiseRows,
} from './splitwise-sim-rows.ts';
import type { SetValidation } from './validation-row.ts';

/** Folder of the set under the data root. */
export const SPLITWISE_SET = 'splitwise-sim';

/** Row keys of a folder's table, one per configuration: what a calibration on it has seen. */
export const splitwiseRowKeys = (dir: string): string[] =>
  readTable(dir).flatMap((group) => group.points.map((point) => phaseRowKey(group, point)));

/**
 * Scores the measured tables of `<dir>/perf_model.csv` in three ways, none of which lets a
 * prediction see what it is scored on:
 * - configurations that neither the shipped table nor `seen` has are predicted from those two
 *   (other levels, and a + b/TP between degrees of tensor parallelism);
 * - of a model on an accelerator that both do not know, a degree of tensor parallelism between two
 *   others of the file is predicted from these two;
 * - every configuration inside a sweep is predicted with it left out of the table in every group;
 *   reported beside it, without a bound, is the same with every configuration of as many prompt
 *   tokens left out too.
 * Configurations in `seen` are knowledge, not scored, and counted. Batches that cannot fit in the
 * KV memory are set apart by arithmetic before anything else. `e2e_time` is inconsistent in the
 * source and not read.
 */
export async function validateSplitwiseSim(
  dir: string,
  seen: ReadonlySet<string>,
): Promise<SetValidation> {
  const all = readTable(dir);
  const given = withoutPoints(all, isInfeasible);
  const isSeen = (group: PhaseGroup, point: PhasePoint): boolean =>
    seen.has(phaseRowKey(group, point));
  const shipped = withoutPoints(shippedPhaseTable, isInfeasible);
  const knowledge = mergePhaseTables(
    shipped,
    withoutPoints(given, (group, point) => !isSeen(group, point)),
  );
  const scored = withoutPoints(given, isSeen);
  const unseen = withoutPoints(scored, (group, point) => has(knowledge, group, point));
  const comparisons = [
    ...unseenComparisons(unseen, knowledge, given),
    ...leftOutComparisons(scored, mergePhaseTables(knowledge, given)),
    ...bothSweepsLeftOut(scored, mergePhaseTables(knowledge, given)),
  ];
  return { rows: splitwiseRows(comparisons, all), notes: notesOf(all, given, scored, unseen) };
}

function readTable(dir: string): PhaseTable {
  const file = join(dir, 'perf_model.csv');
  const rows = readPerfModel(textOf(file), file);
  if (!rows.ok) throw rows.error;
  if (rows.value.length === 0) {
    const message = `${file}: holds no row: give one measured configuration a line`;
    throw new TailraceError('TR_PLAN_INVALID', message, { field: 'data' });
  }
  return buildPhaseTable(rows.value);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const message = `${file} cannot be read: give --data a folder with ${SPLITWISE_SET}/perf_model.csv`;
    throw new TailraceError('TR_PLAN_INVALID', message, { field: 'data', cause });
  }
}

const isInfeasible = (group: PhaseGroup, point: PhasePoint): boolean =>
  batchFits({ ...group, ...point }) === 'infeasible';

const has = (table: PhaseTable, group: PhaseGroup, point: PhasePoint): boolean =>
  table.some(
    (known) =>
      groupKey(known) === groupKey(group) &&
      known.points.some((one) => configKey(one) === configKey(point)),
  );

const samePair = (a: PhaseGroup, b: PhaseGroup): boolean =>
  a.model === b.model && a.hardware === b.hardware;

/**
 * Unknown configurations from the knowledge; of unknown pairs, from the other degrees of the file.
 */
function unseenComparisons(
  unseen: PhaseTable,
  knowledge: PhaseTable,
  given: PhaseTable,
): Comparison[] {
  return unseen.flatMap((group) => {
    const known = knowledge.filter((one) => samePair(one, group));
    if (known.length > 0) {
      return compare(group, group.points, () => known, 'not seen before').map(byOrigin);
    }
    const others = given.filter((one) => samePair(one, group) && one !== group);
    const degrees = others
      .map((one) => one.tensorParallel)
      .filter((d) => d !== group.tensorParallel);
    const between =
      degrees.some((d) => d < group.tensorParallel) &&
      degrees.some((d) => d > group.tensorParallel);
    const rest = given.filter((one) => groupKey(one) !== groupKey(group));
    return between ? compare(group, group.points, () => rest, 'between degrees of the file') : [];
  });
}

/**
 * Answers between degrees of tensor parallelism, and those outside what was measured, are told
 * apart.
 */
function byOrigin(comparison: Comparison): Comparison {
  const { origin, extrapolated } = comparison.predicted;
  if (extrapolated.length > 0) return { ...comparison, how: EXTRAPOLATED };
  return origin === 'between-tensor-parallel'
    ? { ...comparison, how: 'not seen before: between tensor-parallel degrees' }
    : comparison;
}

/** Each interior level of each sweep in turn, absent from every group while it is predicted. */
function leftOutComparisons(scored: PhaseTable, table: PhaseTable): Comparison[] {
  return scored.flatMap((group) => {
    const points = table.find((one) => groupKey(one) === groupKey(group))?.points ?? [];
    return AXES.flatMap((axis) => {
      const interior = group.points.filter((point) => isInterior(points, point, axis));
      const rest = (point: PhasePoint): PhaseTable =>
        withoutPoints(table, (_, one) => configKey(one) === configKey(point));
      return compare(group, interior, rest, `level left out: ${AXIS_NAMES[axis]}`);
    });
  });
}

/**
 * As above without the crossing sweep's word on that number of tokens, which prompt times lean on.
 */
function bothSweepsLeftOut(scored: PhaseTable, table: PhaseTable): Comparison[] {
  return scored.flatMap((group) => {
    const points = table.find((one) => groupKey(one) === groupKey(group))?.points ?? [];
    const interior = group.points.filter(
      (point) => isInterior(points, point, 'promptTokens') !== isInterior(points, point, 'batch'),
    );
    const tokensOf = (point: PhasePoint): number => point.promptTokens * point.batch;
    const rest = (point: PhasePoint): PhaseTable =>
      withoutPoints(table, (_, one) => tokensOf(one) === tokensOf(point));
    return compare(group, interior, rest, BOTH_LEFT_OUT);
  });
}

const AXIS_NAMES: Readonly<Record<Axis, string>> = {
  promptTokens: 'prompt',
  batch: 'batch',
  outputTokens: 'reply',
};

function isInterior(points: readonly PhasePoint[], point: PhasePoint, axis: Axis): boolean {
  const levels = sweepThrough(points, point, axis).map((one) => one[axis]);
  return levels.some((one) => one < point[axis]) && levels.some((one) => one > point[axis]);
}

function compare(
  group: PhaseGroup,
  points: readonly PhasePoint[],
  tableFor: (point: PhasePoint) => PhaseTable,
  how: string,
): Comparison[] {
  return points.flatMap((measured) => {
    const predicted = predictPhase(tableFor(measured), { ...group, ...measured });
    return predicted.ok ? [toComparison(group, how, measured, predicted.value)] : [];
  });
}

const toComparison = (
  group: PhaseGroup,
  how: string,
  measured: PhasePoint,
  predicted: PhasePrediction,
): Comparison => ({ how, group, measured, predicted });

function notesOf(
  all: PhaseTable,
  given: PhaseTable,
  scored: PhaseTable,
  unseen: PhaseTable,
): string[] {
  const size = (table: PhaseTable): number =>
    table.reduce((sum, group) => sum + group.points.length, 0);
  const repeats = all.flatMap((group) => group.points).reduce((sum, one) => sum + one.repeats, 0);
  const unknown = all.filter((group) =>
    group.points.some((point) => batchFits({ ...group, ...point }) === 'unknown'),
  );
  return [
    `${repeats} rows are ${size(all)} configurations in ${all.length} groups; medians of repeats`,
    `infeasible by KV memory arithmetic, neither fitted nor scored: ${size(all) - size(given)}`,
    `seen by calibration, not scored: ${size(given) - size(scored)} configurations`,
    `in neither the shipped table nor the calibration: ${size(unseen)} configurations`,
    'e2e_time is inconsistent in the source: not scored',
    ...unknown.map((group) => `${groupKey(group)}: memory or shape not known, taken as feasible`),
  ];
}

import { batchFits } from '../time/phase-table/kv-fit.ts';
import {
  groupKey,
  median,
  type PhaseGroup,
  type PhasePoint,
  type PhaseTable,
} from '../time/phase-table/phase-table.ts';
import type { PhasePrediction } from '../time/phase-table/predict-phase.ts';
import type { PhaseMetric } from '../time/phase-table/predict-within-group.ts';
import { errorRow, type ValidationRow } from './validation-row.ts';

/** One measured configuration beside its prediction. */
export interface Comparison {
  /** What the prediction was not allowed to see; figures are made per value of this. */
  how: string;
  group: PhaseGroup;
  measured: PhasePoint;
  predicted: PhasePrediction;
}

/** Bounds on the mean and the median absolute error, percent; null is reported only. */
const LIMITS: ReadonlyArray<{ metric: PhaseMetric; mape: number; medianApe: number | null }> = [
  { metric: 'promptMs', mape: 8, medianApe: null },
  { metric: 'tokenMs', mape: 4, medianApe: null },
  { metric: 'powerShare', mape: 10, medianApe: 5 },
];

const SET = 'splitwise-sim';

/** Harder than what is asked for, so without a bound. */
export const BOTH_LEFT_OUT = 'as many tokens left out of both sweeps';

/**
 * The planner itself says of such an answer that it lies outside its measurements; without a bound.
 */
export const EXTRAPOLATED = 'not seen before: extrapolated';

const UNBOUNDED: ReadonlySet<string> = new Set([BOTH_LEFT_OUT, EXTRAPOLATED]);

/**
 * Errors by what was left out, then over all, and whether the memory rule finds what the times
 * betray.
 */
export function splitwiseRows(
  comparisons: readonly Comparison[],
  table: PhaseTable,
): ValidationRow[] {
  const kinds = [...new Set(comparisons.map((one) => one.how))];
  return [
    ...kinds.flatMap((how) =>
      rowsOf(
        how,
        comparisons.filter((one) => one.how === how),
      ),
    ),
    ...infeasibleRow(table),
  ];
}

function rowsOf(run: string, comparisons: readonly Comparison[]): ValidationRow[] {
  return LIMITS.flatMap(({ metric, mape, medianApe }) => {
    const errors = comparisons.flatMap(({ measured, predicted }) => {
      const [real, ours] = [measured[metric], predicted[metric]];
      return real === null || ours === null ? [] : [Math.abs(ours / real - 1) * 100];
    });
    if (errors.length === 0) return [];
    const mean = errors.reduce((sum, one) => sum + one, 0) / errors.length;
    const of = { set: SET, run: `${run} (${errors.length})`, metric };
    const bound = (limit: number | null): number | null => (UNBOUNDED.has(run) ? null : limit);
    const rows = [
      errorRow(of, 'mape', mean, bound(mape)),
      errorRow(of, 'medianApe', median(errors), bound(medianApe)),
      errorRow(of, 'maxApe', Math.max(...errors), null),
    ];
    return rows.concat(coverageRow(of, comparisons));
  });
}

/** Share of measurements that the 90 % intervals miss; none where no interval is given. */
function coverageRow(
  of: { set: string; run: string; metric: PhaseMetric },
  comparisons: readonly Comparison[],
): ValidationRow[] {
  const inside = comparisons.flatMap(({ measured, predicted }) => {
    const [real, interval] = [measured[of.metric], predicted.intervals[of.metric]];
    return real === null || interval === null
      ? []
      : [interval.low <= real && real <= interval.high];
  });
  if (inside.length === 0) return [];
  const missedPct = (inside.filter((one) => !one).length / inside.length) * 100;
  return [errorRow(of, 'outside90', missedPct, null)];
}

/**
 * Measured times betray a batch that was run in parts: the prompts of a batch twice as large take
 * less than half as long. The memory rule, which sees no times, must name the same configurations.
 */
function infeasibleRow(table: PhaseTable): ValidationRow[] {
  const all = table.flatMap((group) => group.points.map((point) => ({ group, point })));
  const byTimes = all.filter(({ group, point }) => ranInParts(group, point));
  const byRule = all.filter(
    ({ group, point }) => batchFits({ ...group, ...point }) === 'infeasible',
  );
  if (byTimes.length + byRule.length === 0) return [];
  const wrong = all.filter(
    (one) => byTimes.some((x) => x === one) !== byRule.some((x) => x === one),
  );
  return [
    {
      set: SET,
      run: `batches beyond memory: ${[...new Set(byRule.map(({ group }) => groupKey(group)))].join(', ')}`,
      metric: 'infeasibleConfigurations',
      stat: 'count',
      measured: byTimes.length,
      predicted: byRule.length,
      errorPct: (wrong.length / all.length) * 100,
      limitPct: 0,
      pass: wrong.length === 0,
    },
  ];
}

const ranInParts = (group: PhaseGroup, point: PhasePoint): boolean =>
  group.points.some(
    (smaller) =>
      smaller.promptTokens === point.promptTokens &&
      smaller.outputTokens === point.outputTokens &&
      smaller.batch * 2 === point.batch &&
      point.promptMs < smaller.promptMs / 2,
  );

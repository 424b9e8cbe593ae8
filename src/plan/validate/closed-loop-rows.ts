import type { Scored } from './closed-loop-folds.ts';
import { errorRow, type ValidationRow } from './validation-row.ts';

type Metric = 'ttftMs' | 'tpotMs';

/** Bounds in percent; what is absent is reported only. A metric that is named has its coverage bounded. */
export type Limits = Partial<Record<Metric, { mape?: number; medianApe?: number }>>;

/** Coverage of a 90 % interval is right between these, in percent. */
const COVERAGE = { target: 90, off: 5 };
/** Below this many runs a share says nothing: 5 points are one or two runs. */
const MIN_RUNS_FOR_COVERAGE = 30;

/** Mean and median error of both metrics, and how many measurements the 90 % interval holds. */
export function closedLoopRows(
  run: string,
  scored: readonly Scored[],
  limits: Limits,
): ValidationRow[] {
  if (scored.length === 0) return [];
  const label = `${run} (${scored.length})`;
  return (['ttftMs', 'tpotMs'] as const).flatMap((metric) => {
    const pairs = scored.map(({ run: measured, prediction }) => ({
      real: measured[metric],
      predicted: metric === 'ttftMs' ? prediction.ttft : prediction.tpot,
    }));
    const errors = pairs
      .map(({ real, predicted }) => Math.abs(predicted.ms / real - 1) * 100)
      .sort((a, b) => a - b);
    const inside = pairs.filter(
      ({ real, predicted }) => real >= predicted.lowMs && real <= predicted.highMs,
    );
    const mean = errors.reduce((sum, one) => sum + one, 0) / errors.length;
    const coverage = (inside.length / pairs.length) * 100;
    const bound = limits[metric];
    const of = { set: 'aiconfigurator', run: label, metric };
    const bounded = bound !== undefined && pairs.length >= MIN_RUNS_FOR_COVERAGE;
    return [
      errorRow(of, 'mape', mean, bound?.mape ?? null),
      errorRow(of, 'medianApe', medianOf(errors), bound?.medianApe ?? null),
      {
        ...errorRow(
          of,
          'coverage90Pct',
          Math.abs(coverage - COVERAGE.target),
          bounded ? COVERAGE.off : null,
        ),
        measured: coverage,
        predicted: COVERAGE.target,
      },
    ];
  });
}

/** Of sorted values: the middle one, or the mean of the two. */
function medianOf(sorted: readonly number[]): number {
  const half = sorted.length / 2;
  const high = sorted[Math.floor(half)] ?? 0;
  return Number.isInteger(half) ? ((sorted[half - 1] ?? 0) + high) / 2 : high;
}

import type { Plan } from '../plan/plan-file/plan-schema.ts';
import { targetsOf } from '../plan/search/constraints.ts';
import type { CurvePoint } from '../plan/search/load-curve.ts';
import { columnsOf } from './answer-layout.ts';
import { plot, type Curve } from './plot.ts';

const ROWS = 12;

/** Percentiles of the latency that the plan asks about first (else E2E) over load, with its target as dots. */
export function renderCurve(plan: Plan, curve: readonly CurvePoint[], columns: number): string {
  const [target] = targetsOf(plan);
  const metric = target?.metric ?? 'e2eMs';
  const width = columnsOf(columns) - 20;
  const line = (name: 'p50' | 'p95' | 'p99', mark: string): Curve => ({
    mark,
    points: curve.flatMap(({ ratePerS, evaluation }) => {
      const { value } = evaluation[metric][name];
      return value === null ? [] : [{ x: ratePerS, y: value }];
    }),
  });
  const most = curve.at(-1)?.ratePerS ?? 1;
  const limit =
    target === undefined
      ? []
      : [
          {
            mark: '.',
            points: Array.from({ length: width }, (_, i) => ({
              x: (most * (i + 0.5)) / width,
              y: target.limitMs,
            })),
          },
        ];
  const title = `${metric.replace('Ms', '').toUpperCase()} over load: 5 p50, 9 p95, # p99${target === undefined ? '' : ', . target'}`;
  const lines = plot([...limit, line('p50', '5'), line('p95', '9'), line('p99', '#')], {
    columns: width,
    rows: ROWS,
    title,
    xUnit: 'req/s',
    yUnit: 'ms',
  });
  return `\n${lines.join('\n')}\n`;
}

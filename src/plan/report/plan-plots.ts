import type { FacilityPlan } from '../facility/plan-facility.ts';
import type { Plan } from '../plan-file/plan-schema.ts';
import { latencyMetrics, targetsOf } from '../search/constraints.ts';
import type { DoublePlan } from '../search/double-plan.ts';
import type { Evaluation } from '../search/evaluation.ts';
import type { CurvePoint } from '../search/load-curve.ts';
import { escapeXml, svgPlot } from './svg-plot.ts';

const LONG = {
  ttftMs: 'time to first token',
  tpotMs: 'time per output token',
  e2eMs: 'whole reply',
};

/** p50, p95 and p99 of each latency over load, with the tightest target of the plan. */
export function latencyPlots(plan: Plan, curve: readonly CurvePoint[]): string[] {
  return latencyMetrics.map((metric) => {
    const target = targetsOf(plan).find((one) => one.metric === metric);
    const series = (['p50', 'p95', 'p99'] as const).map((name) => ({
      name,
      form: 'line' as const,
      points: curve.flatMap(({ ratePerS, evaluation }) => {
        const { value } = evaluation[metric][name];
        return value === null ? [] : [{ x: ratePerS, y: value }];
      }),
    }));
    return svgPlot(series, {
      title: `${LONG[metric]} over load (predicted)`,
      xLabel: 'requests/s',
      yLabel: 'ms',
      logY: true,
      ...(target === undefined
        ? {}
        : { limit: { name: `${target.percentile} target`, y: target.limitMs } }),
    });
  });
}

/** Cost of the cheapest plan over load: a step wherever another accelerator is needed. */
export const costPlot = ({ points }: DoublePlan): string =>
  svgPlot(
    [
      {
        name: 'cheapest plan',
        form: 'step',
        points: points.flatMap(({ ratePerS, usdPerHour }) =>
          usdPerHour === null ? [] : [{ x: ratePerS, y: usdPerHour }],
        ),
      },
    ],
    { title: 'cost of the cheapest plan over load', xLabel: 'requests/s', yLabel: '$/h' },
  );

/** Plans that nothing beats in cost, energy and tail: the tail over cost. */
export const frontPlot = (front: readonly Evaluation[]): string =>
  svgPlot(
    [
      {
        name: 'front',
        form: 'points',
        points: front.flatMap(({ usdPerHour, e2eMs }) =>
          e2eMs.p99.value === null ? [] : [{ x: usdPerHour, y: e2eMs.p99.value }],
        ),
      },
    ],
    { title: 'p99 of the whole reply over cost', xLabel: '$/h', yLabel: 'ms' },
  );

const ROW = 24;
const BAR_LEFT = 260;
const BAR_WIDTH = 320;
const MAX_ROWS = 200;

/** Load of each limit of a site as a bar against its capacity, in the order of the tree. */
export function powerTree({ check }: FacilityPlan): string {
  const readings = check.readings.slice(0, MAX_ROWS);
  const rows = readings.map((reading, i) => {
    const used = reading.capacityKw === 0 ? 1 : reading.loadKw / reading.capacityKw;
    const depth = reading.path.split(' > ').length - 1;
    const y = i * ROW + 30;
    const name = `${reading.id}${reading.limit === 'cooling' ? ' (cooling)' : ''}`;
    const width = Math.round(Math.min(1, used) * BAR_WIDTH);
    const colour = reading.fits ? '#2f74d0' : '#b3261e';
    return (
      `<text x="${8 + depth * 14}" y="${y + 12}">${escapeXml(name)}</text>` +
      `<rect x="${BAR_LEFT}" y="${y}" width="${BAR_WIDTH}" height="16" fill="#f0f2f5"/>` +
      `<rect x="${BAR_LEFT}" y="${y}" width="${width}" height="16" fill="${colour}"/>` +
      `<text x="${BAR_LEFT + BAR_WIDTH + 8}" y="${y + 12}">${reading.loadKw} of ${reading.capacityKw} kW</text>`
    );
  });
  const height = readings.length * ROW + 40;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 ${height}" role="img" aria-label="power tree" ` +
    `font-family="system-ui, sans-serif" font-size="12"><text x="8" y="18" font-weight="600">power tree</text>${rows.join('')}</svg>`
  );
}

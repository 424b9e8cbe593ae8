import type { DoublePlan, Doubling, LoadPoint } from '../plan/search/double-plan.ts';
import { columnsOf, paragraph, table } from './answer-layout.ts';
import { createPaint, type Paint } from './answer-paint.ts';
import { count, milliseconds, usd } from './answer-units.ts';
import { plot } from './plot.ts';
import { acceleratorsOf } from '../plan/search/candidate.ts';

const PLOT_ROWS = 10;

/** Cost over load and what doubling costs, on one screen; pure. */
export function renderDouble(
  { points, doublings }: DoublePlan,
  { colour, columns }: { colour: boolean; columns: number },
): string {
  const paint = createPaint(colour);
  const width = columnsOf(columns);
  const rows = points.map((point) => pointRow(point));
  const head = ['cheapest plan', 'req/s', '$/h', '$/1,000', 'p99 TTFT', 'a cheaper one breaks'];
  const lines = [
    ...table(head, rows, { width }),
    '',
    ...doublings.map((one) => `  ${doublingWords(one, paint)}`),
    ...(points.length < 2 ? [] : ['', ...costPlot(points, width)]),
    ...paragraph(
      'Cost of the cheapest plan that meets every target, simulated at each load; prices and step times as in `plan search`.',
      { width, indent: 2 },
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function pointRow({
  best,
  ratePerS,
  usdPerHour,
  averageUsdPer1000,
  bindsField,
}: LoadPoint): string[] {
  const c = best?.candidate;
  const name =
    c === undefined
      ? 'none meets the targets'
      : `${acceleratorsOf(c)} x ${c.accelerator} ${c.quantization} tp${c.tensorParallel}`;
  return [
    name,
    String(Number(ratePerS.toPrecision(4))),
    usd(usdPerHour),
    usd(averageUsdPer1000),
    milliseconds(best?.ttftMs.p99.value ?? null),
    bindsField ?? '',
  ];
}

function tokenWords({ marginal }: Doubling): string {
  if (marginal === null || marginal.perRequestUsd === 0) return '';
  const { perMillionInputUsd, perMillionOutputUsd } = marginal;
  return `; per million tokens ${usd(perMillionInputUsd)} in, ${usd(perMillionOutputUsd)} out`;
}

function doublingWords(doubling: Doubling, paint: Paint): string {
  const { fromPerS, toPerS, extraUsdPerHour, extraAccelerators, marginalUsdPer1000 } = doubling;
  const loads = `${Number(fromPerS.toPrecision(4))} -> ${Number(toPerS.toPrecision(4))} req/s`;
  if (extraUsdPerHour === null) return `${loads}: unknown, one of them has no plan`;
  const what =
    extraAccelerators === null || extraAccelerators === 0
      ? 'no more accelerators'
      : `${count(extraAccelerators)} more accelerator${extraAccelerators === 1 ? '' : 's'}`;
  return `${loads}: ${paint.bold(`adds ${usd(extraUsdPerHour)}/h`)} (${what}), ${usd(marginalUsdPer1000)} per 1,000 more requests${tokenWords(doubling)}`;
}

/** Steps of cost over load. */
function costPlot(points: readonly LoadPoint[], width: number): string[] {
  const known = points.flatMap(({ ratePerS, usdPerHour }) =>
    usdPerHour === null ? [] : [{ x: ratePerS, y: usdPerHour }],
  );
  return plot([{ mark: '█', points: known }], {
    columns: width - 20,
    rows: PLOT_ROWS,
    title: 'cost of the cheapest plan over load',
    xUnit: 'req/s',
    yUnit: '$/h',
  });
}

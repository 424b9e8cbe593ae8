import { useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Metric, SeriesStep } from '../api/types.ts';
import { useTheme } from '../app-context.ts';
import { formatMs, formatStep } from '../format.ts';
import { Swatch } from '../ui/stacked-bar.tsx';
import { roundDurations } from './heat-grid.ts';
import { isolated, lineData, lineRange, newest, type LineData } from './line-data.ts';
import { useWidth } from './use-width.ts';

// The library names this in a const enum, of which no value exists at run time.
// oxlint-disable-next-line typescript/no-unsafe-enum-assignment
const LOGARITHMIC = 3 as uPlot.Scale.Distr;

const HEIGHT_PX = 222;
const LINES = [
  { label: 'p50', colour: '--c-sky' },
  { label: 'p95', colour: '--c-blue' },
  { label: 'p99', colour: '--c-violet' },
] as const;

interface PercentileLinesProps {
  label: string;
  steps: readonly SeriesStep[];
  stepMs: number;
  metric: Metric;
  targets: ReadonlyArray<{ label: string; ms: number }>;
}

/** p50, p95 and p99 of each step against the targets, on a logarithmic axis. */
export function PercentileLines({ label, steps, stepMs, metric, targets }: PercentileLinesProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const theme = useTheme();
  const data = useMemo(() => lineData(steps, stepMs, metric), [steps, stepMs, metric]);
  const targetKey = targets.map((target) => target.ms).join(' ');
  const [pointed, setPointed] = useState<number | null>(null);
  const chart = useRef<uPlot | null>(null);
  const ready = width > 0;
  useEffect(() => {
    const element = box.current;
    if (element === null || !ready) return;
    const targetsMs = targetKey === '' ? [] : targetKey.split(' ').map(Number);
    const options = chartOptions(element, targetsMs, setPointed);
    const made = new uPlot(options, [[], [], [], []], element);
    chart.current = made;
    return () => {
      made.destroy();
      chart.current = null;
    };
  }, [targetKey, theme, ready]);
  useEffect(() => {
    chart.current?.setSize({ width, height: HEIGHT_PX });
    chart.current?.setData(data);
  }, [data, width, targetKey, theme]);
  const shown = pointed !== null && pointed < data[0].length ? pointed : newest(data);
  return (
    <div>
      <div ref={box} role="img" aria-label={label} style={{ height: HEIGHT_PX }} />
      <Legend data={data} index={shown} targets={targets} isPointed={pointed !== null} />
    </div>
  );
}

interface LegendProps {
  data: LineData;
  index: number | null;
  targets: PercentileLinesProps['targets'];
  isPointed: boolean;
}

function Legend({ data, index, targets, isPointed }: LegendProps) {
  const atSeconds = index === null ? undefined : data[0][index];
  return (
    <div className="flex flex-wrap gap-x-3 text-xs text-ink-2">
      {LINES.map(({ label, colour }, line) => (
        <span key={label} className="inline-flex items-center gap-1.5">
          <Swatch colour={`var(${colour})`} />
          {label}{' '}
          <span className="font-medium">
            {index === null ? '' : formatMs(data[line + 1]?.[index] ?? null)}
          </span>
        </span>
      ))}
      {targets.map((target) => (
        <span key={target.label} className="text-bad">
          {target.label} {formatMs(target.ms)}
        </span>
      ))}
      {atSeconds === undefined ? null : (
        <span className="text-ink-3">
          {isPointed ? 'at' : 'newest, at'} {formatStep(atSeconds * 1000, 0)}
        </span>
      )}
    </div>
  );
}

/** Options of one chart, in the colours of the theme that is on now. */
function chartOptions(
  element: Element,
  targetsMs: readonly number[],
  onPoint: (index: number | null) => void,
): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: colour('--ink-3'),
    font: `11px ${style.fontFamily}`,
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: 100,
    height: HEIGHT_PX,
    legend: { show: false },
    padding: [8, 8, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      y: {
        distr: LOGARITHMIC,
        range: (self) => lineRange(self.data as LineData, targetsMs),
      },
    },
    axes: [
      { ...axis, size: 24, values: (self, seconds) => timeLabels(self, seconds) },
      {
        ...axis,
        size: 52,
        gap: 4,
        splits: (_self, _index, lowest, highest) => roundDurations(lowest, highest, 7),
        filter: (_self, splits) => splits,
        values: (_self, splits) => splits.map((ms) => formatMs(ms)),
      },
    ],
    series: [
      {},
      ...LINES.map((line) => ({
        label: line.label,
        stroke: colour(line.colour),
        width: 1.5,
        // A step between two gaps is no line; it is drawn as a point.
        points: {
          show: true,
          size: 5,
          filter: (self: uPlot, line: number) => isolated(self.data[line] ?? []),
        },
      })),
    ],
    hooks: {
      draw: [(self) => drawTargets(self, targetsMs, colour('--bad'))],
      setCursor: [(self) => onPoint(self.cursor.idx ?? null)],
    },
  };
}

function timeLabels(self: uPlot, seconds: readonly number[]): string[] {
  const spanMs = ((self.scales['x']?.max ?? 0) - (self.scales['x']?.min ?? 0)) * 1000;
  return seconds.map((at) => formatStep(at * 1000, spanMs));
}

/** Dashed lines across the plot, over the data. */
function drawTargets(self: uPlot, targetsMs: readonly number[], stroke: string): void {
  const { ctx, bbox } = self;
  ctx.save();
  ctx.strokeStyle = stroke;
  ctx.lineWidth = window.devicePixelRatio;
  ctx.setLineDash([4 * window.devicePixelRatio, 4 * window.devicePixelRatio]);
  for (const ms of targetsMs) {
    const y = Math.round(self.valToPos(ms, 'y', true));
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  }
  ctx.restore();
}

import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTheme } from '../app-context.ts';
import { formatCount, formatMs, formatStep } from '../format.ts';
import { cellAt, firstCell, moveCell, type HeatCell } from './heat-cursor.ts';
import { heatGrid, heightOf, roundDurations, type HeatGrid } from './heat-grid.ts';
import { paintHeat, readRamp } from './heat-paint.ts';
import { TimeAxis } from './time-axis.tsx';
import { useWidth } from './use-width.ts';
import type { SeriesStep } from '../api/types.ts';

const HEIGHT_PX = 200;
const LABEL_EVERY_PX = 110;

/** What a cell stands for: a stretch of time and one of latency. */
export interface HeatChoice {
  fromMs: number;
  toMs: number;
  lowerMs: number;
}

interface HeatmapProps {
  /** Names the chart, e.g. `End to end latency of chat`. */
  label: string;
  steps: readonly SeriesStep[];
  stepMs: number;
  /** Drawn as lines across, ms. */
  targets: ReadonlyArray<{ label: string; ms: number }>;
  onOpen: (choice: HeatChoice) => void;
}

/** Latency over time: each cell is how many requests of a step were that slow. */
export function Heatmap({ label, steps, stepMs, targets, onOpen }: HeatmapProps) {
  const grid = useMemo(() => heatGrid(steps, stepMs), [steps, stepMs]);
  return grid === null ? (
    <p className="py-8 text-center text-xs text-ink-3">No request in this window.</p>
  ) : (
    <HeatPlot label={label} grid={grid} targets={targets} onOpen={onOpen} />
  );
}

type HeatPlotProps = Omit<HeatmapProps, 'steps' | 'stepMs'> & { grid: HeatGrid };

function HeatPlot({ label, grid, targets, onOpen }: HeatPlotProps) {
  const plot = useRef<HTMLDivElement>(null);
  const width = useWidth(plot);
  const helpId = useId();
  const [cursor, setCursor] = useState<HeatCell | null>(null);
  const cell = cursor === null ? null : bounded(grid, cursor);
  const open = (at: HeatCell): void => {
    const column = grid.columns[at.x];
    const row = grid.rows[at.y];
    if (column === undefined || row === undefined) return;
    onOpen({ fromMs: column.fromMs, toMs: column.toMs, lowerMs: row.lowerMs });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const from = cell ?? firstCell(grid);
    const to = moveCell(grid, from, event.key);
    if (to !== null) setCursor(cell === null ? from : to);
    else if (event.key === 'Enter') open(from);
    else return;
    event.preventDefault();
  };
  return (
    <div className="grid grid-cols-[3rem_minmax(0,1fr)]">
      <DurationAxis grid={grid} />
      <div
        ref={plot}
        role="application"
        aria-roledescription="heatmap"
        aria-label={label}
        aria-describedby={helpId}
        tabIndex={0}
        data-testid="heatmap"
        onFocus={() => {
          setCursor((now) => now ?? firstCell(grid));
        }}
        onBlur={() => {
          setCursor(null);
        }}
        onKeyDown={onKeyDown}
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          const left = (event.clientX - box.left) / box.width;
          setCursor(cellAt(grid, left, (event.clientY - box.top) / box.height));
        }}
        onPointerLeave={() => {
          setCursor(null);
        }}
        onClick={() => {
          if (cell !== null) open(cell);
        }}
        className="relative cursor-crosshair border-b border-s border-line"
        style={{ height: HEIGHT_PX }}
      >
        <HeatCanvas grid={grid} width={width} />
        {targets.map((target) => (
          <TargetLine key={target.label} grid={grid} target={target} />
        ))}
        {cell === null ? null : <CellFrame grid={grid} cell={cell} />}
      </div>
      <span />
      <TimeAxis
        fromMs={grid.columns[0]?.fromMs ?? 0}
        toMs={grid.columns.at(-1)?.toMs ?? 0}
        labels={Math.floor(width / LABEL_EVERY_PX)}
      />
      <p
        aria-live="polite"
        data-testid="heatmap-readout"
        className="col-span-2 mt-1 min-h-[1.0625rem] text-xs text-ink-2"
      >
        {cell === null ? '' : describeCell(grid, cell)}
      </p>
      <p id={helpId} className="sr-only">
        Arrow keys move between cells, Enter opens the requests at least as slow. The same figures
        are in the table.
      </p>
    </div>
  );
}

/** The grid may have shrunk since the cursor was set. */
const bounded = (grid: HeatGrid, { x, y }: HeatCell): HeatCell => ({
  x: Math.min(x, grid.columns.length - 1),
  y: Math.min(y, grid.rows.length - 1),
});

function describeCell(grid: HeatGrid, { x, y }: HeatCell): string {
  const column = grid.columns[x];
  const row = grid.rows[y];
  if (column === undefined || row === undefined) return '';
  const spanMs = (grid.columns.at(-1)?.toMs ?? 0) - (grid.columns[0]?.fromMs ?? 0);
  const total = column.counts.reduce((sum, count) => sum + count, 0);
  const time = `${formatStep(column.fromMs, spanMs)} to ${formatStep(column.toMs, spanMs)}`;
  const range = `${formatMs(row.lowerMs)} to ${formatMs(row.upperMs)}`;
  return `${time}, ${range}: ${formatCount(column.counts[y] ?? 0)} of ${formatCount(total)} values`;
}

function HeatCanvas({ grid, width }: { grid: HeatGrid; width: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  useEffect(() => {
    const element = canvas.current;
    if (element === null || width === 0) return;
    const scale = window.devicePixelRatio;
    element.width = Math.round(width * scale);
    element.height = Math.round(HEIGHT_PX * scale);
    paintHeat(element, grid, readRamp(element));
  }, [grid, width, theme]);
  return <canvas ref={canvas} className="absolute inset-0 size-full" />;
}

function DurationAxis({ grid }: { grid: HeatGrid }) {
  const lowest = grid.rows[0];
  const ticks = roundDurations(
    lowest?.lowerMs === 0 ? lowest.upperMs : (lowest?.lowerMs ?? 1),
    grid.rows.at(-1)?.upperMs ?? 1,
    8,
  );
  return (
    <div aria-hidden="true" className="relative text-2xs text-ink-3">
      {ticks.map((ms) => (
        <span
          key={ms}
          className="absolute end-1.5 translate-y-1/2 whitespace-nowrap"
          style={{ bottom: `${(heightOf(grid, ms) ?? 0) * 100}%` }}
        >
          {formatMs(ms)}
        </span>
      ))}
    </div>
  );
}

function TargetLine({ grid, target }: { grid: HeatGrid; target: { label: string; ms: number } }) {
  const height = heightOf(grid, target.ms);
  if (height === null) return null;
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none absolute inset-x-0 border-t border-dashed border-bad"
      style={{ bottom: `${height * 100}%` }}
    >
      <span className="absolute end-0 bottom-0 bg-panel/80 px-1 text-2xs text-bad">
        {target.label}
      </span>
    </div>
  );
}

function CellFrame({ grid, cell }: { grid: HeatGrid; cell: HeatCell }) {
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none absolute border-2 border-ink"
      style={{
        left: `${(cell.x / grid.columns.length) * 100}%`,
        bottom: `${(cell.y / grid.rows.length) * 100}%`,
        width: `max(${100 / grid.columns.length}%, 6px)`,
        height: `max(${100 / grid.rows.length}%, 6px)`,
      }}
    />
  );
}

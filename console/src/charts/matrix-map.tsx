import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTheme } from '../app-context.ts';
import { colourAt, readRamp } from './heat-paint.ts';
import { useWidth } from './use-width.ts';

const ROW_PX = 18;
const MAX_HEIGHT_PX = 420;

interface MatrixMapProps {
  /** Names the chart. */
  label: string;
  rows: readonly string[];
  columns: number;
  /** 0..1 where it is coloured; null is unknown and stays empty. */
  shade: (x: number, y: number) => number | null;
  /** A sentence about a cell, for the read-out. */
  describe: (x: number, y: number) => string;
  /** Under the plot, e.g. a time axis. */
  axis?: ReactNode;
  testId?: string;
}

interface Place {
  x: number;
  y: number;
}

const STEPS: Readonly<Record<string, Place>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

const clamp = (value: number, most: number): number => Math.min(Math.max(value, 0), most);

/** Rows of things over columns of time or steps; each cell a share of 1 by its shade. */
export function MatrixMap(props: MatrixMapProps) {
  const { label, rows, columns, describe, axis, testId } = props;
  const plot = useRef<HTMLDivElement>(null);
  const width = useWidth(plot);
  const helpId = useId();
  const [cursor, setCursor] = useState<Place | null>(null);
  const height = Math.min(MAX_HEIGHT_PX, Math.max(1, rows.length) * ROW_PX);
  const at = cursor === null ? null : within(cursor, columns, rows.length);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const from = at ?? { x: columns - 1, y: 0 };
    setCursor(within({ x: from.x + step.x, y: from.y + step.y }, columns, rows.length));
  };
  return (
    <div className="grid grid-cols-[minmax(3rem,7rem)_minmax(0,1fr)]">
      <RowLabels rows={rows} height={height} />
      <div
        ref={plot}
        role="application"
        aria-roledescription="heatmap"
        aria-label={label}
        aria-describedby={helpId}
        tabIndex={0}
        data-testid={testId}
        onFocus={() => {
          setCursor((now) => now ?? { x: columns - 1, y: 0 });
        }}
        onBlur={() => {
          setCursor(null);
        }}
        onKeyDown={onKeyDown}
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          const x = Math.floor(((event.clientX - box.left) / box.width) * columns);
          const y = Math.floor(((event.clientY - box.top) / box.height) * rows.length);
          setCursor({ x, y });
        }}
        onPointerLeave={() => {
          setCursor(null);
        }}
        className="relative cursor-crosshair border-b border-s border-line bg-sunken"
        style={{ height }}
      >
        <MatrixCanvas {...props} width={width} height={height} />
        {at === null ? null : <CellFrame at={at} columns={columns} rows={rows.length} />}
      </div>
      <span />
      {axis ?? <span />}
      <p
        aria-live="polite"
        data-testid={testId === undefined ? undefined : `${testId}-readout`}
        className="col-span-2 mt-1 min-h-[1.0625rem] text-xs text-ink-2"
      >
        {at === null ? '' : describe(at.x, at.y)}
      </p>
      <p id={helpId} className="sr-only">
        Arrow keys move between cells. The same figures are in the table.
      </p>
    </div>
  );
}

const within = ({ x, y }: Place, columns: number, rows: number): Place => ({
  x: clamp(x, columns - 1),
  y: clamp(y, rows - 1),
});

interface MatrixCanvasProps extends MatrixMapProps {
  width: number;
  height: number;
}

function MatrixCanvas({ rows, columns, shade, width, height }: MatrixCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d') ?? null;
    if (element === null || context === null || width === 0) return;
    const scale = window.devicePixelRatio;
    element.width = Math.round(width * scale);
    element.height = Math.round(height * scale);
    const ramp = readRamp(element);
    const cellWidth = element.width / columns;
    const cellHeight = element.height / Math.max(1, rows.length);
    const gap = Math.min(cellWidth, cellHeight) >= 4 ? 1 : 0;
    for (let y = 0; y < rows.length; y += 1) {
      const top = Math.round(y * cellHeight);
      const bottom = Math.round((y + 1) * cellHeight);
      for (let x = 0; x < columns; x += 1) {
        const share = shade(x, y);
        if (share === null) continue;
        const left = Math.round(x * cellWidth);
        const right = Math.round((x + 1) * cellWidth);
        context.fillStyle = colourAt(ramp, share);
        context.fillRect(
          left,
          top,
          Math.max(1, right - left - gap),
          Math.max(1, bottom - top - gap),
        );
      }
    }
  }, [rows, columns, shade, width, height, theme]);
  return <canvas ref={canvas} className="absolute inset-0 size-full" />;
}

/** As many names as fit; the read-out names the rest. */
function RowLabels({ rows, height }: { rows: readonly string[]; height: number }) {
  const stride = Math.max(1, Math.ceil((rows.length * 13) / height));
  return (
    <div aria-hidden="true" className="relative text-2xs text-ink-3" style={{ height }}>
      {rows.map((row, index) =>
        index % stride === 0 ? (
          <span
            key={row}
            title={row}
            className="absolute inset-x-0 -translate-y-1/2 truncate pe-1.5 text-end"
            style={{ top: `${((index + 0.5) / rows.length) * 100}%` }}
          >
            {row}
          </span>
        ) : null,
      )}
    </div>
  );
}

function CellFrame({ at, columns, rows }: { at: Place; columns: number; rows: number }) {
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none absolute border-2 border-ink"
      style={{
        left: `${(at.x / columns) * 100}%`,
        top: `${(at.y / rows) * 100}%`,
        width: `max(${100 / columns}%, 6px)`,
        height: `max(${100 / rows}%, 6px)`,
      }}
    />
  );
}

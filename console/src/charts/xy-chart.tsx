import { useRef, type ReactNode } from 'react';
import { Swatch } from '../ui/stacked-bar.tsx';
import { linearScale, logScale, type Scale } from './scale.ts';
import { useWidth } from './use-width.ts';

const HEIGHT_PX = 230;
const MARGIN = { left: 54, right: 14, top: 10, bottom: 36 };

export interface XyPoint {
  x: number;
  /** Null is a gap. */
  y: number | null;
  /** What a pointer over it is told. */
  title?: string;
}

export interface XySeries {
  key: string;
  label: string;
  colour: string;
  points: readonly XyPoint[];
  /** `line` joins points, `steps` holds a value until the next, `dots` does not join. */
  kind?: 'line' | 'steps' | 'dots';
  dashed?: boolean;
}

interface Axis {
  label: string;
  format: (value: number) => string;
  log?: boolean;
  /** Room that a label takes; x only. */
  labelPx?: number;
  /** Values that the axis holds whatever the data. */
  spans?: readonly number[];
}

interface XyChartProps {
  /** A sentence for those who do not see it; the figures are in a table beside it. */
  label: string;
  series: readonly XySeries[];
  x: Axis;
  y: Axis;
  /** A limit drawn across. */
  limits?: ReadonlyArray<{ label: string; y: number }>;
  /** Where the page is now. */
  marker?: { label: string; x: number };
  testId?: string;
}

/** Lines, steps or dots over two numeric axes. Drawn as SVG: up to some thousand points. */
export function XyChart(props: XyChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const { series, testId, label } = props;
  return (
    <figure className="min-w-0">
      <div ref={box} style={{ height: HEIGHT_PX }}>
        {width === 0 ? null : (
          <svg
            role="img"
            aria-label={label}
            data-testid={testId}
            viewBox={`0 0 ${width} ${HEIGHT_PX}`}
            width={width}
            height={HEIGHT_PX}
            className="block text-2xs"
          >
            <Plot {...props} width={width} />
          </svg>
        )}
      </div>
      <figcaption className="mt-1 flex flex-wrap gap-x-3 gap-y-0.5 text-xs text-ink-2">
        {series.map((one) => (
          <span key={one.key} className="inline-flex items-center gap-1.5">
            <Swatch colour={one.colour} /> {one.label}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

/** From data to pixels. */
interface Frame {
  x: Scale;
  y: Scale;
  left: (x: number) => number;
  top: (y: number) => number;
  width: number;
}

function frameOf({ series, x, y, limits = [], marker }: XyChartProps, width: number): Frame {
  const points = series.flatMap((one) => one.points);
  const known = points.flatMap((one) => (one.y === null ? [] : [one.y]));
  const xs = [...points.map((one) => one.x), ...(marker === undefined ? [] : [marker.x])];
  const xScale = scaleOf(x, xs);
  const yScale = scaleOf(y, [...known, ...limits.map((one) => one.y)]);
  const across = width - MARGIN.left - MARGIN.right;
  const down = HEIGHT_PX - MARGIN.top - MARGIN.bottom;
  return {
    x: xScale,
    y: yScale,
    width,
    left: (value) => MARGIN.left + xScale.place(value) * across,
    top: (value) => MARGIN.top + (1 - yScale.place(value)) * down,
  };
}

function scaleOf({ log = false, spans = [] }: Axis, values: readonly number[]): Scale {
  const all = [...values, ...spans].filter((one) => Number.isFinite(one) && (!log || one > 0));
  const lowest = all.length === 0 ? 1 : Math.min(...all);
  const highest = all.length === 0 ? 10 : Math.max(...all);
  if (log) return logScale(lowest / 1.15, highest * 1.15);
  const air = spans.length > 0 && highest <= Math.max(...spans) ? 0 : (highest - lowest) * 0.05;
  return linearScale(lowest, highest + air);
}

function Plot(props: XyChartProps & { width: number }) {
  const { series, limits = [], marker, width } = props;
  const frame = frameOf(props, width);
  return (
    <>
      <Axes frame={frame} x={props.x} y={props.y} />
      {limits.map((limit) => (
        <Limit key={limit.label} frame={frame} limit={limit} />
      ))}
      {marker === undefined ? null : <Marker frame={frame} marker={marker} />}
      {series.map((one) => (
        <Series key={one.key} frame={frame} series={one} />
      ))}
    </>
  );
}

function Axes({ frame, x, y }: { frame: Frame; x: Axis; y: Axis }) {
  const { width } = frame;
  const bottom = HEIGHT_PX - MARGIN.bottom;
  const xTicks = frame.x.ticks(Math.max(2, Math.floor((width - 70) / (x.labelPx ?? 52))));
  return (
    <g className="fill-ink-3 stroke-line">
      {frame.y.ticks(5).map((tick) => (
        <g key={tick}>
          <line
            x1={MARGIN.left}
            x2={width - MARGIN.right}
            y1={frame.top(tick)}
            y2={frame.top(tick)}
          />
          <Text x={MARGIN.left - 6} y={frame.top(tick) + 3.5} anchor="end">
            {y.format(tick)}
          </Text>
        </g>
      ))}
      {xTicks.map((tick) => (
        <g key={tick}>
          <line x1={frame.left(tick)} x2={frame.left(tick)} y1={bottom} y2={bottom + 3} />
          <Text x={frame.left(tick)} y={bottom + 14} anchor="middle">
            {x.format(tick)}
          </Text>
        </g>
      ))}
      <Text x={width - MARGIN.right} y={HEIGHT_PX - 5} anchor="end">
        {x.label}
      </Text>
      <Text x={4} y={HEIGHT_PX - 5} anchor="start">
        {y.label}
      </Text>
    </g>
  );
}

interface TextProps {
  x: number;
  y: number;
  anchor: 'start' | 'middle' | 'end';
  children: ReactNode;
  className?: string;
}

const Text = ({ x, y, anchor, children, className = '' }: TextProps) => (
  <text x={x} y={y} textAnchor={anchor} stroke="none" fontSize={11} className={className}>
    {children}
  </text>
);

function Limit({ frame, limit }: { frame: Frame; limit: { label: string; y: number } }) {
  const y = frame.top(limit.y);
  return (
    <g className="fill-bad stroke-bad">
      <line x1={MARGIN.left} x2={frame.width - MARGIN.right} y1={y} y2={y} strokeDasharray="4 4" />
      <Text x={frame.width - MARGIN.right} y={y - 4} anchor="end">
        {limit.label}
      </Text>
    </g>
  );
}

function Marker({ frame, marker }: { frame: Frame; marker: { label: string; x: number } }) {
  const x = frame.left(marker.x);
  const isLate = x > frame.width * 0.75;
  return (
    <g className="fill-accent stroke-accent">
      <line x1={x} x2={x} y1={MARGIN.top} y2={HEIGHT_PX - MARGIN.bottom} strokeDasharray="2 3" />
      <Text
        x={isLate ? x - 4 : x + 4}
        y={HEIGHT_PX - MARGIN.bottom - 5}
        anchor={isLate ? 'end' : 'start'}
      >
        {marker.label}
      </Text>
    </g>
  );
}

function Series({ frame, series }: { frame: Frame; series: XySeries }) {
  const { kind = 'line', colour, points, dashed = false } = series;
  const known = points.filter((one): one is XyPoint & { y: number } => one.y !== null);
  return (
    <g>
      {kind === 'dots' ? null : (
        <path
          d={pathOf(frame, points, kind === 'steps')}
          fill="none"
          strokeWidth={1.75}
          style={{ stroke: colour }}
          {...(dashed ? { strokeDasharray: '5 4' } : {})}
        />
      )}
      {dashed
        ? null
        : known.map((one) => (
            <circle
              key={`${one.x} ${one.y} ${one.title ?? ''}`}
              cx={frame.left(one.x)}
              cy={frame.top(one.y)}
              r={kind === 'dots' ? 4.5 : 2.75}
              style={{ fill: colour, stroke: 'var(--panel)' }}
            >
              {one.title === undefined ? null : <title>{one.title}</title>}
            </circle>
          ))}
    </g>
  );
}

function pathOf(frame: Frame, points: readonly XyPoint[], isStepped: boolean): string {
  let isDrawing = false;
  const parts = points.map(({ x, y }) => {
    if (y === null) {
      isDrawing = false;
      return '';
    }
    const at = frame.left(x).toFixed(1);
    const top = frame.top(y).toFixed(1);
    const part = !isDrawing ? `M${at} ${top}` : isStepped ? `H${at}V${top}` : `L${at} ${top}`;
    isDrawing = true;
    return part;
  });
  return parts.join('');
}

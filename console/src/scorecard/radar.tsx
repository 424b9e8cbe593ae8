const SIZE = 290;
/** Room for the names left and right. */
const SIDE = 46;
const CENTRE = SIZE / 2;
const RADIUS = 96;
const FULL = 2;

interface RadarProps {
  label: string;
  axes: ReadonlyArray<{ name: string; short: string }>;
  shapes: ReadonlyArray<{
    key: string;
    colour: string;
    values: readonly number[];
    dashed?: boolean;
  }>;
}

/** Levels 0 to 2 of each category as a shape; the figures are in the list beside it. */
export function Radar({ label, axes, shapes }: RadarProps) {
  const place = (index: number, level: number): readonly [number, number] => {
    const angle = (index / axes.length) * 2 * Math.PI - Math.PI / 2;
    // Level 0 is a small ring, so that a shape with zeros is still seen.
    const radius = RADIUS * (0.12 + (0.88 * level) / FULL);
    return [CENTRE + radius * Math.cos(angle), CENTRE + radius * Math.sin(angle)];
  };
  const outline = (level: (index: number) => number): string =>
    axes
      .map((_, index) =>
        place(index, level(index))
          .map((at) => at.toFixed(1))
          .join(','),
      )
      .join(' ');
  return (
    <svg
      role="img"
      aria-label={label}
      data-testid="radar"
      viewBox={`${-SIDE} 0 ${SIZE + 2 * SIDE} ${SIZE}`}
      className="mx-auto block w-full max-w-96"
    >
      {[0, 1, 2].map((level) => (
        <polygon key={level} points={outline(() => level)} fill="none" className="stroke-line" />
      ))}
      {axes.map((axis, index) => {
        const [x, y] = place(index, FULL);
        return (
          <line key={axis.name} x1={CENTRE} y1={CENTRE} x2={x} y2={y} className="stroke-line" />
        );
      })}
      {shapes.map(({ key, colour, values, dashed = false }) => (
        <polygon
          key={key}
          points={outline((index) => values[index] ?? 0)}
          strokeWidth={2}
          fillOpacity={dashed ? 0 : 0.18}
          {...(dashed ? { strokeDasharray: '4 4' } : {})}
          style={{ stroke: colour, fill: colour }}
        />
      ))}
      {axes.map((axis, index) => {
        const [x, y] = place(index, 2.42);
        const anchor = x < CENTRE - 8 ? 'end' : x > CENTRE + 8 ? 'start' : 'middle';
        return (
          <text
            key={axis.name}
            x={x}
            y={y + 4}
            textAnchor={anchor}
            fontSize={11}
            className="fill-ink-2"
          >
            {axis.short}
          </text>
        );
      })}
    </svg>
  );
}

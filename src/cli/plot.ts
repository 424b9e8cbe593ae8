/** One curve of a plot: what marks it and its points by ascending x. */
export interface Curve {
  mark: string;
  points: ReadonlyArray<{ x: number; y: number }>;
}

export interface PlotFrame {
  columns: number;
  rows: number;
  /** Written above the plot. */
  title: string;
  /** Written after the largest x. */
  xUnit: string;
  yUnit: string;
}

/**
 * Curves as characters: each mark at its place, `*` where curves meet. Both axes start at 0. Pure.
 */
export function plot(curves: readonly Curve[], frame: PlotFrame): string[] {
  const all = curves.flatMap(({ points }) => points);
  const maxX = Math.max(1e-9, ...all.map(({ x }) => x));
  const maxY = Math.max(1e-9, ...all.map(({ y }) => y));
  const grid = Array.from({ length: frame.rows }, () =>
    Array.from({ length: frame.columns }, () => ' '),
  );
  for (const { mark, points } of curves) {
    for (const { x, y } of points) {
      const column = Math.min(frame.columns - 1, Math.floor((x / maxX) * frame.columns));
      const fromTop =
        frame.rows - 1 - Math.min(frame.rows - 1, Math.floor((y / maxY) * frame.rows));
      const row = grid[fromTop];
      if (row !== undefined) row[column] = row[column] === ' ' || row[column] === mark ? mark : '*';
    }
  }
  const labels = grid.map((_, i) => (i === 0 ? `${number(maxY)} ${frame.yUnit}` : ''));
  const width = Math.max(...labels.map((label) => label.length));
  const lines = grid.map((row, i) =>
    `  ${(labels[i] ?? '').padStart(width)} |${row.join('')}`.trimEnd(),
  );
  const right = `${number(maxX)} ${frame.xUnit}`;
  return [
    `  ${frame.title}`,
    ...lines,
    `  ${'0'.padStart(width)} +${'-'.repeat(frame.columns)}`,
    `  ${' '.repeat(width)} 0${right.padStart(frame.columns)}`,
  ];
}

const number = (value: number): string => String(Number(value.toPrecision(3)));
